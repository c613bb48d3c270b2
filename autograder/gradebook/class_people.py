"""
One learner, one submission, and the logs: audit and awards. Works on a connection of the caller's; decides nothing.

A subject of the audit is "learner", "learner/unit", "unit" or "run N"; what is about a learner begins with the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, or_, select

from autograder.gradebook import standings as standing_rules
from autograder.gradebook import stored
from autograder.gradebook.class_analysis import current_suite
from autograder.gradebook.class_lists import learner_row, learner_rows
from autograder.gradebook.class_overview import risk_of, size_of
from autograder.gradebook.class_rows import AttemptLine, AuditRow, AwardRow, ContactState, LearnerPage
from autograder.gradebook.class_tables import learner_numbers, regrades
from autograder.gradebook.listing import counted, name_of, page_of, sliced
from autograder.gradebook.nbgrader_tables import grades_of, student
from autograder.gradebook.queries import attempt_view, unit_standing
from autograder.gradebook.tables import attempts, audit, awards, contacts, standings
from autograder.gradebook.work_rows import AuditPage, AwardsPage, Override, RegradeMark, SubmissionPage

ATTEMPTS_SHOWN = 200
AUDIT_SHOWN = 50
TWINS_SHOWN = 10
DUE_SHOWN = 50


def learner_page(conn: Connection, learner: str) -> LearnerPage | None:
    """Tell one learner; None if nobody knows the name."""
    risk = risk_of(conn, size_of(conn))
    found = conn.execute(learner_rows(risk).where(student.c.id == learner)).mappings().one_or_none()
    if found is None:
        return None
    units = conn.execute(select(standings).where(standings.c.learner == learner).order_by(standings.c.unit))
    marks = select(regrades.c.unit).where(regrades.c.learner == learner).order_by(regrades.c.unit)
    given = _awards().where(awards.c.learner == learner).order_by(awards.c.id)
    return LearnerPage(
        row=learner_row(found, risk),
        rule=risk.rule,
        units=tuple(unit_standing(row) for row in units.mappings()),
        attempts=_attempts(conn, learner),
        contact=_contact(conn, learner),
        awards=tuple(_award(row) for row in conn.execute(given).mappings()),
        audit=_audit_about(conn, audit.c.subject == learner, _below(learner)),
        regrade_due=tuple(conn.execute(marks).scalars()),
    )


def _attempts(conn: Connection, learner: str, unit: str = "") -> tuple[AttemptLine, ...]:
    """List a learner's attempts: at one unit, or at all."""
    names = [name for name in AttemptLine.__dataclass_fields__ if name in attempts.c]
    columns = (*(attempts.c[name] for name in names), _number(), _grading())
    query = select(*columns).where(attempts.c.learner == learner)
    if unit:
        query = query.where(attempts.c.unit == unit)
    newest = (attempts.c.submitted_at.desc(), attempts.c.id.desc())  # a run grades in an order of its own
    rows = conn.execute(query.order_by(*newest).limit(ATTEMPTS_SHOWN)).mappings()
    return tuple(AttemptLine(**row) for row in rows)


def _number() -> ColumnElement[int]:
    """Number attempts as their learner counts them: at each unit from 1 on, by the moment of handing in."""
    row = attempts.c
    # a new grading of the same submission has the same number
    in_time = func.dense_rank().over(partition_by=(row.learner, row.unit), order_by=(row.submitted_at, row.sha256))
    return in_time.label("number")


def _grading() -> ColumnElement[int]:
    """Number the gradings of one submission, from 1 on."""
    row = attempts.c
    same = (row.learner, row.unit, row.submitted_at, row.sha256)
    return func.row_number().over(partition_by=same, order_by=row.id).label("grading")


def _number_of(conn: Connection, row: RowMapping) -> int:
    """Number one attempt so."""
    same = (attempts.c.learner == row["learner"], attempts.c.unit == row["unit"])
    numbered = select(attempts.c.id, _number()).where(*same).subquery()
    return int(conn.execute(select(numbered.c.number).where(numbered.c.id == row["id"])).scalar_one())


def _contact(conn: Connection, learner: str) -> ContactState | None:
    row = contacts.c
    query = select(row.state, row.actor, row.changed_at, row.note).where(row.learner == learner)
    found = conn.execute(query).mappings().one_or_none()
    return None if found is None else ContactState(**found)


def submission_page(conn: Connection, attempt: int) -> SubmissionPage | None:
    """Tell one attempt; None if there is none."""
    row = conn.execute(select(attempts).where(attempts.c.id == attempt)).mappings().one_or_none()
    if row is None:
        return None
    learner, unit = row["learner"], row["unit"]
    standing = standing_rules.read(conn, learner, unit)
    counts = standing is not None and standing["graded_attempt"] == attempt
    person = conn.execute(select(student).where(student.c.id == learner)).mappings().one_or_none()
    return SubmissionPage(
        attempt=attempt_view(row, stored.results(conn, attempt)),
        number=_number_of(conn, row),
        name=name_of(learner, person["first_name"], person["last_name"]) if person else learner,
        counts=counts,
        passed_unit=standing is not None and standing["passed_attempt"] is not None,
        overrides=_overrides(conn, learner, unit) if counts else {},
        regrade=_mark(conn, learner, unit),
        older=_neighbour(conn, row, older=True),
        newer=_neighbour(conn, row, older=False),
        history=_attempts(conn, learner, unit),
        twins=_twins(conn, row),
        current_tests=row["suite_digest"] != "" and row["suite_digest"] == current_suite(conn, unit),
        audit=_audit_about(conn, audit.c.subject == f"{learner}/{unit}"),
    )


