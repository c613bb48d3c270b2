"""
Find scores that people changed in nbgrader's own formgrader, which tells nobody: points by hand, extra credit.

Works on a connection of the caller's and reads only; `Desk.follow_formgrader` lets the differences count. Looks at
submissions with points by hand, and at those that had some, so that it is cheap however large the class is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select

from autograder.gradebook import nbgrader_tables as nbgrader
from autograder.gradebook.tables import attempts, standings

ROUNDING = 1e-6  # points


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A submission whose score in nbgrader's rows is another than ours."""

    learner: str
    unit: str
    attempt: int  # that counts
    score: float  # by nbgrader's rows


def score_of(conn: Connection, learner: str, unit: str) -> float:
    """Add up what nbgrader would: a person's points where there are any, the tests' points else, and extra credit."""
    total = 0.0
    for cell in conn.execute(nbgrader.grades_of(learner, unit)).mappings():
        given = cell["manual_score"] if cell["manual_score"] is not None else cell["auto_score"]
        total += (given or 0.0) + (cell["extra_credit"] or 0.0)
    return total


def differences(conn: Connection) -> tuple[Difference, ...]:
    """List what people changed since our numbers were written."""
    found = {(each.learner, each.unit): (each, ours) for each, ours in _by_hand_now(conn)}
    for learner, unit, attempt, ours in _by_hand_before(conn):
        if (learner, unit) not in found:  # somebody took the points back
            score = score_of(conn, learner, unit)
            found[learner, unit] = Difference(learner=learner, unit=unit, attempt=attempt, score=score), ours
    return tuple(each for _, (each, ours) in sorted(found.items()) if abs(each.score - ours) > ROUNDING)


def _by_hand_now(conn: Connection) -> Iterator[tuple[Difference, float]]:
    """Add up the submissions in which people gave points; gives our score too."""
    given, sheet, row = nbgrader.grade.c, nbgrader.submitted_notebook.c, standings.c
    handed_in, unit = nbgrader.submitted_assignment.c, nbgrader.assignment.c
    by_hand = or_(given.manual_score.is_not(None), given.extra_credit.is_not(None))  # an index's, word by word
    touched = select(given.notebook_id.label("id")).where(by_hand).distinct().subquery()
    points = func.coalesce(given.manual_score, given.auto_score, 0.0) + func.coalesce(given.extra_credit, 0.0)
    query = (
        select(row.learner, row.unit, row.graded_attempt, row.score, func.sum(points).label("points"))
        .select_from(touched)
        .join(nbgrader.grade, given.notebook_id == touched.c.id)
        .join(nbgrader.submitted_notebook, sheet.id == touched.c.id)
        .join(nbgrader.submitted_assignment, handed_in.id == sheet.assignment_id)
        .join(nbgrader.assignment, unit.id == handed_in.assignment_id)
        .join(standings, and_(row.learner == handed_in.student_id, row.unit == unit.name))
        .where(row.graded_attempt.is_not(None))
        .group_by(row.learner, row.unit, row.graded_attempt, row.score)
    )
    for each in conn.execute(query):
        found = Difference(learner=each.learner, unit=each.unit, attempt=each.graded_attempt, score=each.points)
        yield found, each.score


def _by_hand_before(conn: Connection) -> Iterator[tuple[str, str, int, float]]:
    """Tell the submissions whose score held points by hand when we last looked: learner, unit, attempt, our score."""
    row, attempt = standings.c, attempts.c
    counting = and_(row.learner == attempt.learner, row.unit == attempt.unit, row.graded_attempt == attempt.id)
    query = select(row.learner, row.unit, attempt.id, row.score).select_from(attempts).join(standings, counting)
    for each in conn.execute(query.where(attempt.score != attempt.final_score)):
        yield each.learner, each.unit, each.id, each.score
