"""
The long lists of a class: learners, submissions, what waits. Searched, sorted and cut into pages by the database.

Works on a connection of the caller's. An order that it does not know is an error, never another order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    UnaryExpression,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.sql.operators import asc_op

from autograder.gradebook.class_overview import Risk, at_risk, risk_of, size_of
from autograder.gradebook.class_rows import LearnerRow, LearnersPage, Page
from autograder.gradebook.class_tables import learner_numbers, queue, regrades, suite_numbers, unit_numbers
from autograder.gradebook.listing import counted, found_by, name_of, page_of, sliced
from autograder.gradebook.nbgrader_tables import by_name, student
from autograder.gradebook.tables import attempts, contacts, standings, suites
from autograder.gradebook.work_rows import SubmissionRow, SubmissionsPage, Waiting

NUMBERS = ("handed_in", "passed", "attempts", "score", "max_score")
LEARNER_SORTS = ("name", "learner", "handed_in", "passed", "attempts", "score", "last")
SUBMISSION_SORTS = ("learner", "name", "score", "submitted", "attempts", "state")
MANY_FOUND = 5_000  # submissions; of so many the first ones in order are soon met
STATES = ("", "graded", "refused", "fault", "passed", "not passed", "regrade")


def known(what: str, value: str, allowed: tuple[str, ...]) -> str:
    """Return *value*; ValueError if it is none of *allowed*."""
    if value not in allowed:
        raise ValueError(f"{what} {value!r}; known are {', '.join(name for name in allowed if name)}")
    return value


def learner_rows(risk: Risk) -> Select[Any]:
    """Ask for learners with their numbers, which of the at-risk conditions hold, and their contact state."""
    row = learner_numbers.c
    held = [case((condition, 1), else_=0).label(f"risk_{name}") for name, condition in risk.conditions.items()]
    return (
        select(
            student.c.id.label("learner"),
            student.c.first_name,
            student.c.last_name,
            student.c.email,
            *(row[name] for name in NUMBERS),
            row.last_submitted_at,
            contacts.c.state.label("contact"),
            *held,
        )
        .select_from(student)
        .outerjoin(learner_numbers, row.learner == student.c.id)
        .outerjoin(contacts, contacts.c.learner == student.c.id)
    )


def learner_row(found: RowMapping, risk: Risk) -> LearnerRow:
    """Read one learner."""
    return LearnerRow(
        learner=found["learner"],
        first_name=found["first_name"] or "",
        last_name=found["last_name"] or "",
        email=found["email"] or "",
        last_submitted_at=found["last_submitted_at"],
        risks=tuple(name for name in risk.conditions if found[f"risk_{name}"]),
        contact=found["contact"] or "",
        **{name: found[name] or 0 for name in NUMBERS},
    )


def learners(
    conn: Connection, *, search: str, sort: str, descending: bool, only_at_risk: bool, contact: str, page: int
) -> LearnersPage:
    """Tell a page of the list of learners."""
    order = _learner_order(known("sort", sort, LEARNER_SORTS), descending=descending)
    size = size_of(conn)
    risk = risk_of(conn, size)
    wanted: list[ColumnElement[bool]] = []
    if search.strip():
        wanted.append(found_by(search))
    if only_at_risk:
        wanted.append(risk.any)
    if contact:
        wanted.append(contacts.c.state == known("contact", contact, ("pending", "contacted", "resolved")))
    keys = _learner_keys().where(*wanted)
    total = counted(conn, keys) if wanted else size.learners
    where = page_of(page, total)
    chosen = _page_of_keys(keys, order, where).subquery()  # the page first, what it tells afterwards
    query = learner_rows(risk).join(chosen, chosen.c.id == student.c.id).order_by(*order)
    states = select(contacts.c.state, func.count()).group_by(contacts.c.state)
    return LearnersPage(
        rows=tuple(learner_row(row, risk) for row in conn.execute(query).mappings().all()),
        page=where,
        rule=risk.rule,
        at_risk=total if only_at_risk and len(wanted) == 1 else at_risk(conn, risk),
        contacts=dict(conn.execute(states).all()),
    )


def roster(conn: Connection) -> tuple[LearnerRow, ...]:
    """Tell every learner, by name."""
    risk = risk_of(conn, size_of(conn))
    found = conn.execute(learner_rows(risk).order_by(*_learner_order("name", descending=False)))
    return tuple(learner_row(row, risk) for row in found.mappings())


def _learner_keys() -> Select[Any]:
    """Ask for the id of every learner in the list."""
    return (
        select(student.c.id)
        .select_from(student)
        .outerjoin(learner_numbers, learner_numbers.c.learner == student.c.id)
        .outerjoin(contacts, contacts.c.learner == student.c.id)
    )


def _learner_order(sort: str, *, descending: bool) -> list[UnaryExpression[Any]]:
    row = learner_numbers.c
    if sort == "last":  # who never handed in stands last in either order
        moment = row.last_submitted_at
        return [moment.is_(None).asc(), *_directed([moment, student.c.id], descending=descending)]
    columns: Mapping[str, list[ColumnElement[Any]]] = {
        "name": [*by_name(), student.c.id],
        "learner": [student.c.id],
        **{name: [func.coalesce(row[name], 0), student.c.id] for name in ("handed_in", "passed", "attempts", "score")},
    }
    return _directed(columns[sort], descending=descending)


def _directed(columns: Sequence[ColumnElement[Any]], *, descending: bool) -> list[UnaryExpression[Any]]:
    """Turn all columns of an order the same way, so that an index serves both ways."""
    return [column.desc() if descending else column.asc() for column in columns]


def names(conn: Connection, learners: Sequence[str]) -> dict[str, str]:
    """Map ids to names."""
    found = conn.execute(select(student).where(student.c.id.in_(learners)))
    return {row.id: name_of(row.id, row.first_name, row.last_name) for row in found}


def submission_rows() -> Select[Any]:
    """Ask for standings with names, reasons and marks."""
    row = standings.c
    marked = exists().where(regrades.c.learner == row.learner, regrades.c.unit == row.unit)
    return (
        select(
            *(row[name] for name in ("learner", "unit", "attempts", "state", "score", "max_score", "late_penalty")),
            *(row[name] for name in ("submitted_at", "passed_attempt", "latest_attempt", "graded_suite")),
            student.c.first_name,
            student.c.last_name,
            attempts.c.reason,
            suites.c.current,
            marked.label("marked"),
        )
        .select_from(standings)
        .join(attempts, attempts.c.id == row.latest_attempt)
        .outerjoin(student, student.c.id == row.learner)
        .outerjoin(suites, and_(suites.c.unit == row.unit, suites.c.digest == row.graded_suite))
    )


def submission_row(found: RowMapping) -> SubmissionRow:
    """Read one standing."""
    same = ("learner", "unit", "attempts", "state", "reason", "score", "max_score", "late_penalty", "submitted_at")
    older = found["graded_suite"] is not None and not found["current"]
    return SubmissionRow(
        **{name: found[name] for name in same},
        name=name_of(found["learner"], found["first_name"], found["last_name"]),
        passed=found["passed_attempt"] is not None,
        latest_attempt=found["latest_attempt"],
        regrade_due=bool(found["marked"]) or older,
    )


def submissions(
    conn: Connection, *, unit: str | None, state: str, search: str, sort: str, descending: bool, page: int
) -> SubmissionsPage:
    """Tell a page of the list of submissions."""
    order = _submission_order(known("sort", sort, SUBMISSION_SORTS), descending=descending)
    older = older_suites(conn) if known("state", state, STATES) == "regrade" else ()
    keys = _submission_keys(unit, state, search, older=older)
    kept = _kept_total(conn, unit, state) if not search.strip() else None
    total = counted(conn, keys) if kept is None else kept
    where = page_of(page, total)
    if search.strip() and total > MANY_FOUND:
        keys = _submission_keys(unit, state, search, older=older, by_order=True)
    if sort == "name":
        keys = keys.join(student, standings.c.learner == student.c.id.concat(""))  # the names lead, by their index
    chosen = _page_of_keys(keys, order, where).subquery()  # the page first, what it tells afterwards
    query = submission_rows().join(
        chosen, and_(chosen.c.learner == standings.c.learner, chosen.c.unit == standings.c.unit)
    )
    found = conn.execute(query.order_by(*order)).mappings().all()
    return SubmissionsPage(rows=tuple(submission_row(row) for row in found), page=where)


def _submission_keys(
    unit: str | None, state: str, search: str, *, older: Sequence[tuple[str, str]], by_order: bool = False
) -> Select[Any]:
    """
    Ask for learner and unit of every submission in the list.

    Args:
        unit: One unit, or all.
        state: One of STATES.
        search: What name, id or address hold.
        older: (unit, digest) of the tests of yesterday, where *state* asks for them.
        by_order: Walk the list's order instead of the learners found.
    """
    row = standings.c
    keys = select(row.learner, row.unit)
    if state == "regrade":  # few, so they come first and their standings are looked up
        outdated = select(row.learner, row.unit).where(or_(false(), *(_graded_by(*suite) for suite in older)))
        due = union(select(regrades.c.learner, regrades.c.unit), outdated).subquery()
        keys = select(row.learner, row.unit).select_from(due)
        keys = keys.join(standings, and_(row.learner == due.c.learner, row.unit == due.c.unit))
    elif state in {"passed", "not passed"}:
        keys = keys.where(row.passed_attempt.is_not(None) if state == "passed" else row.passed_attempt.is_(None))
    elif state:
        keys = keys.where(row.state == state)
    if unit:
        keys = keys.where(row.unit == unit)
    if search.strip():
        learner = row.learner.concat("") if by_order else row.learner  # an index of the bare column would be used
        keys = keys.where(learner.in_(select(student.c.id).where(found_by(search))))
    return keys


def older_suites(conn: Connection) -> tuple[tuple[str, str], ...]:
    """Name the tests, no longer today's, by which anybody's latest attempt was graded."""
    row = suite_numbers.c
    same = and_(suites.c.unit == row.unit, suites.c.digest == row.suite)
    query = select(row.unit, row.suite).join(suites, same).where(suites.c.current.is_(False), row.learners > 0)
    return tuple((each.unit, each.suite) for each in conn.execute(query))


def _graded_by(unit: str, suite: str) -> ColumnElement[bool]:
    return and_(standings.c.unit == unit, standings.c.graded_suite == suite)


def _page_of_keys(keys: Select[Any], order: list[UnaryExpression[Any]], page: Page) -> Select[Any]:
    """Cut a page out; one of the second half is read from the end, so that the last one is as quick as the first."""
    if 2 * page.number <= page.pages:
        return sliced(keys.order_by(*order), page)
    backwards = [column.element.desc() if column.modifier is asc_op else column.element.asc() for column in order]
    return keys.order_by(*backwards).limit(page.last - page.first + 1).offset(page.total - page.last)


def _kept_total(conn: Connection, unit: str | None, state: str) -> int | None:
    """Take the length of a list from kept numbers; None where they do not tell it."""
    column = {"": "learners", "graded": "graded", "refused": "refused", "fault": "faults", "passed": "passed"}
    if state not in column:
        return None
    query = select(func.coalesce(func.sum(unit_numbers.c[column[state]]), 0))
    return int(conn.execute(query.where(unit_numbers.c.unit == unit) if unit else query).scalar_one())


def _submission_order(sort: str, *, descending: bool) -> list[UnaryExpression[Any]]:
    row = standings.c
    columns: Mapping[str, list[ColumnElement[Any]]] = {
        "learner": [],
        "name": by_name(),
        "score": [row.score],
        "submitted": [row.submitted_at],
        "attempts": [row.attempts],
        "state": [row.state, row.submitted_at],
    }
    return _directed([*columns[sort], row.learner, row.unit], descending=descending)


def waiting(conn: Connection, *, unit: str | None, page: int) -> tuple[tuple[Waiting, ...], Page]:
    """Tell a page of the queue, who waits longest first."""
    row = queue.c
    query = select(row.learner, row.unit, row.handed_in_at, student.c.first_name, student.c.last_name).outerjoin(
        student, student.c.id == row.learner
    )
    if unit:
        query = query.where(row.unit == unit)
    where = page_of(page, counted(conn, query))
    found = conn.execute(sliced(query.order_by(row.handed_in_at, row.learner), where)).mappings()
    rows = tuple(
        Waiting(
            learner=each["learner"],
            name=name_of(each["learner"], each["first_name"], each["last_name"]),
            unit=each["unit"],
            handed_in_at=each["handed_in_at"],
        )
        for each in found
    )
    return rows, where


def knows_others(conn: Connection, learner: str) -> bool:
    """Say whether anybody but *learner* is on the roster or ever handed in."""
    return conn.execute(select(student.c.id).where(student.c.id != learner).limit(1)).first() is not None


def waiting_counts(conn: Connection, units: Sequence[str]) -> dict[str, int]:
    """Count what waits in each of *units*."""
    found: dict[str, int] = dict(conn.execute(select(queue.c.unit, func.count()).group_by(queue.c.unit)).all())
    return {unit: found.get(unit, 0) for unit in units}
