"""
Where the learner stands: each unit's state in one word, the points, the last feedback, and the one next step.

`state_of` and `next_step` are pure. `read_status` reads files, the gradebook and the local progress; nothing here
writes, and nothing here decides a grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from autograder.authoring.units import load_unit
from autograder.gradebook.queries import AttemptView, Queries, UnitStanding
from autograder.learner import workcopy
from autograder.model import Outcome, Unit
from autograder.settings import Settings, UnitSetting
from exercises.errors import ProgressError
from exercises.progress import CheckAttempt, Progress

STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"  # nbgrader's
_loaded: dict[tuple[tuple[Path, int], ...], Unit] = {}
PROGRESS = "progress.sqlite"  # written by `exercises`, in the hidden folder of the working copies


class State(StrEnum):
    """What the learner has done with a unit; the words are shown."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    SUBMITTED = "submitted"
    PASSED = "passed"


@dataclass(frozen=True, kw_only=True)
class UnitStatus:
    """All that is known about one learner and one unit."""

    unit: Unit
    required: bool = True  # for the badge
    has_lesson: bool = True
    lesson_touched: bool = False  # saved since it was handed out, or a question of it answered
    exercises_touched: bool = False
    saved_at: datetime | None = None  # last save of the exercises, aware
    answers_changed: bool = False  # an answer is another than when it was last handed in
    visible_passed: frozenset[str] = frozenset()  # checks of the notebook whose last run passed
    last: AttemptView | None = None  # the latest attempt that was graded
    earned: float = 0.0  # of that attempt, overrides in, before any late penalty
    passed: bool = False  # once passed stays passed
    handed_in_at: datetime | None = None  # the latest hand-in, graded or not
    refused: str = ""  # why the latest attempt was not graded

    @property
    def has_exercises(self) -> bool:
        """False for a unit that is only read."""
        return bool(self.unit.exercises)

    @property
    def state(self) -> State:
        """The unit's state in one word."""
        if self.passed:
            return State.PASSED
        if self.last is not None or self.handed_in_at is not None:
            return State.SUBMITTED
        touched = self.lesson_touched or self.exercises_touched or bool(self.visible_passed)
        return State.IN_PROGRESS if touched else State.NOT_STARTED

    @property
    def visible(self) -> frozenset[str]:
        """Checks that show asserts in the notebook."""
        return frozenset(check.name for check in self.unit.checks if check.visible)

    @property
    def waiting(self) -> bool:
        """Something was handed in and nobody has looked at it yet."""
        graded_at = self.last.submitted_at if self.last else None
        if self.handed_in_at is None or self.refused:
            return False
        return graded_at is None or self.handed_in_at > graded_at


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The one thing to do now."""

    kind: Literal["lesson", "exercises", "submit", "improve", "wait", "done"]
    unit: str = ""
    text: str = ""  # why, in one sentence


@dataclass(frozen=True, kw_only=True)
class CourseStatus:
    """The learner's place in the whole course."""

    learner: str
    units: tuple[UnitStatus, ...]
    notices: tuple[str, ...] = ()  # newer notebooks that were not copied over the learner's

    @property
    def next_step(self) -> NextStep:
        """The one thing to do now."""
        return next_step(self.units)

    @property
    def required_passed(self) -> int:
        """Units passed that count for the badge."""
        return sum(status.passed for status in self.units if status.required)

    @property
    def required(self) -> int:
        """Units that count for the badge."""
        return sum(status.required for status in self.units)


def next_step(units: Sequence[UnitStatus]) -> NextStep:
    """Choose the first unit with something left to do, and the thing to do there; a lesson that was skipped is not."""
    for place, status in enumerate(units):
        skipped = not status.has_exercises and any(later.state is not State.NOT_STARTED for later in units[place + 1 :])
        step = None if skipped else _unit_step(status)
        if step is not None:
            return step
    if any(status.waiting and not status.passed for status in units):
        return NextStep(kind="wait", text="All is handed in. Your instructor grades it.")
    return NextStep(kind="done", text="Every unit with exercises is passed. Come back to any lesson whenever you like.")


def _unit_step(status: UnitStatus) -> NextStep | None:
    name = status.unit.name
    if status.passed or (not status.has_exercises and status.state is not State.NOT_STARTED):
        return None
    if status.state is State.NOT_STARTED and status.has_lesson:
        return NextStep(kind="lesson", unit=name, text=f"It asks: {status.unit.question}")
    ready = status.exercises_touched and bool(status.visible) and status.visible <= status.visible_passed
    if ready and status.answers_changed:
        return NextStep(kind="submit", unit=name, text="You have changed your answers since the last submission.")
    if status.waiting:
        return None  # an instructor's turn; go on with the next unit
    if status.refused:
        return NextStep(kind="improve", unit=name, text="The last submission could not be graded; the page says why.")
    if status.last is None:
        if ready:
            return NextStep(
                kind="submit", unit=name, text="Every visible check has passed. Hand it in and see the rest."
            )
        verb = "Go on with" if status.exercises_touched else "The lesson is open; now build its parts in"
        return NextStep(kind="exercises", unit=name, text=f"{verb} the exercises.")
    missing = sum(result.outcome is not Outcome.PASSED for result in status.last.results)
    noun = "check is" if missing == 1 else "checks are"
    return NextStep(
        kind="improve", unit=name, text=f"{missing} {noun} not there yet. The feedback says what to look at."
    )


