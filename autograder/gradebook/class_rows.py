"""
What the instructor's pages are told: frozen rows, one record a page. Plain data: no SQL, no words, no rounding.

A value is None where it cannot be told: nobody is counted, too few learners for a statistic, nothing happened yet.
Names of units, exercises and checks are those of the course; their titles are read from the unit itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from autograder.gradebook.class_numbers import SCORE_BINS as SCORE_BINS  # of five per cent each
from autograder.gradebook.queries import RunView, UnitStanding

SMALLEST_CLASS = 5  # below it a statistic would tell about single learners
ENOUGH_FOR_ITEMS = 30  # below it the analysis of checks is flagged "too few"
PAGE_SIZE = 50

RISKS: Mapping[str, str] = {  # rule -> its sentence about a learner; the braces name fields of RiskRule
    "nothing": "has handed in nothing, while at least half of the class has",
    "quiet": "has handed in nothing for {quiet_days} days before the class's latest submission",
    "stuck": "has tried a unit {stuck_attempts} times or more and has not passed it",
    "behind": "has passed at least {behind_units} units fewer than the middle learner, who passed {middle_passed}",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """Where a list stands: the caller links to the neighbours."""

    number: int  # from 1, within the list
    size: int
    total: int  # rows in all pages

    @property
    def pages(self) -> int:
        """How many pages there are; one if the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first row on this page, from 1; 0 if the list is empty."""
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """Number of the last row on this page."""
        return min(self.total, self.number * self.size)


@dataclass(frozen=True, kw_only=True)
class UnitCounts:
    """How a class stands in one unit."""

    unit: str
    learners: int  # who handed anything in
    graded: int  # whose latest attempt was graded
    refused: int  # whose latest attempt could not be read
    faults: int  # quarantined: whose latest attempt met a fault of ours
    passed: int  # who ever passed
    attempts: int
    waiting: int  # handed in, nobody looked at it yet
    regrade_due: int  # marked by an instructor, or graded by older tests
    pass_share: float | None  # passed of learners; None below SMALLEST_CLASS
    mean_share: float | None  # of the points, over graded learners; None below SMALLEST_CLASS


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """Submissions of one day, by UTC."""

    day: date
    submissions: int


@dataclass(frozen=True, kw_only=True)
class Attention:
    """One thing that an instructor must look at."""

    kind: str  # waiting, fault, refused, regrade or interrupted
    unit: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RunState:
    """A run as it is now, judged by its lease and its process."""

    run: RunView
    phase: str  # starting, running, cancelling, interrupted, done, cancelled, stopped, abandoned
    looked_at: int  # submissions that are done with, whatever came of them
    seconds: float  # since its start, or from start to end
    seconds_left: float | None  # None if it does not go on or nothing was done yet

    @property
    def going_on(self) -> bool:
        """Whether a process works on it now."""
        return self.phase in {"starting", "running", "cancelling"}


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The first page."""

    learners: int  # on the roster, or ever handed something in
    active: int  # ever handed something in
    at_risk: int
    units: tuple[UnitCounts, ...]  # in the course's order, all units of course.toml
    days: tuple[DayCount, ...]  # the last 60 days up to the latest submission, empty days included
    attention: tuple[Attention, ...]  # only counts above zero
    waiting: int  # the queue
    queue_seen_at: datetime | None  # when somebody last looked into the folder of submissions
    running: tuple[RunState, ...]  # runs that go on or were interrupted


@dataclass(frozen=True, kw_only=True)
class CheckStatistics:
    """How the class did on one check, by each learner's latest graded attempt under the current tests."""

    check: str
    exercise: str
    points: float
    learners: int
    not_passed: int  # earned less than all points
    not_attempted: int
    difficulty: float  # p: mean share of its points that was earned
    correlation: float | None  # r: with the rest of the unit's points; None if either does not vary
    flags: tuple[str, ...]  # of "too hard" (p < .3), "too easy" (p > .95), "does not separate" (r < .2), "too few"


@dataclass(frozen=True, kw_only=True)
class MisconceptionCount:
    """A known wrong idea and how many learners show it."""

    misconception: str
    exercise: str
    learners: int
    check: str = ""  # with the cluster of the most frequent message that tells it, where one is known
    cluster: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageCluster:
    """Learners who read the same message but for numbers and quoted text."""

    check: str
    cluster: str  # short name for links
    outcome: str
    message: str  # masked
    misconception: str | None
    learners: int
    sample_attempt: int


