"""The frozen records that travel between the stages. Plain data: no I/O, no clock, no notebook library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

PASS_SHARE = 0.8  # of a unit's points; an instructor may set another in course.toml


class Outcome(StrEnum):
    """What became of one check. Only PASSED and PARTIAL earn points; silence is never success."""

    PASSED = "passed"
    PARTIAL = "partial"  # the test cell ended in a number of points
    WRONG = "wrong"  # an assertion of the test did not hold
    ERROR = "error"  # the answer raised something else
    NOT_ATTEMPTED = "not attempted"  # the answer cell is as it was released
    NOT_RUN = "not run"  # no evidence at all
    TIME = "time"  # over the time limit
    MEMORY = "memory"  # over the memory limit
    OUTPUT = "output"  # printed more than the limit
    KILLED = "killed"  # the process died
    PLATFORM_FAULT = "platform fault"  # ours, not the learner's: retried, never costs points


@dataclass(frozen=True, kw_only=True)
class Check:
    """One graded test cell; `name` is its nbgrader grade_id, unique in the unit."""

    name: str
    exercise: str
    title: str  # a question: "are labels used only once they exist?"
    points: float
    visible: bool  # the released cell holds asserts of its own


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One task: a statement, one or more answer cells, and their checks in ladder order."""

    name: str
    title: str
    minutes: int
    answers: tuple[str, ...]  # grade_ids of the answer cells
    checks: tuple[Check, ...]

    @property
    def points(self) -> float:
        """All points that the exercise can earn."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """A known wrong idea, recognised by name; the texts speak to a learner."""

    name: str
    exercise: str
    title: str  # "The batch was learned before it was scored"
    next_step: str  # one thing to do now


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of the course, as the build and the grader know it."""

    name: str  # "01_training": folder, nbgrader assignment
    title: str
    question: str  # what the unit answers
    minutes: int  # lesson and exercises together
    exercises: tuple[Exercise, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    suite_digest: str = ""  # SHA-256 over all trusted cells of the assignment

    @property
    def number(self) -> str:
        """The two digits in front of the name."""
        return self.name.split("_", 1)[0]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check in notebook order."""
        return tuple(check for exercise in self.exercises for check in exercise.checks)

    @property
    def points(self) -> float:
        """All points that the unit can earn."""
        return sum(exercise.points for exercise in self.exercises)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one learner handed in for one unit, byte for byte."""

    learner: str
    unit: str
    notebook: bytes
    sha256: str  # of `notebook`, hex
    submitted_at: datetime  # aware, UTC; what counts for lateness
    received_at: datetime  # aware, UTC; when intake read it


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer cell after the rebuild."""

    name: str  # grade_id
    source: str
    attempted: bool  # differs from the released stub


@dataclass(frozen=True, kw_only=True)
class CellRun:
    """What was observed while one trusted or learner's cell ran."""

    name: str  # grade_id
    ran: bool = True
    value: float | None = None  # partial credit that the cell ended in
    error_name: str | None = None
    error_message: str = ""
    error_cell: str | None = None  # the learner's cell in which the error arose; None if it arose in the test itself
    error_line: int | None = None  # line of that cell, from 1
    hidden: bool | None = None  # a check stopped in its hidden part; None where nobody could tell
    stderr: bool = False  # wrote to stderr: nbgrader counts that as failed
    limit: Outcome | None = None  # TIME, MEMORY, OUTPUT, KILLED or PLATFORM_FAULT when one ended the cell
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The verdict on one check, as it is shown and stored."""

    check: str
    exercise: str
    outcome: Outcome
    earned: float
    points: float
    message: str = ""  # speaks to the learner; never hidden source or inputs
    masked_message: str = ""  # numbers and quoted text masked, for clustering
    misconception: str | None = None
    next_step: str = ""
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Grade:
    """All that one grading of one submission found."""

    submission: Submission
    results: tuple[CheckResult, ...]
    answers: tuple[Answer, ...] = ()
    repairs: tuple[str, ...] = ()  # what the rebuild had to restore, told to the learner
    autograded: bytes = b""  # the notebook that ran, sanitised, with outputs
    suite_digest: str = ""
    grader_version: str = ""
    mode: str = ""  # "nbgrader" or the sandbox mode
    graded_at: datetime | None = None
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0

    @property
    def earned(self) -> float:
        """Points earned before any late penalty."""
        return sum(result.earned for result in self.results)

    @property
    def points(self) -> float:
        """Points that could be earned."""
        return sum(result.points for result in self.results)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A submission that could not be graded: one red row with a reason, never a stopped batch."""

    learner: str
    unit: str
    reason: str  # what, where, what to do
    received_at: datetime
    sha256: str = ""
    notebook: bytes = field(default=b"", repr=False)
    fault: bool = False  # the platform's fault, not the learner's: retried
    submitted_at: datetime | None = None  # aware; None where nothing tells it, and then `received_at` counts


@dataclass(frozen=True, kw_only=True)
class Award:
    """A badge that became due: every required unit was passed."""

    learner: str
    achievement: str
    version: str  # of the achievement: changes with the required units
    earned_at: datetime
