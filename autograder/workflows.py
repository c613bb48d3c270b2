"""Join the stages: release, check, submit, grade, feedback. What a workflow decides stands in a stage."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode

from autograder.authoring.files import write_atomically
from autograder.authoring.release import release_notebook, release_to
from autograder.authoring.units import load_exercises, load_source, load_unit
from autograder.classroom import background, exchange, waiting
from autograder.classroom.grade_class import ClassReport, grade_class
from autograder.classroom.roster import read_roster
from autograder.errors import CourseError, GraderError
from autograder.gradebook import upgrade
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.class_rows import LearnerRow
from autograder.gradebook.desk import Desk, Person
from autograder.gradebook.queries import AttemptView, Queries
from autograder.gradebook.writer import Writer
from autograder.judge.feedback import feedback_page
from autograder.judge.grading import grade
from autograder.judge.pool import Pool, Standing
from autograder.learner.workcopy import read_copy
from autograder.model import CheckResult, Submission, Unit
from autograder.settings import ASSIGNMENT_FILE, TIMESTAMP_FILE, Settings


@dataclass(frozen=True, kw_only=True)
class Material:
    """What the grading of a unit needs: the unit, its trusted notebook, and the notebook that was handed out."""

    unit: Unit
    source: NotebookNode
    released: NotebookNode


@dataclass(frozen=True, kw_only=True)
class SubmitOutcome:
    """The receipt of a submission and, in self-study, what its grading found."""

    unit: Unit
    learner: str
    submitted_at: datetime
    sha256: str
    state: Literal["graded", "handed in", "refused"]
    reason: str = ""
    attempt: AttemptView | None = None
    badge: str = ""  # what to say about a badge that this submission earned

    def to_json(self) -> dict[str, Any]:
        """Plain data for `course submit --json`, which `submit()` in a notebook reads."""
        attempt = self.attempt
        return {
            "receipt": {
                "unit": self.unit.name,
                "learner": self.learner,
                "submitted_at": self.submitted_at.isoformat(),
                "sha256": self.sha256,
            },
            "state": self.state,
            "reason": self.reason,
            "earned": attempt.score if attempt else 0.0,
            "points": attempt.max_score if attempt else self.unit.points,
            "passed": bool(attempt and attempt.passed),
            "checks": [_check_json(self.unit, result) for result in attempt.results] if attempt else [],
            "repairs": list(attempt.repairs) if attempt else [],
            "badge": self.badge,
        }


def _check_json(unit: Unit, result: CheckResult) -> dict[str, Any]:
    titles = {check.name: check.title for check in unit.checks}
    misconceptions = {known.name: known.title for known in unit.misconceptions}
    return {
        "check": result.check,
        "exercise": result.exercise,
        "title": titles.get(result.check, result.check),
        "outcome": result.outcome.value,
        "earned": result.earned,
        "points": result.points,
        "message": result.message,
        "misconception": misconceptions.get(result.misconception or "", result.misconception),
        "next_step": result.next_step,
    }


def load_material(settings: Settings, name: str) -> Material:
    """
    Load what grading a unit needs.

    Raises:
        CourseError: If the unit has no exercises, or its source was not built.
    """
    unit = load_exercises(settings, name)
    source = load_source(settings, name)
    return Material(unit=unit, source=source, released=release_notebook(source))


def release(settings: Settings, names: Sequence[str]) -> list[Path]:
    """
    Write the released notebooks of *names* to var/release.

    Raises:
        CourseError: If one of them has nothing to release; then none is written.
    """
    for name in names:
        if not load_unit(settings, name).exercises:
            raise CourseError(f"{name}: has a lesson only, so there is nothing to release")
    return [release_to(settings, name) for name in names]


def submit(
    settings: Settings, unit: str, *, clock: Callable[[], datetime] | None = None, pool: Pool | None = None
) -> SubmitOutcome:
    """
    Hand in the learner's working copy of a unit; in self-study grade it at once.

    Raises:
        SubmissionError: If there is no working copy, or it cannot be read.
        CourseError: If the unit has nothing to submit.
    """
    material = load_material(settings, unit)
    now = (clock or _utc_now)()
    submission = read_copy(settings, unit, now)
    reason, attempt, badge = "", None, ""
    state: Literal["graded", "handed in", "refused"] = "handed in"
    if settings.mode == "self-study":
        store(settings, submission)
        grade_material(settings, material, learners=[settings.learner], pool=pool)
        with Queries(settings) as queries:
            attempt = queries.latest_attempt(settings.learner, unit)
        if attempt is None or attempt.state != "graded":
            state, reason = "refused", attempt.reason if attempt else "the grader left no record; run `course doctor`"
        else:
            state = "graded"
            badge = award(settings, settings.learner) if attempt.passed else ""
    elif settings.exchange:
        exchange.hand_in(settings, submission)
        reason = f"Handed in through the exchange {settings.exchange}; your instructor grades it."
    else:
        reason = f"Handed in to {store(settings, submission)}; your instructor grades it."
    return SubmitOutcome(
        unit=material.unit,
        learner=settings.learner,
        submitted_at=now,
        sha256=submission.sha256,
        state=state,
        reason=reason,
        attempt=attempt if state == "graded" else None,
        badge=badge,
    )


def award(settings: Settings, learner: str) -> str:
    """
    Issue the badge that a learner has just earned. Whatever goes wrong is told, never raised: the grade stands.

    Returns:
        What to tell the learner; nothing if no badge is due.
    """
    if not any(unit.required for unit in settings.units):
        return ""
    from autograder.badge.issuing import issue_due  # its cryptography is loaded for a badge only
    from autograder.badge.view import profile_view

    try:
        report = issue_due(settings, actor=learner, learners=[learner])
        if report.issued:
            return profile_view(settings, learner).message
    except GraderError as error:
        return f"The badge could not be issued: {error}"
    return "".join(f"The badge waits: {each.reason}" for each in report.stopped)


def store(settings: Settings, submission: Submission) -> Path:
    """Write a submission in nbgrader's layout, notebook first, so that a half-written one has no time stamp."""
    folder = settings.submitted / submission.learner / submission.unit
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / ASSIGNMENT_FILE, submission.notebook)
    stamp = submission.submitted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    write_atomically(folder / TIMESTAMP_FILE, stamp)
    return folder