@dataclass(frozen=True, kw_only=True)
class UnitStatistics:
    """The page of one unit. Below SMALLEST_CLASS graded learners the lists are empty and `hidden` is True."""

    counts: UnitCounts
    hidden: bool
    analysed: int  # learners whose latest graded attempt used the current tests
    older_tests: int  # whose attempt used older ones
    histogram: tuple[int, ...]  # learners by share of points, SCORE_BINS bins
    checks: tuple[CheckStatistics, ...]  # most often failed first
    misconceptions: tuple[MisconceptionCount, ...]  # most frequent first
    clusters: tuple[MessageCluster, ...]  # over all checks, the 20 largest


@dataclass(frozen=True, kw_only=True)
class AffectedLearner:
    """A learner who did not pass a check."""

    learner: str
    name: str  # first and last name; the learner's id if unknown
    attempt: int
    outcome: str
    earned: float
    message: str  # as the learner read it


@dataclass(frozen=True, kw_only=True)
class CheckPage:
    """The page of one check; `hidden` below SMALLEST_CLASS, then without statistics and clusters."""

    unit: str
    check: str
    hidden: bool
    statistics: CheckStatistics | None
    clusters: tuple[MessageCluster, ...]  # the 50 largest
    cluster: str  # the one whose learners are listed; empty: all who did not pass
    affected: tuple[AffectedLearner, ...]
    page: Page


@dataclass(frozen=True, kw_only=True)
class LearnerRow:
    """One learner in the list."""

    learner: str
    first_name: str
    last_name: str
    email: str
    handed_in: int  # units
    passed: int  # units
    attempts: int
    score: float  # sum over units, before late penalty
    max_score: float  # of the units handed in
    last_submitted_at: datetime | None
    risks: tuple[str, ...]  # keys of RISKS that hold; empty: not at risk
    contact: str  # pending, contacted, resolved; empty: nobody cared yet

    @property
    def name(self) -> str:
        """First and last name; the id if nobody told them."""
        return f"{self.first_name} {self.last_name}".strip() or self.learner


@dataclass(frozen=True, kw_only=True)
class RiskRule:
    """The rule as it holds for this class today, to be told in words."""

    quiet_days: int  # no hand-in within so many days before the class's latest one
    quiet_since: datetime | None  # the moment that this makes
    stuck_attempts: int  # so many attempts at a unit without a pass
    behind_units: int  # so many units fewer passed than the middle learner
    middle_passed: int  # what the middle learner has passed


@dataclass(frozen=True, kw_only=True)
class LearnersPage:
    """A page of the list of learners."""

    rows: tuple[LearnerRow, ...]
    page: Page
    rule: RiskRule
    at_risk: int  # in all, whatever is searched
    contacts: Mapping[str, int]  # state -> learners at any page


@dataclass(frozen=True, kw_only=True)
class AttemptLine:
    """One attempt in a list, without its checks."""

    id: int
    number: int  # 1 for the learner's first at the unit, by the moment of handing in
    grading: int  # of this submission: 1, and more for each regrade
    unit: str
    submitted_at: datetime
    graded_at: datetime
    state: str  # graded, refused or fault
    reason: str
    final_score: float
    max_score: float
    passed: bool
    late_seconds: float
    late_penalty: float
    answered_from: int | None
    run: int | None


@dataclass(frozen=True, kw_only=True)
class ContactState:
    """How far an instructor's contact with a learner has come."""

    state: str
    actor: str
    changed_at: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class AwardRow:
    """A badge that became due to somebody."""

    learner: str
    name: str
    achievement: str
    version: str
    earned_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """Who changed what, and why."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class LearnerPage:
    """The page of one learner."""

    row: LearnerRow
    rule: RiskRule
    units: tuple[UnitStanding, ...]  # only units with an attempt
    attempts: tuple[AttemptLine, ...]  # the newest first, at most 200
    contact: ContactState | None
    awards: tuple[AwardRow, ...]
    audit: tuple[AuditRow, ...]  # about this learner, the newest first, at most 50
    regrade_due: tuple[str, ...]  # units
