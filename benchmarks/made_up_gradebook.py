"""
A made-up gradebook of thousands of learners, for measuring pages: through the real tables, without grading anything.

Units are made up too: each has a source notebook that the real writer saves, so that nbgrader's tables and ours agree.
Learners have an ability, checks a difficulty; who misses a check reads one of a few messages. The same seed makes the
same gradebook. Only the latest attempt of a learner keeps its notebook.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import sys
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sqlalchemy import Connection, select

from autograder.authoring.units import suite_digest
from autograder.gradebook import class_numbers
from autograder.gradebook import nbgrader_tables as nbgrader
from autograder.gradebook.class_numbers import cluster_of, score_bin
from autograder.gradebook.tables import attempt_files, attempts, audit, contacts, runs, standings
from autograder.gradebook.writer import Writer
from autograder.settings import Settings, UnitSetting

EXERCISES, CHECKS = 4, 3  # of a unit, and of an exercise
POINTS = (1.0, 1.0, 1.5)
BEGIN = datetime(2026, 2, 2, 9, tzinfo=UTC)
BATCH = 500  # learners at a time
FIRST = "Ada Bao Chiara Dario Elif Farid Gael Hana Ines Jonas Kaya Laila Mateo Nadia Omar Priya Ravi Sofia Tariq Yuki"
LAST = "Abreu Baptiste Costa Diallo Eriksen Fofana Garcia Haddad Ito Jansen Kowalska Lopez Moreau Nguyen Okafor Petrov"
MESSAGES = (
    "{name}: expected 4 rows, got 7",
    "{name}: the mean of 'delay' is 12.5, not 9.25",
    "Your answer stopped with KeyError: 'carrier' (line 3 of your cell `{name}`).",
    "{name}: labels of the same day were used before they exist",
    "{name} gave None for an empty frame",
)
MASKED = (
    "{name}: expected # rows, got #",
    "{name}: the mean of '...' is #, not #",
    "Your answer stopped with KeyError: '...' (line # of your cell `{name}`).",
    "{name}: labels of the same day were used before they exist",
    "{name} gave None for an empty frame",
)

Rows = dict[str, list[tuple[Any, ...]]]  # table -> rows


@dataclass(frozen=True)
class MadeUpCheck:
    """One check: how hard it is, for the made-up learners."""

    name: str
    exercise: str
    points: float
    difficulty: float


def source_notebook(number: int) -> NotebookNode:
    """Write the instructor's notebook of a made-up unit."""
    cells = [new_markdown_cell(f"# Unit {number}", id="title")]
    for exercise in range(1, EXERCISES + 1):
        name = f"task_{exercise}"
        about = {"exercise": name}
        statement = new_markdown_cell(f"## Task {exercise} ({sum(POINTS):g} points)", id=f"{name}-statement")
        told = {"kind": "statement", "title": f"Task {exercise}", "minutes": 10}
        cells.append(_marked(statement, f"{name}-statement", {**about, **told}))
        solution = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {number} * x\n    ### END SOLUTION"
        answer = new_code_cell(solution, id=name)
        cells.append(_marked(answer, name, {**about, "kind": "answer"}, solution=True, locked=False))
        for rung, points in enumerate(POINTS, start=1):
            check = f"{name}_rung_{rung}"
            cell = new_code_cell(f"assert {name}({rung}) == {number * rung}, 'not yet'", id=check.replace("_", "-"))
            told = {"kind": "check", "title": f"does rung {rung} of task {exercise} hold?", "visible": rung == 1}
            cells.append(_marked(cell, check, {**about, **told}, grade=True, points=points))
    notebook: NotebookNode = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["course"] = {"title": f"Made-up unit {number}", "question": "How quick is a page?", "minutes": 60}
    return notebook


def _marked(cell: NotebookNode, name: str, about: dict[str, Any], **marks: Any) -> NotebookNode:
    plain = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, "grade_id": name}
    cell.metadata["nbgrader"] = plain | marks
    cell.metadata["course"] = about
    return cell


