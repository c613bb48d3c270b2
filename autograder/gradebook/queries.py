"""
Read-only questions to the gradebook, answered in frozen rows. Opens the database so that it cannot write.

A gradebook that does not exist yet has no rows: that is an answer, not an error. Imports nothing of nbgrader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, RowMapping, Select, and_, func, select

from autograder.errors import PlatformError
from autograder.gradebook import schema, stored
from autograder.gradebook.class_tables import regrades
from autograder.gradebook.engine import database_file, reading_engine
from autograder.gradebook.tables import attempts, awards, check_results, runs, standings
from autograder.model import Award, CheckResult
from autograder.settings import Settings


@dataclass(frozen=True, kw_only=True)
class UnitStanding:
    """Where one learner stands in one unit."""

    learner: str
    unit: str
    attempts: int
    state: str  # of the latest attempt: graded, refused or fault
    score: float  # of the latest graded attempt, overrides in, before late penalty
    max_score: float  # 0.0 if nothing was graded yet
    late_penalty: float
    submitted_at: datetime
    passed_at: datetime | None  # once passed, passed for good
    latest_attempt: int
    graded_attempt: int | None
    passed_attempt: int | None

    @property
    def passed(self) -> bool:
        """Whether any attempt ever passed under an accepted suite."""
        return self.passed_attempt is not None


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """One attempt with everything that may be shown of it."""

    id: int
    learner: str
    unit: str
    submitted_at: datetime
    received_at: datetime
    graded_at: datetime
    sha256: str
    state: str
    reason: str
    score: float  # earned from the checks
    final_score: float  # overrides in, before late penalty
    max_score: float
    passed: bool
    late_seconds: float
    late_penalty: float
    repairs: tuple[str, ...]
    results: tuple[CheckResult, ...]
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    mode: str
    grader_version: str
    suite_digest: str
    run: int | None
    answered_from: int | None


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """Who got what, and why."""

    standing: UnitStanding
    sha256: str
    not_yet: tuple[tuple[str, str], ...]  # (check, message) of the latest graded attempt that did not pass
    reason: str  # why the latest attempt was not graded

    @property
    def learner(self) -> str:
        """Whose row it is."""
        return self.standing.learner


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One grading run."""

    id: int
    unit: str
    state: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    refused: int
    faults: int
    holder: str
    lease_until: datetime
    cancel_requested: bool
    unchanged: int  # submissions that were in the gradebook already
    whole: bool  # everybody who handed in
    message: str  # why it was stopped