def read_status(settings: Settings) -> CourseStatus:
    """Read the learner's place from the working copies, the local progress and the gradebook."""
    notices = workcopy.notices(settings)
    progress = Progress(settings.work / workcopy.STATE_FOLDER / PROGRESS)
    try:
        attempts, quizzes = progress.attempts(), progress.quiz_answers()
    except ProgressError as error:
        attempts, quizzes = (), ()
        notices.append(str(error))
    answered = {answer.unit for answer in quizzes}
    with Queries(settings) as queries:
        units = tuple(
            _read_unit(settings, setting, queries, passing(attempts, setting.name), setting.name in answered)
            for setting in settings.units
            if workcopy.is_built(settings, setting.name)
        )
    return CourseStatus(learner=settings.learner, units=units, notices=tuple(notices))


def passing(attempts: Sequence[CheckAttempt], unit: str) -> frozenset[str]:
    """Name the checks of a unit whose last run passed; *attempts* stand in the order of writing."""
    latest = {attempt.check: attempt.outcome for attempt in attempts if attempt.unit == unit}
    return frozenset(check for check, outcome in latest.items() if outcome == "passed")


def _read_unit(
    settings: Settings, setting: UnitSetting, queries: Queries, visible_passed: frozenset[str], answered: bool
) -> UnitStatus:
    name, learner = setting.name, settings.learner
    assignment = settings.work / name / workcopy.ASSIGNMENT
    standing = next((row for row in queries.learner_units(learner) if row.unit == name), None)
    return UnitStatus(
        unit=_load_unit(settings, name),
        required=setting.required,
        has_lesson=(settings.notebooks / f"{name}.ipynb").is_file(),
        lesson_touched=answered or workcopy.is_touched(settings, name, workcopy.LESSON),
        exercises_touched=workcopy.is_touched(settings, name, workcopy.ASSIGNMENT),
        saved_at=datetime.fromtimestamp(assignment.stat().st_mtime, UTC) if assignment.exists() else None,
        answers_changed=_answers_changed(assignment, settings.submitted / learner / name / workcopy.ASSIGNMENT),
        visible_passed=visible_passed,
        last=queries.latest_graded(learner, name) if standing else None,
        earned=standing.score if standing else 0.0,
        passed=standing is not None and standing.passed,
        handed_in_at=_handed_in_at(settings, name, standing),
        refused=_refusal(queries, learner, name) if standing and standing.state != "graded" else "",
    )


def _load_unit(settings: Settings, name: str) -> Unit:
    """Load a unit once for each state of its files: the course page asks for all of them again and again."""
    files = (settings.notebooks / f"{name}.ipynb", settings.source / name / workcopy.ASSIGNMENT)
    state = tuple((path, path.stat().st_mtime_ns) for path in files if path.is_file())
    if state not in _loaded:
        _loaded[state] = load_unit(settings, name)
    return _loaded[state]


def _handed_in_at(settings: Settings, name: str, standing: UnitStanding | None) -> datetime | None:
    """Read the time stamp that nbgrader's layout keeps beside a submission; later than the row's if not graded yet."""
    known = standing.submitted_at if standing else None
    try:
        text = (settings.submitted / settings.learner / name / "timestamp.txt").read_text(encoding="utf-8").strip()
        stamp = datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return known  # an odd stamp is the grader's matter, not this page's
    return stamp if known is None else max(stamp, known)


def _answers_changed(own: Path, handed_in: Path) -> bool:
    """Compare answer cells only: outputs change whenever a notebook is saved."""
    before, now = workcopy.answers(handed_in), workcopy.answers(own)
    return bool(before) and bool(now) and before != now


def _refusal(queries: Queries, learner: str, name: str) -> str:
    latest = queries.latest_attempt(learner, name)
    return latest.reason if latest is not None and latest.state != "graded" else ""


def status_lines(status: CourseStatus) -> list[str]:
    """Tell the same in plain lines, for a terminal."""
    lines = []
    for unit in status.units:
        latest = ", last submission" if unit.passed else ","
        points = f"{latest} {unit.earned:g} of {unit.unit.points:g} points" if unit.has_exercises else ", lesson only"
        lines.append(f"{unit.unit.number}  {unit.unit.title}: {unit.state}{points}")
    lines.append(f"Next: {step_label(status.next_step, status.units)}. {status.next_step.text}")
    return lines + list(status.notices)


def step_label(step: NextStep, units: Sequence[UnitStatus]) -> str:
    """Name the next step as a button does, a verb first; with the unit's name if it is among *units*."""
    titles = {status.unit.name: f"{status.unit.number} {status.unit.title}" for status in units}
    words = {
        "lesson": "Open the lesson",
        "exercises": "Open the exercises",
        "submit": "Submit the exercises",
        "improve": "Read the feedback",
        "wait": "Look back",
        "done": "Look back",
    }
    return words[step.kind] + (f" of {titles[step.unit]}" if step.unit in titles else "")
