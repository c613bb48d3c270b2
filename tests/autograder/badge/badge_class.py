"""A small class in a gradebook of its own, written straight into the tables, for the tests of the badge."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.gradebook import nbgrader_tables, schema, tables
from autograder.gradebook.engine import writing_engine
from autograder.settings import BadgeSettings, Settings, UnitSetting

UNITS = {"01_training": "Static versus dynamic training", "02_inference": "Static versus dynamic inference"}
SUITES = {name: hashlib.sha256(name.encode()).hexdigest() for name in UNITS}
POINTS = 18.0
STARTED = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ISSUED = datetime(2026, 4, 1, 9, 30, 15, 987654, tzinfo=UTC)


def unit_notebook(title):
    """Build the least that the grader reads of a unit: one exercise of one check."""
    statement = new_markdown_cell("## Area", id="statement")
    statement.metadata["course"] = {"kind": "statement", "exercise": "area", "title": "Area", "minutes": 5}
    check = new_code_cell("assert area(2) == 4, 'two'", id="check")
    check.metadata["course"] = {"kind": "check", "exercise": "area", "title": "is it right?", "visible": True}
    check.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": "area_of_two",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": POINTS,
    }
    notebook = new_notebook(cells=[statement, check])
    notebook.metadata["course"] = {"title": title, "question": "How large?", "minutes": 10}
    return notebook


@dataclass
class BadgeClass:
    """A class: its settings, and a way to let somebody hand something in."""

    settings: Settings

    def __post_init__(self):
        self.settings.var.mkdir(parents=True, exist_ok=True)
        self.engine = writing_engine(self.settings.db_url)
        with self.engine.connect() as conn, conn.begin():
            schema.migrate(conn)
            nbgrader_tables.student.create(conn)
            for unit, digest in SUITES.items():
                self.add_suite(conn, unit, digest)

    def add_suite(self, conn, unit, digest, *, accepted=True):
        row = {"unit": unit, "digest": digest, "source_digest": digest, "saved_at": STARTED}
        conn.execute(tables.suites.insert().values(**row, current=False, accepted=accepted))

    def hand_in(self, learner, unit, score=POINTS, *, notebook=None, suite=None, mode="M1", passed=None, hours=1):
        """Write one graded attempt and the standing that follows from it."""
        data = notebook if notebook is not None else f"{learner} {unit} {score}".encode()
        enough = score >= 0.8 * POINTS if passed is None else passed
        moment = STARTED + timedelta(hours=hours)
        digest = suite or SUITES[unit]
        row = {
            "learner": learner,
            "unit": unit,
            "submitted_at": moment,
            "received_at": moment,
            "graded_at": moment,
            "sha256": hashlib.sha256(data).hexdigest(),
            "size_bytes": len(data),
            "state": "graded",
            "reason": "",
            "score": score,
            "final_score": score,
            "max_score": POINTS,
            "passed": enough,
            "late_seconds": 0.0,
            "late_penalty": 0.0,
            "outcomes": {},
            "answers": {},
            "repairs": [],
            "cpu_seconds": 0.1,
            "wall_seconds": 0.1,
            "peak_bytes": 1,
            "mode": mode,
            "grader_version": "0.1.0",
            "suite_digest": digest,
        }
        with self.engine.connect() as conn, conn.begin():
            attempt = conn.execute(tables.attempts.insert().values(row).returning(tables.attempts.c.id)).scalar_one()
            self._stand(conn, row, attempt)
        return data

    def _stand(self, conn, row, attempt):
        standings = tables.standings
        key = (standings.c.learner == row["learner"], standings.c.unit == row["unit"])
        before = conn.execute(standings.select().where(*key)).mappings().one_or_none()
        values = {
            "attempts": 1 + (before["attempts"] if before else 0),
            "latest_attempt": attempt,
            "graded_attempt": attempt,
            "state": "graded",
            "score": row["final_score"],
            "max_score": row["max_score"],
            "late_penalty": 0.0,
            "submitted_at": row["submitted_at"],
        }
        if row["passed"] and not (before and before["passed_attempt"]):
            values |= {
                "passed_attempt": attempt,
                "passed_at": row["graded_at"],
                "passed_suite": row["suite_digest"],
            }
        if before:
            conn.execute(standings.update().where(*key).values(values))
        else:
            conn.execute(standings.insert().values(learner=row["learner"], unit=row["unit"], **values))

    def enrol(self, learner, email):
        """Write a learner into the roster."""
        with self.engine.connect() as conn, conn.begin():
            conn.execute(nbgrader_tables.student.insert().values(id=learner, email=email))

    def forget_pass(self, learner, unit):
        """Do what a confirmed regrade does to a pass."""
        standings = tables.standings
        with self.engine.connect() as conn, conn.begin():
            key = (standings.c.learner == learner, standings.c.unit == unit)
            gone = {"passed_attempt": None, "passed_at": None, "passed_suite": None}
            conn.execute(standings.update().where(*key).values(gone))

    def accept(self, unit, digest, accepted):
        """Let the course accept a suite, or no longer."""
        suites = tables.suites
        with self.engine.connect() as conn, conn.begin():
            key = (suites.c.unit == unit, suites.c.digest == digest)
            conn.execute(suites.update().where(*key).values(accepted=accepted))

    def pass_all(self, learner, score=POINTS):
        """Let a learner pass every unit."""
        for hours, unit in enumerate(UNITS, start=1):
            self.hand_in(learner, unit, score, hours=hours)

    def without(self, unit):
        """Give the same course with one required unit less."""
        units = tuple(each for each in self.settings.units if each.name != unit)
        return replace(self.settings, units=units)


def make_class(root: Path, *, mode="class", issuer="Mill Road College", address="", **changes) -> BadgeClass:
    """Make a course of two units with an empty gradebook; the keys lie beside it."""
    for unit, title in UNITS.items():
        folder = root / "course" / "source" / unit
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(unit_notebook(title), folder / "assignment.ipynb")
    var = root / "course" / "var"
    fields: Mapping = {
        "root": root / "course",
        "mode": mode,
        "learner": "ada",
        "units": tuple(UnitSetting(name=name) for name in UNITS),
        "db_url": f"sqlite:///{var / 'gradebook.db'}",
        "badge": BadgeSettings(issuer=issuer, address=address),
        "keys_folder": root / "keys",
    }
    return BadgeClass(Settings(**(fields | changes)))