class MadeUp:
    """Fills one gradebook."""

    def __init__(self, settings: Settings, learners: int, seed: int) -> None:
        self.settings = settings
        self.learners = [f"learner-{number:05d}" for number in range(learners)]
        self.chance = random.Random(seed)
        self.attempt = 0
        self.serial = 0
        self.checks: dict[str, list[MadeUpCheck]] = {}
        self.digests: dict[str, str] = {}
        self.blobs: dict[str, tuple[bytes, bytes]] = {}

    def units(self, writer: Writer) -> None:
        """Write and save the units."""
        for number, setting in enumerate(self.settings.units, start=1):
            source = source_notebook(number)
            path = self.settings.source / setting.name / "assignment.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(source, path)
            self.digests[setting.name] = suite_digest(source)
            writer.save_unit(setting.name, source, self.digests[setting.name])
            checks = [cell for cell in source.cells if "points" in cell.metadata.get("nbgrader", {})]
            self.checks[setting.name] = [
                MadeUpCheck(
                    name=cell.metadata.nbgrader["grade_id"],
                    exercise=cell.metadata.course["exercise"],
                    points=cell.metadata.nbgrader["points"],
                    difficulty=self.chance.gauss(-0.8 + 0.5 * (place % CHECKS), 0.7),
                )
                for place, cell in enumerate(checks)
            ]
            self.blobs[setting.name] = (_packed(source), _packed(_ran(source)))

    def fill(self, conn: Connection) -> None:
        """Insert everybody's attempts, in portions."""
        cells = _nbgrader_ids(conn)
        run_ids = self._runs(conn)
        for start in range(0, len(self.learners), BATCH):
            rows: Rows = {}
            for learner in self.learners[start : start + BATCH]:
                self._learner(rows, learner, cells, run_ids)
            for name, found in rows.items():
                _insert(conn, TABLES[name], found)
        self._care(conn)
        class_numbers.rebuild(conn)

    def _runs(self, conn: Connection) -> dict[str, int]:
        for place, setting in enumerate(self.settings.units):
            started = BEGIN + timedelta(days=7 * place + 7)
            row = {
                "unit": setting.name,
                "state": "done",
                "actor": "eve",
                "started_at": started,
                "holder": "made-up:1:1",
            }
            counts = {"total": len(self.learners), "done": len(self.learners), "refused": 0, "faults": 0}
            ends = {"finished_at": started + timedelta(minutes=20), "lease_until": started, "cancel_requested": False}
            conn.execute(runs.insert().values(**row, **counts, **ends))
        return dict(conn.execute(select(runs.c.unit, runs.c.id)).all())

    def _learner(self, rows: Rows, learner: str, cells: Any, run_ids: dict[str, int]) -> None:
        chance = self.chance
        ability, keenness = chance.gauss(0.6, 1.0), chance.random()
        first, last = chance.choice(FIRST.split()), chance.choice(LAST.split())
        rows.setdefault("student", []).append((learner, first, last, f"{learner}@example.org", None))
        for place, setting in enumerate(self.settings.units):
            if chance.random() < 0.02 + 0.03 * (1 - keenness) * place:
                break  # gave up
            tries = 1 + sum(chance.random() < 0.35 for _ in range(3))
            self._unit(rows, learner, setting.name, place, ability, tries, cells, run_ids[setting.name])

    def _unit(
        self,
        rows: Rows,
        learner: str,
        unit: str,
        place: int,
        ability: float,
        tries: int,
        cells: Any,
        run: int,
    ) -> None:
        chance, checks = self.chance, self.checks[unit]
        total = sum(check.points for check in checks)
        moment = BEGIN + timedelta(days=7 * place, minutes=chance.randint(0, 7 * 1440))
        passed: tuple[int, datetime] | None = None
        results: list[tuple[Any, ...]] = []
        for number in range(tries):
            self.attempt += 1
            moment += timedelta(minutes=chance.randint(10, 1440) if number else 0)
            results = [self._check(check, position, ability + 0.5 * number) for position, check in enumerate(checks)]
            score = sum(result[4] for result in results)
            is_pass = score >= 0.8 * total
            if is_pass and passed is None:
                passed = (self.attempt, moment)
            rows.setdefault("attempts", []).append(
                self._attempt_row(learner, unit, moment, score, total, is_pass, results, run)
            )
            rows.setdefault("check_results", []).extend(result for result in results)
        self._keep(rows, learner, unit, moment, results, tries, total, passed, cells)

    def _check(self, check: MadeUpCheck, position: int, ability: float) -> tuple[Any, ...]:
        chance = self.chance
        right = chance.random() < 1 / (1 + math.exp(check.difficulty - ability))
        outcome, message, masked, idea = "passed", "", "", None
        if not right:
            outcome = "not attempted" if chance.random() < 0.08 else chance.choice(("wrong", "wrong", "error"))
            which = min(int(chance.expovariate(0.8)), len(MESSAGES) - 1)
            message, masked = MESSAGES[which].format(name=check.name), MASKED[which].format(name=check.name)
            idea = f"{check.exercise}_idea_{which}" if which in (0, 3) else None
        earned = check.points if right else 0.0
        named = (self.attempt, position, check.exercise, check.name)
        return (
            *named,
            earned,
            check.points,
            outcome,
            message,
            masked,
            idea,
            cluster_of(outcome, masked) if masked else "",
        )

    def _attempt_row(
        self,
        learner: str,
        unit: str,
        moment: datetime,
        score: float,
        total: float,
        is_pass: bool,
        results: Sequence[tuple[Any, ...]],
        run: int,
    ) -> tuple[Any, ...]:
        sha = f"{self.attempt:064x}"
        outcomes = json.dumps(dict(Counter(result[6] for result in results)))
        told = (
            learner,
            unit,
            _stored(moment),
            _stored(moment + timedelta(seconds=5)),
            _stored(moment + timedelta(hours=1)),
        )
        scores = (sha, 20_000, "graded", "", score, score, total, is_pass, 0.0, 0.0)
        costs = (outcomes, "{}", "[]", 0.15, 0.2, 150_000_000, "M1", "bench", self.digests[unit], run, None)
        return (self.attempt, *told, *scores, *costs)

    def _keep(
        self,
        rows: Rows,
        learner: str,
        unit: str,
        moment: datetime,
        results: Sequence[tuple[Any, ...]],
        tries: int,
        total: float,
        passed: tuple[int, datetime] | None,
        cells: Any,
    ) -> None:
        score = sum(result[4] for result in results)
        first = (passed[0], _stored(passed[1]), self.digests[unit]) if passed else (None, None, None)
        points = (score, total, 0.0, _stored(moment))
        latest = (learner, unit, tries, self.attempt, self.attempt, "graded", *points)
        more = (self.digests[unit], score_bin(score, total))
        rows.setdefault("standings", []).append((*latest, *first, *more))
        rows.setdefault("attempt_files", []).append((self.attempt, *self.blobs[unit], "made-up"))
        assignment, notebook, graded, solved = cells[unit]
        submitted, sheet = self._id(), self._id()
        rows.setdefault("submitted_assignment", []).append((submitted, assignment, learner, _stored(moment)))
        rows.setdefault("submitted_notebook", []).append((sheet, submitted, notebook))
        earned = {result[3]: result[4] for result in results}
        rows.setdefault("grade", []).extend(
            (self._id(), sheet, cell, earned[name], None, None, False) for name, cell in graded
        )
        rows.setdefault("comment", []).extend((self._id(), sheet, cell) for _, cell in solved)

    def _id(self) -> str:
        self.serial += 1
        return f"{self.serial:032x}"

    def _care(self, conn: Connection) -> None:
        """Add what instructors did: contacts and overrides in the audit."""
        now = BEGIN + timedelta(days=90)
        chosen = self.chance.sample(self.learners, max(1, len(self.learners) // 50))
        states = ("pending", "contacted", "resolved")
        rows = [
            {"learner": learner, "state": states[place % 3], "actor": "eve", "changed_at": now, "note": "wrote to them"}
            for place, learner in enumerate(chosen)
        ]
        conn.execute(contacts.insert(), rows)
        notes = [
            {"at": now, "actor": "eve", "action": "contact", "subject": row["learner"], "reason": "wrote to them"}
            | {"before": {"state": ""}, "after": {"state": row["state"]}}
            for row in rows
        ]
        conn.execute(audit.insert(), notes)


CHECK_COLUMNS = ("attempt", "position", "exercise", "check_name", "earned", "points", "outcome", "message")
TABLES: dict[str, tuple[str, tuple[str, ...], str]] = {  # name -> table, columns given, further "column, ..." | values
    "student": ("student", ("id", "first_name", "last_name", "email", "lms_user_id"), ""),
    "attempts": ("course_attempts", tuple(attempts.c.keys()), ""),
    "check_results": (
        "course_check_results",
        (*CHECK_COLUMNS, "masked_message", "misconception", "cluster"),
        "next_step, cpu_seconds, wall_seconds, peak_bytes|'', 0.01, 0.01, 100000000",
    ),
    "standings": ("course_standings", tuple(standings.c.keys()), ""),
    "attempt_files": ("course_attempt_files", tuple(attempt_files.c.keys()), ""),
    "submitted_assignment": ("submitted_assignment", ("id", "assignment_id", "student_id", "timestamp"), ""),
    "submitted_notebook": ("submitted_notebook", ("id", "assignment_id", "notebook_id"), "flagged|0"),
    "grade": ("grade", tuple(nbgrader.grade.c.keys()), ""),
    "comment": ("comment", ("id", "notebook_id", "cell_id"), ""),
}


def _insert(conn: Connection, table: tuple[str, tuple[str, ...], str], rows: list[tuple[Any, ...]]) -> None:
    name, columns, further = table
    extra, _, values = further.partition("|")
    listed = ", ".join([*columns, *([extra] if extra else [])])
    slots = ", ".join(["?" for _ in columns] + ([values] if values else []))
    conn.exec_driver_sql(f"INSERT INTO {name} ({listed}) VALUES ({slots})", rows)


def _nbgrader_ids(conn: Connection) -> dict[str, tuple[str, str, list[tuple[str, str]], list[tuple[str, str]]]]:
    """Map each unit to nbgrader's ids: assignment, notebook, grade cells, solution cells."""
    found = {}
    query = select(nbgrader.assignment.c.id, nbgrader.assignment.c.name, nbgrader.notebook.c.id)
    for assignment, unit, notebook in conn.execute(
        query.join(nbgrader.notebook, nbgrader.notebook.c.assignment_id == nbgrader.assignment.c.id)
    ).all():
        cells: dict[str, list[tuple[str, str]]] = {"GradeCell": [], "SolutionCell": []}
        listed = "SELECT name, id, type FROM base_cell WHERE notebook_id = ?"
        for name, cell, what in conn.exec_driver_sql(listed, (notebook,)):
            cells.setdefault(what, []).append((name, cell))
        found[unit] = (assignment, notebook, cells["GradeCell"], cells["SolutionCell"])
    return found


def _stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _ran(source: NotebookNode) -> NotebookNode:
    """Give a notebook the outputs of a run."""
    notebook: NotebookNode = nbformat.from_dict(json.loads(nbformat.writes(source)))
    for place, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count = place + 1
        if place % 4 == 3:
            cell.outputs = [new_output("error", ename="AssertionError", evalue="not yet", traceback=["not yet"])]
    return notebook


def _packed(notebook: NotebookNode) -> bytes:
    return zlib.compress(nbformat.writes(notebook).encode(), 6)


def make_gradebook(folder: Path, learners: int, *, units: int = 11, seed: int = 2013) -> Settings:
    """
    Make a course of made-up units with a gradebook below *folder*, which must not be there yet.

    Returns:
        Settings of that course.
    """
    folder.mkdir(parents=True)
    names = [f"{number:02d}_made_up" for number in range(1, units + 1)]
    listed = "\n".join(f'"{name}" = {{ required = true }}' for name in names)
    (folder / "course.toml").write_text(f'mode = "class"\nlearner = "eve"\n\n[units]\n{listed}\n', encoding="utf-8")
    settings = Settings(
        root=folder,
        mode="class",
        learner="eve",
        units=tuple(UnitSetting(name=name) for name in names),
        db_url=f"sqlite:///{folder / 'var' / 'gradebook.db'}",
    )
    made_up = MadeUp(settings, learners, seed)
    with Writer(settings) as writer:
        made_up.units(writer)
        with writer.engine.begin() as conn:
            made_up.fill(conn)
    return settings


if __name__ == "__main__":
    place, count = Path(sys.argv[1]), int(sys.argv[2])
    shutil.rmtree(place, ignore_errors=True)
    begun = time.perf_counter()
    make_gradebook(place, count)
    size = (place / "var" / "gradebook.db").stat().st_size
    print(f"{count} learners in {time.perf_counter() - begun:.0f} s, {size >> 20} MiB in {place}")
