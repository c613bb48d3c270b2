"""
The gradebook as a table for other programs: CSV, a learning platform's CSV, JSON; a piece at a time, as it is read.

Text that a spreadsheet would take for a formula gets an apostrophe in front. Points are those before any late
penalty, which stands in a column of its own. Decides nothing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.nbgrader_tables import student
from autograder.gradebook.queries import UnitStanding, unit_standing
from autograder.gradebook.tables import standings
from autograder.settings import Settings

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
PERSON = ("learner", "first_name", "last_name", "email")
CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One learner with all standings."""

    learner: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    units: dict[str, UnitStanding] = field(default_factory=dict)


def defused(text: str) -> str:
    """Keep a spreadsheet from running a text: white space in front would hide a formula, so it is looked through."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text


def export_csv(settings: Settings) -> Iterator[str]:
    """Write one line a learner: points, late penalty and pass of each unit."""
    units = [unit.name for unit in settings.units]
    columns = [f"{unit} {what}" for unit in units for what in ("points", "of", "late penalty", "passed")]
    yield _line([*PERSON, *columns])
    for one in _learners(settings):
        cells: list[Any] = [one.learner, one.first_name, one.last_name, one.email]
        for unit in units:
            standing = one.units.get(unit)
            if standing is None or standing.graded_attempt is None:
                cells += ["", "", "", "no" if standing else ""]
            else:
                passed = "yes" if standing.passed else "no"
                cells += [standing.score, standing.max_score, standing.late_penalty, passed]
        yield _line(cells)


def export_canvas(settings: Settings) -> Iterator[str]:
    """Write the gradebook CSV that Canvas imports: points after late penalty, matched by SIS Login ID."""
    units = [unit.name for unit in settings.units]
    points = _points(settings)
    graded = [unit for unit in units if unit in points]
    yield _line([*CANVAS_HEAD, *graded])
    yield _line(["    Points Possible", "", "", "", "", *(points[unit] for unit in graded)])
    for one in _learners(settings):
        name = ", ".join(part for part in (one.last_name, one.first_name) if part) or one.learner
        standings_of = [one.units.get(unit) for unit in graded]
        earned = [
            max(0.0, each.score - each.late_penalty) if each is not None and each.graded_attempt is not None else ""
            for each in standings_of
        ]
        yield _line([name, one.lms_user_id, one.learner, one.email or one.learner, "", *earned])


def export_json(settings: Settings) -> Iterator[str]:
    """Write one object a learner, in a list."""
    yield "["
    for place, one in enumerate(_learners(settings)):
        units = {
            name: {
                "points": each.score,
                "of": each.max_score,
                "late_penalty": each.late_penalty,
                "passed": each.passed,
                "passed_at": each.passed_at.isoformat() if each.passed_at else None,
                "attempts": each.attempts,
                "state": each.state,
                "submitted_at": each.submitted_at.isoformat(),
            }
            for name, each in one.units.items()
        }
        told = {name: getattr(one, name) for name in PERSON} | {"units": units}
        yield ("," if place else "") + "\n" + json.dumps(told)
    yield "\n]\n"


def _learners(settings: Settings) -> Iterator[Exported]:
    with ClassQueries(settings) as book, book.reading() as conn:
        found = _standings(conn)
        ahead = next(found, None)
        for row in conn.execute(select(student).order_by(student.c.id)).mappings():
            units = {}
            while ahead is not None and ahead.learner <= row["id"]:
                if ahead.learner == row["id"]:
                    units[ahead.unit] = ahead
                ahead = next(found, None)
            names = {name: row[name] or "" for name in ("first_name", "last_name", "email", "lms_user_id")}
            yield Exported(learner=row["id"], units=units, **names)


def _standings(conn: Connection) -> Iterator[UnitStanding]:
    query = select(standings).order_by(standings.c.learner, standings.c.unit)
    for row in conn.execute(query).mappings():
        yield unit_standing(row)


def _points(settings: Settings) -> dict[str, float]:
    """Read the points of each unit that anybody was graded in."""
    with ClassQueries(settings) as book, book.reading() as conn:
        query = select(standings.c.unit, standings.c.max_score).where(standings.c.graded_attempt.is_not(None))
        return dict(conn.execute(query.distinct().order_by(standings.c.max_score)).all())


def _line(cells: Iterable[Any] | Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        [defused(cell) if isinstance(cell, str) else f"{cell:g}" for cell in cells]
    )
    return text.getvalue()
