"""
Keep the numbers about a class right: each change of a standing moves them by as much, in the same transaction.

Decides what counts: a learner counts once in each unit, by the latest graded attempt, and in the analysis of checks
under the tests that graded it. A check's numbers are those of the tests; what a person gave by hand changes scores
and passes, not the analysis. `rebuild` makes all numbers anew and is what the moving numbers must equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, case, delete, distinct, func, insert, select

from autograder.gradebook.class_tables import (
    check_numbers,
    day_numbers,
    learner_numbers,
    message_numbers,
    misconception_numbers,
    suite_numbers,
    unit_numbers,
)
from autograder.gradebook.engine import upsert
from autograder.gradebook.tables import attempts, check_results, standings
from autograder.model import Outcome

STUCK_ATTEMPTS = 3  # so many attempts at a unit without a pass: the learner is stuck
SCORE_BINS = 20

CHECK_SUMS = (
    "learners",
    "not_passed",
    "not_attempted",
    "earned",
    "earned_squares",
    "rest",
    "rest_squares",
    "products",
)


def cluster_of(outcome: str, masked_message: str) -> str:
    """Name the learners' messages that differ in numbers and quoted text only."""
    return hashlib.sha256(f"{outcome}\0{masked_message}".encode()).hexdigest()[:16]


def score_bin(score: float, max_score: float) -> int | None:
    """Say in which twentieth of the points a score lies, from 0; full marks and more lie in the last one."""
    if max_score <= 0:
        return None
    return max(0, min(SCORE_BINS - 1, int(score / max_score * SCORE_BINS + 1e-9)))


def count_day(conn: Connection, submitted_at: datetime) -> None:
    """Count one submission, on its day by UTC."""
    day = submitted_at.astimezone(UTC).date()
    upsert(conn, day_numbers, [{"day": day, "submissions": 1}], add=["submissions"])


