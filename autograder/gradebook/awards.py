"""
What the gradebook says about badges: who passed what, by which attempt, and which awards are noted.

Reads facts and notes awards; who has earned a badge is decided in `autograder.badge`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.exc import OperationalError

from autograder.errors import PlatformError
from autograder.gradebook import schema
from autograder.gradebook.engine import writing_engine
from autograder.gradebook.nbgrader_tables import student
from autograder.gradebook.queries import Queries
from autograder.gradebook.tables import attempts, awards, standings, suites
from autograder.model import Award
from autograder.settings import Settings

MANY = 500  # more names than this are not written into a query


@dataclass(frozen=True, kw_only=True)
class Pass:
    """The best attempt of one learner that passed one unit under an accepted suite."""

    learner: str
    unit: str
    attempt: int
    score: float  # overrides in, before late penalty
    max_score: float
    passed_at: datetime  # when the unit was first passed
    sha256: str  # of the notebook
    suite_digest: str
    grader_version: str
    mode: str  # sandbox mode in which it was graded


class AwardQueries(Queries):
    """Reads who has passed what."""

    def best_passes(
        self,
        units: Sequence[str],
        modes: Collection[str] | None,
        learners: Sequence[str] | None = None,
        *,
        shared: Collection[tuple[str, str]] = (),
    ) -> dict[str, dict[str, Pass]]:
        """
        Find the best passing attempt of each learner at each unit, the earliest of equals.

        Args:
            units: Units to look at.
            modes: Sandbox modes that count; all of them if None.
            learners: Only these; all if None.
            shared: (unit, SHA-256) of notebooks that count only for those who passed by no other.

        Returns:
            Learner -> unit -> attempt. A unit that is no longer passed has none, nor one whose tests the course no
            longer accepts.
        """
        row, standing = attempts.c, standings.c
        query = (
            select(
                row.learner,
                row.unit,
                row.id.label("attempt"),
                row.final_score.label("score"),
                row.max_score,
                standing.passed_at,
                row.sha256,
                row.suite_digest,
                row.grader_version,
                row.mode,
            )
            .join(standings, and_(standing.learner == row.learner, standing.unit == row.unit))
            .join(suites, and_(suites.c.unit == row.unit, suites.c.digest == row.suite_digest, suites.c.accepted))
            .where(row.unit.in_(units), row.state == "graded", row.passed, standing.passed_attempt.is_not(None))
            .order_by(row.id)
        )
        if modes is not None:
            query = query.where(row.mode.in_(modes))
        if learners is not None and len(learners) <= MANY:
            query = query.where(row.learner.in_(learners))
        wanted = None if learners is None else frozenset(learners)
        best: dict[str, dict[str, Pass]] = {}
        for found in self._rows(query):
            if wanted is not None and found["learner"] not in wanted:
                continue
            own = best.setdefault(found["learner"], {})
            before, now = own.get(found["unit"]), Pass(**found)
            if before is None or _worth(now, shared) > _worth(before, shared):
                own[found["unit"]] = now
        return best

    def emails(self, learners: Sequence[str] | None = None) -> dict[str, str]:
        """Map learners to the e-mail of the roster, where there is one."""
        query = select(student.c.id, student.c.email).where(student.c.email != "")
        if learners is not None and len(learners) <= MANY:
            query = query.where(student.c.id.in_(learners))
        return {row["id"]: row["email"] for row in self._rows(query)}

    def handed_in_by_several(self, units: Sequence[str]) -> dict[tuple[str, str], frozenset[str]]:
        """Map (unit, SHA-256) of each notebook that more than one learner handed in to those learners."""
        row = attempts.c
        several = (
            select(row.unit, row.sha256)
            .where(row.unit.in_(units), row.state == "graded")
            .group_by(row.unit, row.sha256)
            .having(func.count(row.learner.distinct()) > 1)
            .subquery()
        )
        query = (
            select(row.unit, row.sha256, row.learner)
            .join(several, and_(several.c.unit == row.unit, several.c.sha256 == row.sha256))
            .distinct()
        )
        found: dict[tuple[str, str], set[str]] = {}
        for each in self._rows(query):
            found.setdefault((each["unit"], each["sha256"]), set()).add(each["learner"])
        return {key: frozenset(names) for key, names in found.items()}


def _worth(passed: Pass, shared: Collection[tuple[str, str]]) -> tuple[bool, float]:
    return (passed.unit, passed.sha256) not in shared, passed.score


def note_awards(settings: Settings, earned: Iterable[Award]) -> int:
    """
    Note awards in one transaction; those that are noted already stay as they are.

    Returns:
        How many are new.

    Raises:
        PlatformError: If the gradebook cannot be written.
    """
    engine = writing_engine(settings.db_url)
    now = datetime.now(UTC)
    new = 0
    try:
        with engine.connect() as conn, conn.begin():
            schema.migrate(conn)
            known = {
                tuple(row) for row in conn.execute(select(awards.c.learner, awards.c.achievement, awards.c.version))
            }
            for award in earned:
                key = (award.learner, award.achievement, award.version)
                if key not in known:
                    known.add(key)
                    values = dict(zip(("learner", "achievement", "version"), key, strict=True))
                    conn.execute(awards.insert().values(**values, earned_at=award.earned_at, recorded_at=now))
                    new += 1
    except OperationalError as error:
        raise PlatformError(f"{engine.url!r}: the awards cannot be noted: {error.orig}") from error
    finally:
        engine.dispose()
    return new
