"""
How a class stands: counts of units, submissions per day, what needs attention, and who is at risk.

Works on a connection of the caller's and reads kept numbers, never all attempts. Decides the at-risk rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, false, func, or_, select

from autograder.gradebook.class_numbers import STUCK_ATTEMPTS
from autograder.gradebook.class_rows import (
    SMALLEST_CLASS,
    Attention,
    DayCount,
    Overview,
    RiskRule,
    RunState,
    UnitCounts,
)
from autograder.gradebook.class_tables import (
    day_numbers,
    learner_numbers,
    looks,
    queue,
    regrades,
    suite_numbers,
    unit_numbers,
)
from autograder.gradebook.nbgrader_tables import student
from autograder.gradebook.tables import standings, suites

QUIET_DAYS = 14
BEHIND_UNITS = 2
DAYS_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class Risk:
    """The at-risk rule of today, and its conditions on `student` outer-joined with `learner_numbers`."""

    rule: RiskRule
    conditions: Mapping[str, ColumnElement[bool]]  # in the order of RISKS

    @property
    def any(self) -> ColumnElement[bool]:
        """Whether any condition holds."""
        return or_(*self.conditions.values())


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many there are."""

    learners: int  # on the roster, or ever handed something in
    active: int


def size_of(conn: Connection) -> Size:
    """Count the class."""
    learners = conn.execute(select(func.count()).select_from(student)).scalar_one()
    active = conn.execute(select(func.count()).select_from(learner_numbers)).scalar_one()
    return Size(learners=learners, active=active)


def risk_of(conn: Connection, size: Size) -> Risk:
    """Make the at-risk rule: it compares a learner with the class, so that it needs no clock and no due dates."""
    row = learner_numbers.c
    middle = select(row.passed).order_by(row.passed).limit(1).offset(max(0, (size.active - 1) // 2))
    middle_passed = conn.execute(middle).scalar_one_or_none() or 0
    latest: datetime | None = conn.execute(
        select(row.last_submitted_at).order_by(row.last_submitted_at.desc()).limit(1)
    ).scalar_one_or_none()
    units = conn.execute(select(func.count()).select_from(unit_numbers)).scalar_one()
    quiet_since = latest - timedelta(days=QUIET_DAYS) if latest else None
    rule = RiskRule(
        quiet_days=QUIET_DAYS,
        quiet_since=quiet_since,
        stuck_attempts=STUCK_ATTEMPTS,
        behind_units=BEHIND_UNITS,
        middle_passed=middle_passed,
    )
    most_have = size.active > 0 and 2 * size.active >= size.learners
    conditions: dict[str, ColumnElement[bool]] = {
        "nothing": row.learner.is_(None) if most_have else false(),
        "quiet": and_(row.last_submitted_at < quiet_since, row.passed < units) if quiet_since else false(),
        "stuck": row.stuck > 0,
        "behind": row.passed <= middle_passed - BEHIND_UNITS,
    }
    return Risk(rule=rule, conditions=conditions)


def at_risk(conn: Connection, risk: Risk) -> int:
    """Count the learners at risk."""
    joined = student.outerjoin(learner_numbers, learner_numbers.c.learner == student.c.id)
    return int(conn.execute(select(func.count()).select_from(joined).where(risk.any)).scalar_one())


def unit_counts(conn: Connection, units: Sequence[str]) -> tuple[UnitCounts, ...]:
    """Count each of *units*."""
    numbers = {row["unit"]: row for row in conn.execute(select(unit_numbers)).mappings()}
    waiting: dict[str, int] = dict(conn.execute(select(queue.c.unit, func.count()).group_by(queue.c.unit)).all())
    due = _regrade_due(conn)
    return tuple(_unit(unit, numbers.get(unit), waiting.get(unit, 0), due.get(unit, 0)) for unit in units)


def _unit(unit: str, row: RowMapping | None, waiting: int, due: int) -> UnitCounts:
    names = ("learners", "graded", "refused", "faults", "passed", "attempts")
    counts = {name: int(row[name]) if row else 0 for name in names}
    told = counts["learners"] >= SMALLEST_CLASS
    scored = row["scored"] if row else 0
    return UnitCounts(
        unit=unit,
        waiting=waiting,
        regrade_due=due,
        pass_share=counts["passed"] / counts["learners"] if told else None,
        mean_share=row["share_sum"] / scored if row and scored >= SMALLEST_CLASS else None,
        **counts,
    )


def _regrade_due(conn: Connection) -> dict[str, int]:
    """Count by unit who was graded by older tests, and who was marked though graded by today's."""
    older = (
        select(suite_numbers.c.unit, func.sum(suite_numbers.c.learners))
        .join(suites, and_(suites.c.unit == suite_numbers.c.unit, suites.c.digest == suite_numbers.c.suite))
        .where(suites.c.current.is_(False))
        .group_by(suite_numbers.c.unit)
    )
    same = and_(standings.c.learner == regrades.c.learner, standings.c.unit == regrades.c.unit)
    today = and_(suites.c.unit == regrades.c.unit, suites.c.digest == standings.c.graded_suite, suites.c.current)
    marked = select(regrades.c.unit, func.count()).join(standings, same).join(suites, today).group_by(regrades.c.unit)
    found: dict[str, int] = {}
    for query in (older, marked):
        for unit, count in conn.execute(query):
            found[unit] = found.get(unit, 0) + int(count)
    return found


def overview(conn: Connection, units: Sequence[str], unit_runs: Sequence[RunState]) -> Overview:
    """
    Tell the first page.

    Args:
        conn: The caller's connection.
        units: Units of the course, in its order.
        unit_runs: The latest run of each unit.
    """
    size = size_of(conn)
    counts = unit_counts(conn, units)
    return Overview(
        learners=size.learners,
        active=size.active,
        at_risk=at_risk(conn, risk_of(conn, size)),
        units=counts,
        days=_days(conn),
        attention=_attention(counts, unit_runs),
        waiting=sum(each.waiting for each in counts),
        queue_seen_at=conn.execute(select(looks.c.at)).scalar_one_or_none(),
        running=tuple(each for each in unit_runs if each.going_on or each.phase == "interrupted"),
    )


def _days(conn: Connection) -> tuple[DayCount, ...]:
    row = day_numbers.c
    query = select(row.day, row.submissions).order_by(row.day.desc()).limit(DAYS_SHOWN)
    found = dict(conn.execute(query).all())
    if not found:
        return ()
    last = max(found)
    days = [last - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    return tuple(DayCount(day=day, submissions=found.get(day, 0)) for day in days if day >= min(found))


def _attention(counts: Sequence[UnitCounts], unit_runs: Sequence[RunState]) -> tuple[Attention, ...]:
    fields = {"fault": "faults", "waiting": "waiting", "regrade": "regrade_due", "refused": "refused"}
    ended = [each.run.unit for each in unit_runs if each.phase in {"interrupted", "stopped"}]
    found = [Attention(kind="interrupted", unit=unit, count=1) for unit in ended]
    for kind, field in fields.items():
        found += [
            Attention(kind=kind, unit=each.unit, count=getattr(each, field)) for each in counts if getattr(each, field)
        ]
    return tuple(found)
