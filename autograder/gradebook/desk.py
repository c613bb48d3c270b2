"""
What an instructor changes by hand: overrides, marks for a regrade, contacts, runs; and the queue, as seen on the disk.

Each change is one transaction with its audit row. Imports nothing of nbgrader and touches no files, so that a page
need not wait; of nbgrader's rows it writes `manual_score` and `needs_manual_grade` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, RowMapping, and_, insert, literal, select
from sqlalchemy.exc import OperationalError

from autograder.errors import CourseError, PlatformError
from autograder.gradebook import by_hand, runs, schema, standings
from autograder.gradebook.audit import AuditNote, audit
from autograder.gradebook.class_tables import looks, queue, regrades
from autograder.gradebook.clock import utc_now
from autograder.gradebook.engine import database_file, upsert, writing_engine
from autograder.gradebook.nbgrader_tables import grade, grades_of, student
from autograder.gradebook.tables import attempts, contacts
from autograder.gradebook.tables import runs as run_table
from autograder.gradebook.tables import standings as standing_table
from autograder.settings import Settings

FEW = 500  # so many names may stand in one statement
CONTACT_STATES = ("pending", "contacted", "resolved")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody on the roster."""

    learner: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


class Desk:
    """Writes what people decide. Use it as a context manager."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._engine = writing_engine(settings.db_url)

    def __enter__(self) -> Self:
        """
        Open a gradebook that is there.

        Raises:
            PlatformError: If nothing was ever graded, or the gradebook is newer than this program.
        """
        file = database_file(self._settings.db_url)
        if file is not None and not file.is_file():
            raise PlatformError(f"{file}: there is no gradebook yet; grade a unit first")
        with self._transaction() as conn:
            schema.migrate(conn)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def override(self, attempt: int, check: str, points: float | None, *, actor: str, reason: str) -> None:
        """
        Give a check the points that a person decides, or take that back with None.

        The attempt must be the latest graded one, because nbgrader's row shows no other. The pass of the unit is
        looked at again: this is the one way in which a pass can be lost, and the audit tells it.

        Raises:
            CourseError: If attempt, check, points, actor or reason will not do; says why.
        """
        with self._transaction() as conn:
            row = _counting(conn, attempt)
            learner, unit = row["learner"], row["unit"]
            note = AuditNote(actor=actor, action="override", subject=f"{learner}/{unit}", reason=reason)
            note.checked(reason_needed=True)
            cells = {cell["name"]: cell for cell in conn.execute(grades_of(learner, unit)).mappings()}
            cell = cells.get(check)
            if cell is None:
                raise CourseError(f"{note.subject}: has no check {check!r}; known are {', '.join(sorted(cells))}")
            if points is not None and not 0 <= points <= cell["max_score"]:
                raise CourseError(f"{check}: {points:g} points; give 0 to {cell['max_score']:g}")
            values = {"manual_score": points, "needs_manual_grade": points is None and cell["auto_score"] is None}
            conn.execute(grade.update().where(grade.c.id == cell["id"]).values(values))
            before, after = self._rescore(conn, row, by_hand.score_of(conn, learner, unit))
            told = {"attempt": attempt, "check": check}
            was = told | {"manual_score": cell["manual_score"]} | _told(before)
            audit(conn, note, was, told | {"manual_score": points} | _told(after), at=self._clock())

    def _rescore(self, conn: Connection, row: RowMapping, score: float) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        passed = standings.is_pass(score, row["max_score"], self._settings.pass_share)
        own = attempts.update().where(attempts.c.id == row["id"])
        conn.execute(own.values(final_score=score, passed=passed))
        return standings.rescore(conn, row["learner"], row["unit"], score)

    def follow_formgrader(self) -> int:
        """
        Let points count that people gave in nbgrader's formgrader, each with its row in the audit.

        Returns:
            How many submissions got another score.
        """
        with self._transaction() as conn:
            changed = by_hand.differences(conn)
            for each in changed:
                row = _counting(conn, each.attempt)
                before, after = self._rescore(conn, row, each.score)
                note = AuditNote(actor="formgrader", action="by_hand", subject=f"{each.learner}/{each.unit}", reason="")
                told = {"attempt": each.attempt}
                audit(conn, note, told | _told(before), told | _told(after), at=self._clock())
            return len(changed)

    def mark_regrade(self, learner: str, unit: str, *, actor: str, reason: str) -> None:
        """
        Let the next run grade a submission again, whatever it would find in the table of attempts.

        Raises:
            CourseError: If the learner has no attempt at the unit, or actor or reason will not do.
        """
        note = AuditNote(actor=actor, action="mark_regrade", subject=f"{learner}/{unit}", reason=reason)
        with self._transaction() as conn:
            if standings.read(conn, learner, unit) is None:
                raise CourseError(f"{note.subject}: nothing was handed in; there is nothing to grade again")
            note.checked(reason_needed=True)
            row = {"learner": learner, "unit": unit, "actor": actor, "marked_at": self._clock(), "reason": reason}
            upsert(conn, regrades, [row])
            audit(conn, note, {}, {}, at=self._clock())

    def unmark_regrade(self, learner: str, unit: str, *, actor: str, reason: str = "") -> bool:
        """Take a mark back; False if there was none."""
        note = AuditNote(actor=actor, action="unmark_regrade", subject=f"{learner}/{unit}", reason=reason)
        note.checked(reason_needed=False)
        with self._transaction() as conn:
            mark = regrades.delete().where(regrades.c.learner == learner, regrades.c.unit == unit)
            if conn.execute(mark).rowcount == 0:
                return False
            audit(conn, note, {}, {}, at=self._clock())
            return True

    def mark_unit_regrade(self, unit: str, *, actor: str, reason: str) -> int:
        """
        Let the next run grade everybody's latest submission of a unit again.

        Returns:
            How many learners are marked by this.
        """
        note = AuditNote(actor=actor, action="mark_regrade", subject=unit, reason=reason)
        note.checked(reason_needed=True)
        row = standing_table.c
        marked = and_(regrades.c.learner == row.learner, regrades.c.unit == row.unit)
        values = [
            row.learner,
            row.unit,
            literal(actor),
            literal(self._clock(), regrades.c.marked_at.type),
            literal(reason),
        ]
        new = (
            select(*values)
            .select_from(standing_table.outerjoin(regrades, marked))
            .where(row.unit == unit, regrades.c.learner.is_(None))
        )
        with self._transaction() as conn:
            count = conn.execute(insert(regrades).from_select(list(regrades.c.keys()), new)).rowcount
            audit(conn, note, {}, {"learners": count}, at=self._clock())
            return count

    def enrol(self, people: Sequence[Person], *, actor: str, reason: str) -> int:
        """
        Put people on the roster, or change their names and addresses; nobody is taken off it.

        Returns:
            How many are new.
        """
        note = AuditNote(actor=actor, action="enrol", subject="roster", reason=reason).checked(reason_needed=False)
        with self._transaction() as conn:
            known = set(conn.execute(select(student.c.id)).scalars())
            rows = [
                {"id": each.learner, "first_name": each.first_name, "last_name": each.last_name, "email": each.email}
                for each in people
            ]
            upsert(conn, student, rows)
            new = len({each.learner for each in people} - known)
            audit(conn, note, {}, {"people": len(rows), "new": new}, at=self._clock())
            return new

    def set_contact(self, learner: str, state: str, *, actor: str, note: str = "") -> None:
        """
        Note how far an instructor's contact with a learner at risk has come.

        Raises:
            CourseError: If the state is unknown, or actor or note will not do.
        """
        if state not in CONTACT_STATES:
            raise CourseError(f"contact state {state!r}; known are {', '.join(CONTACT_STATES)}")
        told = AuditNote(actor=actor, action="contact", subject=learner, reason=note).checked(reason_needed=False)
        row = {"learner": learner, "state": state, "actor": actor, "changed_at": self._clock(), "note": note}
        with self._transaction() as conn:
            known = select(contacts.c.state).where(contacts.c.learner == learner)
            before = conn.execute(known).scalar_one_or_none()
            upsert(conn, contacts, [row])
            audit(conn, told, {"state": before or ""}, {"state": state}, at=self._clock())

    def plan_run(self, unit: str, *, actor: str, whole: bool = True, reason: str = "") -> int:
        """
        Note a run that another process takes over soon.

        Raises:
            LeaseHeldError: If the unit is being graded; says by whom.
        """
        with self._transaction() as conn:
            run = runs.plan(conn, unit, actor=actor, whole=whole, now=self._clock())
            note = AuditNote(actor=actor, action="start_run", subject=f"run {run}", reason=reason)
            audit(conn, note.checked(reason_needed=False), {}, {"unit": unit}, at=self._clock())
            return run

    def give_up_run(self, run: int, message: str) -> None:
        """Note why a planned run could not begin."""
        with self._transaction() as conn:
            runs.give_up(conn, run, message, self._clock())

    def cancel_run(self, run: int, *, actor: str, reason: str = "") -> bool:
        """Ask a run to stop; False if it is not running."""
        note = AuditNote(actor=actor, action="cancel_run", subject=f"run {run}", reason=reason)
        with self._transaction() as conn:
            asked = runs.request_cancel(conn, run, self._clock())
            audit(conn, note.checked(reason_needed=False), {}, {"running": asked}, at=self._clock())
            return asked

    def note_queue(self, waiting: Mapping[tuple[str, str], datetime]) -> int:
        """
        Note what was handed in and not graded, as the disk shows it: (learner, unit) -> time; all else is forgotten.

        Returns:
            How many wait: a submission that was looked at since, or that a whole run has seen, does not.
        """
        with self._transaction() as conn:
            seen = _seen_by_runs(conn)
            new = {key: moment for key, moment in waiting.items() if not _before(moment, seen.get(key[1]))}
            looked = _looked_at(conn, {learner for learner, _ in new})
            rows = [
                {"learner": learner, "unit": unit, "handed_in_at": moment}
                for (learner, unit), moment in new.items()
                if not _before(moment, looked.get((learner, unit)))
            ]
            conn.execute(queue.delete())
            if rows:
                conn.execute(queue.insert(), rows)
            upsert(conn, looks, [{"id": 1, "at": self._clock()}])
            return len(rows)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as conn, conn.begin():
                yield conn
        except OperationalError as error:
            raise PlatformError(f"{self._engine.url!r}: the gradebook cannot be written: {error.orig}") from error


def _counting(conn: Connection, attempt: int) -> RowMapping:
    """Read an attempt that nbgrader's row shows."""
    row = conn.execute(select(attempts).where(attempts.c.id == attempt)).mappings().one_or_none()
    if row is None:
        raise CourseError(f"attempt {attempt} is not in the gradebook; open the submission again")
    standing = standings.read(conn, row["learner"], row["unit"])
    counts = standing["graded_attempt"] if standing else None
    if counts != attempt:
        advice = f"change attempt {counts} instead" if counts else "nothing of this unit was graded"
        raise CourseError(f"attempt {attempt} is not the one that counts; {advice}")
    return row


def _told(standing: Mapping[str, Any]) -> dict[str, Any]:
    return {"score": standing["score"], "passed": standing["passed_attempt"] is not None}


def _before(moment: datetime, looked: datetime | None) -> bool:
    return looked is not None and moment <= looked


def _looked_at(conn: Connection, learners: set[str]) -> dict[tuple[str, str], datetime]:
    row = standing_table.c
    latest = select(row.learner, row.unit, attempts.c.received_at).join(attempts, attempts.c.id == row.latest_attempt)
    if len(learners) <= FEW:
        latest = latest.where(row.learner.in_(learners))
    return {(each.learner, each.unit): each.received_at for each in conn.execute(latest) if each.learner in learners}


def _seen_by_runs(conn: Connection) -> dict[str, datetime]:
    row = run_table.c
    query = select(row.unit, row.started_at).where(row.state == "done", row.whole).order_by(row.id)
    return dict(conn.execute(query).all())
