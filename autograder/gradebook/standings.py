"""
Where a learner stands in a unit: the latest attempt, and the pass that is never forgotten. Pure but for its one row.

A unit is passed with `pass_share` of its points before any late penalty, overrides included, under a suite that the
course accepts. Once passed it stays passed, whatever a later attempt earns; nbgrader's row shows the latest attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from autograder.gradebook.tables import standings, suites

ROUNDING = 1e-9  # ten checks of 0.1 points make one point


def is_pass(score: float, max_score: float, pass_share: float) -> bool:
    """Say whether *score* is enough; a unit without points cannot be passed."""
    return max_score > 0 and score >= pass_share * max_score - ROUNDING


def update(conn: Connection, attempt_id: int, attempt: Mapping[str, Any]) -> None:
    """Let one new attempt (a row of course_attempts) count."""
    key = (standings.c.learner == attempt["learner"], standings.c.unit == attempt["unit"])
    before = conn.execute(select(standings).where(*key)).mappings().one_or_none()
    values: dict[str, Any] = {
        "attempts": 1 + (before["attempts"] if before else 0),
        "latest_attempt": attempt_id,
        "state": attempt["state"],
        "submitted_at": attempt["submitted_at"],
    }
    if attempt["state"] == "graded":
        values |= {
            "graded_attempt": attempt_id,
            "score": attempt["final_score"],
            "max_score": attempt["max_score"],
            "late_penalty": attempt["late_penalty"],
        }
        passed_before = before is not None and before["passed_attempt"] is not None
        if attempt["passed"] and not passed_before and _accepted(conn, attempt):
            values |= {
                "passed_attempt": attempt_id,
                "passed_at": attempt["graded_at"],
                "passed_suite": attempt["suite_digest"],
            }
    if before:
        conn.execute(standings.update().where(*key).values(values))
        return
    empty = {"score": 0.0, "max_score": 0.0, "late_penalty": 0.0}
    conn.execute(standings.insert().values(learner=attempt["learner"], unit=attempt["unit"], **(empty | values)))


def _accepted(conn: Connection, attempt: Mapping[str, Any]) -> bool:
    query = select(suites.c.accepted).where(
        suites.c.unit == attempt["unit"], suites.c.digest == attempt["suite_digest"]
    )
    return bool(conn.execute(query).scalar_one_or_none())
