"""What the templates are given: frozen records of words, addresses and shares. No logic but the addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote


@dataclass(frozen=True, kw_only=True)
class Places:
    """The addresses of all pages, below the server's base address."""

    base: str = "/"

    @property
    def course(self) -> str:
        """The course page."""
        return f"{self.base}course"

    @property
    def profile(self) -> str:
        """The learner's badge."""
        return f"{self.base}course/profile"

    @property
    def lab(self) -> str:
        """JupyterLab."""
        return f"{self.base}lab"

    def unit(self, name: str) -> str:
        """A unit's own page."""
        return f"{self.base}course/units/{quote(name)}"

    def submit(self, name: str) -> str:
        """Where the submit button posts to."""
        return f"{self.unit(name)}/submit"

    def notebook(self, name: str, file: str) -> str:
        """A working copy, open in JupyterLab."""
        return f"{self.base}lab/tree/{quote(name)}/{quote(file)}"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A share of the points, drawn and told."""

    share: float  # 0 to 1
    goal: float  # share that passes
    label: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """One button: a link, or a form that posts."""

    label: str
    href: str
    post: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """One check of the last submission."""

    style: str
    verdict: str
    question: str
    points: str
    message: str = ""
    misconception: str = ""
    next_step: str = ""


@dataclass(frozen=True, kw_only=True)
class ExerciseRow:
    """One exercise, with the checks of the last submission if there is one."""

    title: str
    minutes: int
    points: str
    checks: tuple[CheckRow, ...] = ()
    passed: int = 0


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """The last submission, told to the learner."""

    when: datetime
    receipt: str  # start of the SHA-256
    headline: str
    style: str
    repairs: tuple[str, ...]
    penalty: str = ""  # for lateness, in words


@dataclass(frozen=True, kw_only=True)
class UnitCard:
    """One unit as both pages show it."""

    name: str
    number: str
    title: str
    question: str
    minutes: int
    state: str
    style: str
    badge: str  # whether it counts for the badge, in words
    href: str
    lesson: str = ""  # address, empty if there is none
    exercises: str = ""
    submit: str = ""
    begun: bool = False  # there is something to submit
    bar: Bar | None = None
    points: str = ""
    summary: str = ""  # the last submission in a sentence
    graded: bool = False  # there is feedback to read


@dataclass(frozen=True, kw_only=True)
class OverviewPage:
    """The course page."""

    step_title: str
    step_text: str
    action: Action
    units: tuple[UnitCard, ...]
    total: str
    total_bar: Bar | None
    notices: tuple[str, ...]
    pass_percent: int


@dataclass(frozen=True, kw_only=True)
class UnitPage:
    """A unit's own page."""

    card: UnitCard
    exercises: tuple[ExerciseRow, ...]
    feedback: Feedback | None
    waiting: bool  # handed in, not graded yet
    saved_at: datetime | None
    changed: bool  # answers were changed since the last submission
    problem: str
    submitted: bool
    action: Action  # the one thing to do here
    pass_points: str
    hands_in: bool  # a class: an instructor grades later
