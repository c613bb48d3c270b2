"""
What the instructor's pages are told of single pieces of work: submissions, marks, runs, awards, the audit log.

Records alone; decides nothing and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.gradebook.class_numbers import SCORE_BINS as SCORE_BINS  # of five per cent each
from autograder.gradebook.class_rows import AttemptLine, AuditRow, AwardRow, Page, RunState
from autograder.gradebook.queries import AttemptView


@dataclass(frozen=True, kw_only=True)
class SubmissionRow:
    """Where one learner stands in one unit, in the list of submissions."""

    learner: str
    name: str
    unit: str
    attempts: int
    state: str  # of the latest attempt
    reason: str  # why it was not graded
    score: float
    max_score: float
    late_penalty: float
    submitted_at: datetime
    passed: bool
    latest_attempt: int
    regrade_due: bool


@dataclass(frozen=True, kw_only=True)
class SubmissionsPage:
    """A page of the list of submissions."""

    rows: tuple[SubmissionRow, ...]
    page: Page


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that was handed in and that nobody has looked at."""

    learner: str
    name: str
    unit: str
    handed_in_at: datetime


@dataclass(frozen=True, kw_only=True)
class Override:
    """Points that a person gave to a check."""

    check: str
    automatic: float | None  # what the tests gave
    manual: float | None
    extra_credit: float | None


@dataclass(frozen=True, kw_only=True)
class SubmissionPage:
    """The page of one attempt; the notebook itself is `autograded(attempt)`."""

    attempt: AttemptView
    number: int  # 1 for the learner's first at the unit, by the moment of handing in
    name: str
    counts: bool  # it is the one in nbgrader's rows: the latest graded one
    passed_unit: bool  # the learner ever passed the unit
    overrides: Mapping[str, Override]  # check -> what people gave; only if `counts`
    regrade: RegradeMark | None
    older: int | None  # neighbours among the learner's attempts at the unit
    newer: int | None
    history: tuple[AttemptLine, ...]  # all attempts of the learner at the unit, the newest first, at most 200
    twins: tuple[str, ...]  # other learners who handed in the same bytes, at most 10
    current_tests: bool  # graded by the tests of today
    audit: tuple[AuditRow, ...]


@dataclass(frozen=True, kw_only=True)
class RegradeMark:
    """An instructor wants a submission graded again; the next run does it."""

    learner: str
    unit: str
    actor: str
    marked_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class RunProblem:
    """A submission that a run could not grade."""

    learner: str
    name: str
    attempt: int
    state: str  # refused, or fault: quarantined
    reason: str
    resolved: bool  # a later attempt of the learner at the unit was graded
    before: bool  # an earlier run refused it; this one found it unchanged and left it as it was


@dataclass(frozen=True, kw_only=True)
class RunPage:
    """The page of one run."""

    state: RunState
    problems: tuple[RunProblem, ...]
    page: Page


@dataclass(frozen=True, kw_only=True)
class RunsPage:
    """All runs, the newest first, and what is in quarantine now."""

    runs: tuple[RunState, ...]
    page: Page
    quarantine: tuple[SubmissionRow, ...]  # at most 50
    quarantined: int


@dataclass(frozen=True, kw_only=True)
class AwardsPage:
    """A page of badges, and who has earned one that was not recorded yet."""

    rows: tuple[AwardRow, ...]
    page: Page
    due: tuple[tuple[str, str], ...]  # (learner, name), at most 50
    due_count: int


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """A page of the audit log, the newest first."""

    rows: tuple[AuditRow, ...]
    page: Page
    actions: tuple[str, ...]  # that occur, for a filter