def move_standing(conn: Connection, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Let the numbers of unit and learner follow a standing that was written just now."""
    change = _contribution(after)
    for name, value in _contribution(before).items():
        change[name] -= value
    upsert(conn, unit_numbers, [{"unit": after["unit"]} | change], add=list(change))
    _sum_learner(conn, after["learner"])
    suites = {after["graded_suite"]: 1}
    if before is not None:
        suites[before["graded_suite"]] = suites.get(before["graded_suite"], 0) - 1
    moved = [
        {"unit": after["unit"], "suite": suite, "learners": by} for suite, by in suites.items() if suite and by != 0
    ]
    upsert(conn, suite_numbers, moved, add=["learners"])


def _contribution(standing: Mapping[str, Any] | None) -> dict[str, float]:
    names = ("learners", "graded", "refused", "faults", "passed", "attempts", "scored", "share_sum")
    if standing is None:
        return dict.fromkeys(names, 0)
    state = standing["state"]
    scored = standing["graded_attempt"] is not None
    share = standing["score"] / standing["max_score"] if scored and standing["max_score"] > 0 else 0.0
    values = (1, state == "graded", state == "refused", state == "fault", standing["passed_attempt"] is not None)
    return dict(zip(names, (*map(int, values), standing["attempts"], int(scored), share), strict=True))


def _sum_learner(conn: Connection, learner: str) -> None:
    row = conn.execute(_learner_sums().where(standings.c.learner == learner)).mappings().one()
    upsert(conn, learner_numbers, [dict(row)])


def _learner_sums() -> Select[Any]:
    row = standings.c
    stuck = case((row.passed_attempt.is_(None) & (row.attempts >= STUCK_ATTEMPTS), 1), else_=0)
    return select(
        row.learner,
        func.count().label("handed_in"),
        func.count(row.passed_attempt).label("passed"),
        func.sum(row.attempts).label("attempts"),
        func.sum(stuck).label("stuck"),
        func.sum(row.score).label("score"),
        func.sum(row.max_score).label("max_score"),
        func.max(row.submitted_at).label("last_submitted_at"),
    ).group_by(row.learner)


def move_attempt(conn: Connection, unit: str, before: int | None, after: int) -> None:
    """Let the analysis of checks follow a learner from one graded attempt to the next one."""
    for attempt, sign in ((before, -1), (after, 1)):
        if attempt is not None:
            _count_attempt(conn, unit, attempt, sign)


def _count_attempt(conn: Connection, unit: str, attempt: int, sign: int) -> None:
    suite = conn.execute(select(attempts.c.suite_digest).where(attempts.c.id == attempt)).scalar_one()
    query = select(check_results).where(check_results.c.attempt == attempt).order_by(check_results.c.position)
    rows = conn.execute(query).mappings().all()
    key = {"unit": unit, "suite": suite}
    total = sum(row["earned"] for row in rows)
    upsert(conn, check_numbers, [key | _check_sums(row, total, sign) for row in rows], add=CHECK_SUMS)
    messages = [
        key
        | {name: row[name] for name in ("check_name", "cluster", "outcome", "masked_message", "misconception")}
        | {"sample_attempt": attempt, "learners": sign}
        for row in rows
        if row["cluster"]
    ]
    upsert(conn, message_numbers, messages, add=["learners"], keep=sign < 0)
    upsert(conn, misconception_numbers, _misconceptions(key, rows, sign), add=["learners"], keep=sign < 0)


def _check_sums(row: RowMapping, total: float, sign: int) -> dict[str, Any]:
    earned = row["earned"]
    rest = total - earned
    named = {name: row[name] for name in ("check_name", "exercise", "position", "points")}
    sums = (
        1,
        int(row["cluster"] != ""),
        int(row["outcome"] == Outcome.NOT_ATTEMPTED),
        earned,
        earned * earned,
        rest,
        rest * rest,
        earned * rest,
    )
    return named | {name: sign * value for name, value in zip(CHECK_SUMS, sums, strict=True)}


def _misconceptions(key: Mapping[str, Any], rows: Sequence[RowMapping], sign: int) -> list[dict[str, Any]]:
    """Count a wrong idea once a learner, however many checks it costs."""
    shown = {row["misconception"]: row["exercise"] for row in rows if row["misconception"]}
    return [{**key, "misconception": name, "exercise": exercise, "learners": sign} for name, exercise in shown.items()]


def rebuild(conn: Connection) -> None:
    """Make every number anew from attempts, check results and standings."""
    for table in (
        learner_numbers,
        unit_numbers,
        suite_numbers,
        day_numbers,
        check_numbers,
        message_numbers,
        misconception_numbers,
    ):
        conn.execute(delete(table))
    conn.execute(insert(learner_numbers).from_select(list(learner_numbers.c.keys()), _learner_sums()))
    _rebuild_units(conn)
    row = attempts.c  # of which several may be gradings of one submission
    handed_in = select(row.learner, row.unit, row.submitted_at, row.sha256).distinct().subquery()
    day = func.date(handed_in.c.submitted_at)
    days = conn.execute(select(day, func.count()).group_by(day)).all()
    if days:
        rows = [{"day": datetime.fromisoformat(str(found)).date(), "submissions": count} for found, count in days]
        conn.execute(insert(day_numbers), rows)
    _rebuild_checks(conn)
    _rebuild_messages(conn)


def _rebuild_units(conn: Connection) -> None:
    row = standings.c
    share = case((row.graded_attempt.is_not(None) & (row.max_score > 0), row.score / row.max_score), else_=0.0)
    states = [func.sum(case((row.state == state, 1), else_=0)) for state in ("graded", "refused", "fault")]
    counts = (func.count(row.passed_attempt), func.sum(row.attempts), func.count(row.graded_attempt), func.sum(share))
    units = select(row.unit, func.count(), *states, *counts).group_by(row.unit)
    conn.execute(insert(unit_numbers).from_select(list(unit_numbers.c.keys()), units))
    suites = (
        select(row.unit, row.graded_suite, func.count())
        .where(row.graded_suite.is_not(None))
        .group_by(row.unit, row.graded_suite)
    )
    conn.execute(insert(suite_numbers).from_select(list(suite_numbers.c.keys()), suites))


def _rebuild_checks(conn: Connection) -> None:
    row, standing = check_results.c, standings.c
    totals = (
        select(row.attempt, func.sum(row.earned).label("total"))
        .join(standings, standing.graded_attempt == row.attempt)
        .group_by(row.attempt)
        .subquery()
    )
    rest = totals.c.total - row.earned
    named = (standing.unit, standing.graded_suite, row.check_name)
    sums = (
        func.count(),
        func.sum(case((row.cluster != "", 1), else_=0)),
        func.sum(case((row.outcome == Outcome.NOT_ATTEMPTED.value, 1), else_=0)),
        func.sum(row.earned),
        func.sum(row.earned * row.earned),
        func.sum(rest),
        func.sum(rest * rest),
        func.sum(row.earned * rest),
    )
    query = (
        select(*named, func.max(row.exercise), func.max(row.position), func.max(row.points), *sums)
        .join(standings, standing.graded_attempt == row.attempt)
        .join(totals, totals.c.attempt == row.attempt)
        .group_by(*named)
    )
    conn.execute(insert(check_numbers).from_select(list(check_numbers.c.keys()), query))


def _rebuild_messages(conn: Connection) -> None:
    row, standing = check_results.c, standings.c
    key = (standing.unit, standing.graded_suite)
    met = (func.max(row.outcome), func.max(row.masked_message), func.max(row.misconception), func.max(row.attempt))
    messages = (
        select(*key, row.check_name, row.cluster, *met, func.count())
        .join(standings, standing.graded_attempt == row.attempt)
        .where(row.cluster != "")
        .group_by(*key, row.check_name, row.cluster)
    )
    conn.execute(insert(message_numbers).from_select(list(message_numbers.c.keys()), messages))
    ideas = (
        select(*key, row.misconception, func.max(row.exercise), func.count(distinct(row.attempt)))
        .join(standings, standing.graded_attempt == row.attempt)
        .where(row.misconception.is_not(None))
        .group_by(*key, row.misconception)
    )
    conn.execute(insert(misconception_numbers).from_select(list(misconception_numbers.c.keys()), ideas))