def _overrides(conn: Connection, learner: str, unit: str) -> dict[str, Override]:
    return {
        row["name"]: Override(
            check=row["name"],
            automatic=row["auto_score"],
            manual=row["manual_score"],
            extra_credit=row["extra_credit"],
        )
        for row in conn.execute(grades_of(learner, unit)).mappings()
        if row["manual_score"] is not None or row["extra_credit"]
    }


def _mark(conn: Connection, learner: str, unit: str) -> RegradeMark | None:
    query = select(regrades).where(regrades.c.learner == learner, regrades.c.unit == unit)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else RegradeMark(**row)


def _neighbour(conn: Connection, row: RowMapping, *, older: bool) -> int | None:
    when, key = attempts.c.submitted_at, attempts.c.id
    at_once = when == row["submitted_at"]
    before = (when < row["submitted_at"]) | (at_once & (key < row["id"]))
    after = (when > row["submitted_at"]) | (at_once & (key > row["id"]))
    query = select(key).where(attempts.c.learner == row["learner"], attempts.c.unit == row["unit"])
    nearest = (when.desc(), key.desc()) if older else (when.asc(), key.asc())
    return conn.execute(query.where(before if older else after).order_by(*nearest).limit(1)).scalar_one_or_none()


def _twins(conn: Connection, row: RowMapping) -> tuple[str, ...]:
    if not row["sha256"]:
        return ()
    other = attempts.c
    query = select(other.learner).where(other.sha256 == row["sha256"], other.learner != row["learner"]).distinct()
    return tuple(conn.execute(query.order_by(other.learner).limit(TWINS_SHOWN)).scalars())


def _below(learner: str) -> ColumnElement[bool]:
    """What is about a learner's units; a range, so that an index finds it."""
    subject = audit.c.subject
    return (subject >= f"{learner}/") & (subject < f"{learner}0")  # "0" comes right after "/"


def _audit_about(conn: Connection, *conditions: ColumnElement[bool]) -> tuple[AuditRow, ...]:
    query = select(audit).where(or_(*conditions)).order_by(audit.c.id.desc()).limit(AUDIT_SHOWN)
    return tuple(AuditRow(**row) for row in conn.execute(query).mappings())


def audit_log(conn: Connection, *, search: str, action: str, page: int) -> AuditPage:
    """Tell the audit, the newest row first."""
    row = audit.c
    query = select(audit)
    if search.strip():
        text = search.strip()
        places = (row.actor, row.subject, row.reason)
        query = query.where(or_(*(place.icontains(text, autoescape=True) for place in places)))
    if action:
        query = query.where(row.action == action)
    where = page_of(page, counted(conn, query.with_only_columns(row.id)))
    return AuditPage(
        rows=tuple(AuditRow(**each) for each in conn.execute(sliced(query.order_by(row.id.desc()), where)).mappings()),
        page=where,
        actions=tuple(conn.execute(select(row.action).distinct().order_by(row.action)).scalars()),
    )


def _awards() -> Select[Any]:
    return select(awards, student.c.first_name, student.c.last_name).outerjoin(
        student, student.c.id == awards.c.learner
    )


def _award(row: RowMapping) -> AwardRow:
    same = ("learner", "achievement", "version", "earned_at", "recorded_at")
    name = name_of(row["learner"], row["first_name"], row["last_name"])
    return AwardRow(**{key: row[key] for key in same}, name=name)


def award_list(conn: Connection, required: Sequence[str], *, page: int) -> AwardsPage:
    """Tell the awards, the newest first, and who passed every one of the *required* units without one."""
    where = page_of(page, conn.execute(select(func.count()).select_from(awards)).scalar_one())
    rows = conn.execute(sliced(_awards().order_by(awards.c.id.desc()), where)).mappings().all()
    due, due_count = _due(conn, required)
    return AwardsPage(rows=tuple(_award(row) for row in rows), page=where, due=due, due_count=due_count)


def _due(conn: Connection, required: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], int]:
    if not required:
        return (), 0
    row = standings.c
    able = select(learner_numbers.c.learner).where(learner_numbers.c.passed >= len(required))
    through = (
        select(row.learner)
        .where(row.learner.in_(able), row.learner.not_in(select(awards.c.learner)))
        .where(row.unit.in_(required), row.passed_attempt.is_not(None))
        .group_by(row.learner)
        .having(func.count() == len(required))
    )
    count = counted(conn, through)
    chosen = through.order_by(row.learner).limit(DUE_SHOWN).subquery()
    named = select(chosen.c.learner, student.c.first_name, student.c.last_name).outerjoin(
        student, student.c.id == chosen.c.learner
    )
    found = conn.execute(named.order_by(chosen.c.learner))
    return tuple((each.learner, name_of(each.learner, each.first_name, each.last_name)) for each in found), count