def grade_unit(
    settings: Settings,
    unit: str,
    *,
    learners: Sequence[str] | None = None,
    force: bool = False,
    jobs: int | None = None,
    actor: str = "",
    planned: int | None = None,
    progress: Callable[..., None] | None = None,
    pool: Pool | None = None,
) -> ClassReport:
    """Grade what was submitted for a unit, each submission wholly or not at all."""
    material = load_material(settings, unit)
    return grade_material(
        settings,
        material,
        learners=learners,
        force=force,
        jobs=jobs,
        actor=actor,
        planned=planned,
        progress=progress,
        pool=pool,
    )


def grade_material(
    settings: Settings,
    material: Material,
    *,
    learners: Sequence[str] | None = None,
    force: bool = False,
    jobs: int | None = None,
    actor: str = "",
    planned: int | None = None,
    progress: Callable[..., None] | None = None,
    pool: Pool | None = None,
) -> ClassReport:
    """Grade what was submitted for a loaded unit, on the warm servers of *pool* if there are any."""
    own_work = settings.is_own_work(learners)
    with nullcontext(pool) if pool else Pool(settings) as servers:
        judge = Standing(servers, material.unit, material.source, own_work=own_work)
        one = functools.partial(
            grade, unit=material.unit, source=material.source, released=material.released, executor=judge
        )
        return grade_class(
            settings,
            material.unit.name,
            learners=learners,
            force=force,
            jobs=jobs,
            actor=actor,
            planned=planned,
            grade=one,
            progress=progress,
            new_executor=_threads,  # each waits for processes of the judge
        )


def start_run(
    settings: Settings,
    unit: str,
    *,
    actor: str,
    reason: str = "",
    learners: Sequence[str] | None = None,
    force: bool = False,
) -> int:
    """
    Start a grading run in a process of its own and return at once.

    Returns:
        The run's id; the gradebook shows how far it is.

    Raises:
        CourseError: If the unit cannot be graded.
        LeaseHeldError: If it is being graded.
    """
    load_material(settings, unit)
    _make_gradebook(settings)
    return background.start(settings, unit, actor=actor, reason=reason, learners=learners, force=force)


def enrol(settings: Settings, people: Sequence[Person], *, actor: str, reason: str = "") -> int:
    """Put people on the roster, or change their names; return how many are new."""
    _make_gradebook(settings)
    with Desk(settings) as desk:
        return desk.enrol(people, actor=actor, reason=reason)


def import_roster(settings: Settings, path: Path, *, actor: str) -> tuple[int, int]:
    """
    Put the learners of a CSV file on the roster.

    Returns:
        How many stand in the file, and how many of them are new.

    Raises:
        CourseError: If any line is at fault; then nobody is enrolled.
    """
    people = read_roster(path)
    return len(people), enrol(settings, people, actor=actor, reason=f"roster {path.name}")


def list_roster(settings: Settings) -> tuple[LearnerRow, ...]:
    """Tell everybody in the class, by name."""
    with ClassQueries(settings) as queries:
        return queries.roster()


def _make_gradebook(settings: Settings) -> None:
    if not upgrade.is_there(settings):
        with Writer(settings):  # opening it creates the tables, nbgrader's too
            pass


def look_for_submissions(settings: Settings) -> int:
    """Note what was handed in and waits; return how many."""
    return waiting.look(settings)


def bring_up_to_date(settings: Settings) -> bool:
    """Lead a gradebook of an older version to this one; True if there was one."""
    return upgrade.upgrade(settings)


def _threads(jobs: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(jobs, thread_name_prefix="grading")


def check(settings: Settings, unit: str) -> tuple[CheckResult, ...]:
    """Run the visible checks of the learner's working copy, as the notebook would; nothing is recorded."""
    material = load_material(settings, unit)
    submission = read_copy(settings, unit, _utc_now())
    with Pool(settings) as servers:
        judge = servers.pair(material.unit, material.released, own_work=True)
        found = grade(
            submission, unit=material.unit, source=material.released, released=material.released, executor=judge
        )
    visible = {check.name for check in material.unit.checks if check.visible}
    return tuple(result for result in found.results if result.check in visible)


def write_feedback(settings: Settings, unit: str, learners: Sequence[str] | None = None) -> list[Path]:
    """Write a page per graded submission to var/feedback, in nbgrader's layout."""
    known = load_unit(settings, unit)
    written = []
    with Queries(settings) as queries:
        for row in queries.class_table(unit):
            if learners is not None and row.learner not in learners:
                continue
            attempt = queries.latest_attempt(row.learner, unit)
            if attempt is not None:
                path = settings.feedback / row.learner / unit / "assignment.html"
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, feedback_page(known, attempt))
                written.append(path)
    return written


def _utc_now() -> datetime:
    return datetime.now(UTC)
