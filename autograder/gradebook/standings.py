"""
Where a learner stands in a unit: the latest attempt, and the pass that is never forgotten by itself.

A unit is passed with `pass_share` of its points before any late penalty, overrides included, under a suite that the
course accepts. Once passed it stays passed, whatever a later attempt earns; nbgrader's row shows the latest attempt.
Attempts are counted as submissions: a new grading of the same one, by its moment and bytes, is no further attempt.
Only a person's override, with a reason in the audit, makes the gradebook look again for the first attempt that passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from autograder.gradebook import class_numbers
from autograder.gradebook.tables import attempts, standings, suites

ROUNDING = 1e-9  # ten checks of 0.1 points make one point
EMPTY = {
    "graded_attempt": None,
    "score": 0.0,
    "max_score": 0.0,
    "late_penalty": 0.0,
    "passed_attempt": None,
    "passed_at": None,
    "passed_suite": None,
    "graded_suite": None,
    "score_bin": None,
}


def is_pass(score: float, max_score: float, pass_share: float) -> bool:
    """Say whether *score* is enough; a unit without points cannot be passed."""
    return max_score > 0 and score >= pass_share * max_score - ROUNDING


def update(conn: Connection, attempt_id: int, attempt: Mapping[str, Any]) -> None:
    """Let one new attempt (a row of course_attempts, its check results written) count."""
    before = read(conn, attempt["learner"], attempt["unit"])
    after = {"learner": attempt["learner"], "unit": attempt["unit"]} | EMPTY | (before or {})
    handed_in = _handed_in(conn, attempt["learner"], attempt["unit"])
    after |= {
        "attempts": len(handed_in),
        "latest_attempt": attempt_id,
        "state": attempt["state"],
        "submitted_at": attempt["submitted_at"],
    }
    if attempt["state"] == "graded":
        after |= {
            "graded_attempt": attempt_id,
            "score": attempt["final_score"],
            "max_score": attempt["max_score"],
            "late_penalty": attempt["late_penalty"],
            "graded_suite": attempt["suite_digest"],
            "score_bin": class_numbers.score_bin(attempt["final_score"], attempt["max_score"]),
        }
        if attempt["passed"] and after["passed_attempt"] is None and _accepted(conn, attempt):
            after |= {
                "passed_attempt": attempt_id,
                "passed_at": attempt["graded_at"],
                "passed_suite": attempt["suite_digest"],
            }
        class_numbers.move_attempt(conn, attempt["unit"], before["graded_attempt"] if before else None, attempt_id)
    if handed_in[(attempt["submitted_at"], attempt["sha256"])] == 1:
        class_numbers.count_day(conn, attempt["submitted_at"])
    _write(conn, before, after)


def _handed_in(conn: Connection, learner: str, unit: str) -> dict[tuple[datetime, str], int]:
    """Tell a learner's submissions of a unit by moment and bytes, and how often each was looked at."""
    same = (attempts.c.submitted_at, attempts.c.sha256)
    query = select(*same, func.count()).where(attempts.c.learner == learner, attempts.c.unit == unit).group_by(*same)
    return {(moment, sha256): count for moment, sha256, count in conn.execute(query)}


def rescore(conn: Connection, learner: str, unit: str, score: float) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """
    Let a score count that a person changed; the attempt's own row has it already.

    Returns:
        The standing before and after.
    """
    before = read(conn, learner, unit)
    if before is None:
        raise LookupError(f"{learner}/{unit} has no standing")
    after = before | {"score": score, "score_bin": class_numbers.score_bin(score, before["max_score"])}
    first = (
        select(attempts.c.id, attempts.c.graded_at, attempts.c.suite_digest)
        .join(suites, and_(suites.c.unit == attempts.c.unit, suites.c.digest == attempts.c.suite_digest))
        .where(attempts.c.learner == learner, attempts.c.unit == unit, attempts.c.passed, suites.c.accepted)
        .order_by(attempts.c.id)
        .limit(1)
    )
    found = conn.execute(first).one_or_none()
    names = ("passed_attempt", "passed_at", "passed_suite")
    after |= dict(zip(names, found if found else (None, None, None), strict=True))
    _write(conn, before, after)
    return before, after


def read(conn: Connection, learner: str, unit: str) -> dict[str, Any] | None:
    """Read where a learner stands; None if nothing was ever handed in."""
    query = select(standings).where(standings.c.learner == learner, standings.c.unit == unit)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else {str(name): value for name, value in row.items()}


def _write(conn: Connection, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    if before is None:
        conn.execute(standings.insert().values(after))
    else:
        key = (standings.c.learner == after["learner"], standings.c.unit == after["unit"])
        conn.execute(standings.update().where(*key).values(after))
    class_numbers.move_standing(conn, before, after)


def _accepted(conn: Connection, attempt: Mapping[str, Any]) -> bool:
    query = select(suites.c.accepted).where(
        suites.c.unit == attempt["unit"], suites.c.digest == attempt["suite_digest"]
    )
    return bool(conn.execute(query).scalar_one_or_none())