class Queries:
    """Reads the gradebook. Cheap to make; the database is opened with the first question."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine: Engine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the database; the next question looks for it again."""
        self._engine = None

    def learner_units(self, learner: str) -> tuple[UnitStanding, ...]:
        """Tell where a learner stands, in the order of the units; units without an attempt are left out."""
        query = select(standings).where(standings.c.learner == learner).order_by(standings.c.unit)
        return tuple(unit_standing(row) for row in self._rows(query))

    def unit_passed(self, learner: str, unit: str) -> bool:
        """Say whether a learner ever passed a unit."""
        return unit in self.passed_units(learner)

    def passed_units(self, learner: str) -> tuple[str, ...]:
        """List the units that a learner ever passed under an accepted suite."""
        return tuple(each.unit for each in self.learner_units(learner) if each.passed)

    def latest_attempt(self, learner: str, unit: str) -> AttemptView | None:
        """Show the latest attempt, graded or not."""
        return self._one_attempt(attempts.c.learner == learner, attempts.c.unit == unit)

    def latest_graded(self, learner: str, unit: str) -> AttemptView | None:
        """Show the latest attempt that was graded: the one in nbgrader's rows."""
        return self._one_attempt(attempts.c.learner == learner, attempts.c.unit == unit, attempts.c.state == "graded")

    def attempt(self, attempt: int) -> AttemptView | None:
        """Show one attempt by its id."""
        return self._one_attempt(attempts.c.id == attempt)

    def attempt_for(self, learner: str, unit: str, sha256: str, suite_digest: str) -> AttemptView | None:
        """Find the graded attempt that already answers these bytes under these tests."""
        return self._one_attempt(
            attempts.c.learner == learner,
            attempts.c.unit == unit,
            attempts.c.sha256 == sha256,
            attempts.c.suite_digest == suite_digest,
            attempts.c.state == "graded",
        )

    def attempts(self, learner: str, unit: str) -> tuple[AttemptView, ...]:
        """Show all attempts of a learner at a unit, the first one first."""
        query = select(attempts).where(attempts.c.learner == learner, attempts.c.unit == unit).order_by(attempts.c.id)
        with self._connection() as conn:
            if conn is None:
                return ()
            return tuple(attempt_view(row, stored.results(conn, row["id"])) for row in conn.execute(query).mappings())

    def notebook(self, attempt: int) -> bytes | None:
        """Read what was handed in."""
        with self._connection() as conn:
            return None if conn is None else stored.notebook(conn, attempt)

    def autograded(self, attempt: int) -> bytes | None:
        """Read the notebook that ran, sanitised, with outputs."""
        with self._connection() as conn:
            return None if conn is None else stored.autograded(conn, attempt)

    def class_table(self, unit: str) -> tuple[ClassRow, ...]:
        """Tell who of a class got what in a unit, and why, by learner."""
        latest = (
            select(standings, attempts.c.reason, attempts.c.sha256)
            .join(attempts, attempts.c.id == standings.c.latest_attempt)
            .where(standings.c.unit == unit)
            .order_by(standings.c.learner)
        )
        missed = (
            select(standings.c.learner, check_results.c.check_name, check_results.c.message)
            .join(check_results, check_results.c.attempt == standings.c.graded_attempt)
            .where(standings.c.unit == unit, check_results.c.earned < check_results.c.points)
            .order_by(standings.c.learner, check_results.c.position)
        )
        not_yet: dict[str, list[tuple[str, str]]] = {}
        for row in self._rows(missed):
            not_yet.setdefault(row["learner"], []).append((row["check_name"], row["message"]))
        return tuple(
            ClassRow(
                standing=unit_standing(row),
                sha256=row["sha256"],
                not_yet=tuple(not_yet.get(row["learner"], ())),
                reason=row["reason"],
            )
            for row in self._rows(latest)
        )

    def current_attempts(self, unit: str) -> dict[str, AttemptView]:
        """Map each learner to the latest attempt at a unit, without its check results."""
        newest = and_(attempts.c.id == standings.c.latest_attempt, standings.c.unit == unit)
        return {row["learner"]: attempt_view(row, ()) for row in self._rows(select(attempts).join(standings, newest))}

    def not_graded(self, unit: str | None = None) -> tuple[AttemptView, ...]:
        """List the latest attempts that were refused or met a fault: what an instructor must look at."""
        newest = and_(attempts.c.id == standings.c.latest_attempt, standings.c.state != "graded")
        query = select(attempts).join(standings, newest).order_by(attempts.c.unit, attempts.c.learner)
        if unit is not None:
            query = query.where(standings.c.unit == unit)
        return tuple(attempt_view(row, ()) for row in self._rows(query))

    def regrade_marks(self, unit: str) -> frozenset[str]:
        """Name the learners whose submission of a unit an instructor wants graded again."""
        return frozenset(
            row["learner"] for row in self._rows(select(regrades.c.learner).where(regrades.c.unit == unit))
        )

    def runs(self, unit: str | None = None, *, limit: int = 50) -> tuple[RunView, ...]:
        """List grading runs, the newest first."""
        query = select(runs).order_by(runs.c.id.desc()).limit(limit)
        if unit is not None:
            query = query.where(runs.c.unit == unit)
        return tuple(_run(row) for row in self._rows(query))

    def run(self, run: int) -> RunView | None:
        """Show one grading run."""
        return next((_run(row) for row in self._rows(select(runs).where(runs.c.id == run))), None)

    def awards(self, learner: str) -> tuple[Award, ...]:
        """List the awards that became due, the first one first."""
        query = select(awards).where(awards.c.learner == learner).order_by(awards.c.id)
        names = ("learner", "achievement", "version", "earned_at")
        return tuple(Award(**{name: row[name] for name in names}) for row in self._rows(query))

    def learner_count(self) -> int:
        """Count the learners who ever handed something in."""
        counted = self._rows(select(func.count(standings.c.learner.distinct()).label("learners")))
        return int(counted[0]["learners"]) if counted else 0

    def _one_attempt(self, *conditions: Any) -> AttemptView | None:
        query = select(attempts).where(*conditions).order_by(attempts.c.id.desc()).limit(1)
        with self._connection() as conn:
            if conn is None:
                return None
            row = conn.execute(query).mappings().one_or_none()
            return None if row is None else attempt_view(row, stored.results(conn, row["id"]))

    def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        with self._connection() as conn:
            return [] if conn is None else conn.execute(query).mappings().all()

    @contextmanager
    def _connection(self) -> Iterator[Connection | None]:
        self._engine = self._engine or self._open()
        if self._engine is None:
            yield None
            return
        with self._engine.connect() as conn:
            yield conn

    def _open(self) -> Engine | None:
        """Open the database if our tables are there; stock nbgrader makes one without them."""
        file = database_file(self._settings.db_url)
        if file is not None and not file.is_file():
            return None
        engine = reading_engine(self._settings.db_url)
        with engine.connect() as conn:
            version = schema.version_of(conn)
        if version == schema.SCHEMA_VERSION:
            return engine
        if version == 0:
            return None
        raise PlatformError(
            f"{file or engine.url!r}: the gradebook has version {version}, this program reads "
            f"{schema.SCHEMA_VERSION}; any command that grades brings an older one up to date"
        )


def unit_standing(row: RowMapping) -> UnitStanding:
    """Read a row of course_standings."""
    return UnitStanding(**{name: row[name] for name in UnitStanding.__dataclass_fields__})


def attempt_view(row: RowMapping, results: tuple[CheckResult, ...]) -> AttemptView:
    """Read a row of course_attempts, with the check results that the caller found."""
    stored_fields = AttemptView.__dataclass_fields__.keys() - {"repairs", "results"}
    fields = {name: row[name] for name in stored_fields}
    return AttemptView(**fields, repairs=tuple(row["repairs"]), results=results)


def _run(row: RowMapping) -> RunView:
    return RunView(**{name: row[name] for name in RunView.__dataclass_fields__})
