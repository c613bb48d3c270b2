"""
nbgrader's own rows, written as nbgrader would write them: cells of a unit, students, submissions, scores, comments.

The only module that imports nbgrader's gradebook. nbgrader commits after every call; here its session stands on the
caller's connection and each of its commits is a savepoint, so that the caller's transaction alone decides. Never
touches `manual_score`, `extra_credit`, `manual_comment` and `flagged`: they belong to people.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
from alembic.script import ScriptDirectory
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    SaveCells,
)
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import scoped_session, sessionmaker
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import CourseError, PlatformError
from autograder.gradebook.attempts import Scores, Verdict
from autograder.gradebook.nbgrader_tables import FIRST_NAME, LAST_NAME
from autograder.settings import Settings

Mapped = Any  # an object of nbgrader's mapping, whose annotations name columns instead of values

NOTEBOOK = "assignment"  # nbgrader's name for the one notebook of each unit
CONFIG_FILE = "nbgrader_config.py"
NO_RESPONSE = "No response."  # nbgrader's own words for an answer cell that is as it was released

# what generate_assignment does to a notebook before it saves the cells: hidden tests are still in it
SAVED_AFTER = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


class SharedGradebook(api.Gradebook):
    """nbgrader's gradebook on an engine of ours: none of its own, no command `alembic` by PATH."""

    def __init__(self, engine: Engine, course_id: str) -> None:
        self.engine = engine
        self.course_id = course_id
        self.authenticator = None
        self.db: Any = None

    @contextmanager
    def on(self, conn: Connection, *, expire_on_commit: bool = True) -> Iterator[None]:
        """Work inside the transaction of *conn*: commits become savepoints, and none outlives it."""
        session = sessionmaker(bind=conn, join_transaction_mode="create_savepoint", expire_on_commit=expire_on_commit)
        self.db = scoped_session(session)
        try:
            yield
        finally:
            self.db.remove()
            self.db = None


def load_config(root: Path) -> Config:
    """Read the course's nbgrader_config.py; an empty configuration if there is none."""
    if not (root / CONFIG_FILE).is_file():
        return Config()
    return PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()


class NbgraderRows:
    """nbgrader's tables, for one course. Every method works inside the caller's transaction."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._config = load_config(settings.root)
        self._gradebook: Any = SharedGradebook(
            engine, self._config.CourseDirectory.get("course_id", "") or "default_course"
        )

    def create_tables(self, conn: Connection) -> None:
        """
        Create nbgrader's tables where there are none, and mark them with nbgrader's newest revision.

        Four indexes are added to them. With 10,000 learners two make the writing of a submission ten times as quick;
        the others are the order of lists by name, and what people gave by hand.

        Raises:
            PlatformError: If another version of nbgrader made them.
        """
        newest = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
        if not inspect(conn).get_table_names():
            api.Base.metadata.create_all(conn)
            conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            conn.execute(text("INSERT INTO alembic_version (version_num) VALUES (:revision)"), {"revision": newest})
        found = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        if found != newest:
            raise PlatformError(
                f"the gradebook has nbgrader's revision {found}, this nbgrader needs {newest}; "
                "back up the database and run: nbgrader db upgrade"
            )
        for table in ("grade", "comment"):  # nbgrader looks there by notebook, and without it reads a whole class
            conn.execute(text(f"CREATE INDEX IF NOT EXISTS course_{table}_by_notebook ON {table} (notebook_id)"))
        names = f"{LAST_NAME}, {FIRST_NAME}, id"
        conn.execute(text(f"CREATE INDEX IF NOT EXISTS course_student_by_name ON student ({names})"))
        by_hand = "ON grade (notebook_id) WHERE manual_score IS NOT NULL OR extra_credit IS NOT NULL"
        conn.execute(text(f"CREATE INDEX IF NOT EXISTS course_grade_by_hand {by_hand}"))
        with self._gradebook.on(conn):
            self._gradebook.check_course(self._gradebook.course_id)

    def source_digest(self, source: NotebookNode) -> str:
        """Name a source notebook by its content and by what the configuration does to it."""
        stub = self._config.ClearSolutions.get("code_stub", "")
        return hashlib.sha256(f"{stub}\0{nbformat.writes(source)}".encode()).hexdigest()

    def save_unit(self, conn: Connection, unit: str, source: NotebookNode) -> dict[str, Any]:
        """
        Write the assignment, its notebook and its cells as `nbgrader generate_assignment` does.

        nbgrader itself refuses a change of the cells once something was submitted. Here new cells get rows in every
        submission, and cells that are no more lose theirs.

        Returns:
            Names of the cells that were removed, with what people had written on them; for the audit.
        """
        released = self._as_saved(source)
        saver: Any = SaveCells(config=self._config)
        gradebook = self._gradebook
        with gradebook.on(conn):
            gradebook.update_or_create_assignment(unit)
            saver.gradebook, saver.notebook_id, saver.assignment_id = gradebook, NOTEBOOK, unit
            saver.new_grade_cells, saver.new_solution_cells = {}, {}
            saver.new_task_cells, saver.new_source_cells = {}, {}
            for index, cell in enumerate(released.cells):
                saver.preprocess_cell(cell, ResourcesDict(), index)
            removed = self._fit_cells(saver, unit)
            saver._create_notebook(released)
            self._fill_submissions(unit)
        return removed

    def write(self, conn: Connection, verdict: Verdict) -> Scores:
        """
        Write one submission's rows.

        Raises:
            CourseError: If the unit was never saved.
        """
        gradebook = self._gradebook
        with gradebook.on(conn, expire_on_commit=False):  # or each commit reads all again, counts over a class too
            gradebook.update_or_create_student(verdict.learner)
            try:
                assignment = gradebook.find_assignment(verdict.unit)
            except api.MissingEntry as error:
                raise CourseError(f"unit {verdict.unit}: not in the gradebook; release it first") from error
            with gradebook.db.no_autoflush:  # nbgrader reads in the middle of building a submission
                submission = gradebook.update_or_create_submission(
                    verdict.unit, verdict.learner, timestamp=verdict.submitted_at
                )
            self._set_due(assignment, submission)
            notebook = gradebook.find_submission_notebook(NOTEBOOK, verdict.unit, verdict.learner)
            self._write_cells(notebook, verdict)
            gradebook.db.commit()
            self._write_penalty(submission, notebook, verdict.learner)
            gradebook.db.commit()
            return Scores(
                score=notebook.score,
                max_score=notebook.max_score,
                late_seconds=float(submission.total_seconds_late),
                late_penalty=float(notebook.late_submission_penalty or 0.0),
            )

    def ensure_student(self, conn: Connection, learner: str) -> None:
        """Give a learner a row, so that nbgrader's own lists show who handed in, graded or not."""
        with self._gradebook.on(conn):
            self._gradebook.update_or_create_student(learner)

    def _as_saved(self, source: NotebookNode) -> NotebookNode:
        notebook: NotebookNode = copy.deepcopy(source)
        for step in SAVED_AFTER:
            notebook, _ = step(config=self._config).preprocess(notebook, ResourcesDict())
        return notebook

    def _fit_cells(self, saver: Any, unit: str) -> dict[str, Any]:
        """Bring the cells of a unit that has submissions to those of its new source."""
        gradebook = self._gradebook
        try:
            notebook = gradebook.find_notebook(NOTEBOOK, unit)
        except api.MissingEntry:
            return {}
        if not notebook.submissions:
            return {}
        removed: dict[str, dict[str, Any]] = {}
        wanted = {
            "GradeCell": saver.new_grade_cells,
            "SolutionCell": saver.new_solution_cells,
            "TaskCell": saver.new_task_cells,
        }
        for cell in list(notebook._base_cells):
            if cell.name not in wanted[cell.type]:
                self._remove_cell(cell, removed.setdefault(cell.name, {}))
        for cell in [cell for cell in notebook.source_cells if cell.name not in saver.new_source_cells]:
            gradebook.db.delete(cell)
        gradebook.db.commit()
        for name, info in saver.new_grade_cells.items():
            gradebook.update_or_create_grade_cell(name, NOTEBOOK, unit, **info)
        for name, info in saver.new_solution_cells.items():
            gradebook.update_or_create_solution_cell(name, NOTEBOOK, unit, **info)
        for name, info in saver.new_task_cells.items():
            gradebook.update_or_create_task_cell(name, NOTEBOOK, unit, **info)
        for name, info in saver.new_source_cells.items():
            gradebook.update_or_create_source_cell(name, NOTEBOOK, unit, **info)
        return removed

    def _remove_cell(self, cell: Mapped, by_people: dict[str, Any]) -> None:
        for grade in list(cell.grades or ()):
            if grade.manual_score is not None or grade.extra_credit is not None:
                marks = {"manual_score": grade.manual_score, "extra_credit": grade.extra_credit}
                by_people.setdefault(grade.student.id, {}).update(marks)
            self._gradebook.db.delete(grade)
        for comment in list(cell.comments or ()):
            if comment.manual_comment is not None:
                by_people.setdefault(comment.student.id, {})["manual_comment"] = comment.manual_comment
            self._gradebook.db.delete(comment)
        self._gradebook.db.delete(cell)

    def _fill_submissions(self, unit: str) -> None:
        """Give every submission of the unit a row for each cell that it lacks one for."""
        db = self._gradebook.db
        notebook = self._gradebook.find_notebook(NOTEBOOK, unit)
        graded = {cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)}
        commented = {cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)}
        for submitted in notebook.submissions:
            for cell_id in sorted(graded - {grade.cell_id for grade in submitted.grades}):
                db.add(api.Grade(cell_id=cell_id, notebook=submitted))
            for cell_id in sorted(commented - {comment.cell_id for comment in submitted.comments}):
                db.add(api.Comment(cell_id=cell_id, notebook=submitted))
        db.commit()

    def _set_due(self, assignment: Mapped, submission: Mapped) -> None:
        """Let course.toml decide when a unit is due; without a line there nbgrader's own dates stay."""
        unit, learner = assignment.name, submission.student_id
        due = self._settings.due.get(unit)
        if due is not None:
            assignment.duedate = _stored(due)
        extension = self._settings.extensions.get(f"{learner}/{unit}")
        if extension is not None and assignment.duedate is not None:
            submission.extension = max(_stored(extension) - assignment.duedate, timedelta(0))
        self._gradebook.db.commit()

    def _write_cells(self, notebook: Mapped, verdict: Verdict) -> None:
        cells = {cell.id: cell for cell in notebook.notebook._base_cells}
        answers = {cell.name for cell in notebook.notebook.solution_cells}
        for grade in notebook.grades:
            cell = cells[grade.cell_id]
            grade.auto_score = _auto_score(cell, cell.name in answers, verdict)
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            cell = cells[comment.cell_id]
            untouched = cell.type == "SolutionCell" and not verdict.attempted.get(cell.name, False)
            comment.auto_comment = NO_RESPONSE if untouched else None

    def _write_penalty(self, submission: Mapped, notebook: Mapped, learner: str) -> None:
        notebook.late_submission_penalty = None
        late_seconds = submission.total_seconds_late
        if late_seconds <= 0:
            return
        rule: Any = AssignLatePenalties(config=self._config)
        rule.init_plugin()
        penalty = rule.plugin_inst.late_submission_penalty(learner, notebook.score, late_seconds)
        if penalty is not None:
            notebook.late_submission_penalty = rule._check_late_penalty(notebook, penalty)


def _stored(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _auto_score(cell: Mapped, is_answer: bool, verdict: Verdict) -> float | None:
    """Say what nbgrader's `determine_grade` would: None where only a person can judge."""
    if cell.name in verdict.earned:
        return float(verdict.earned[cell.name])
    if is_answer:
        return None if verdict.attempted.get(cell.name, False) else 0.0
    if cell.type == "GradeCell" and cell.cell_type == "code":
        return 0.0  # a test that nobody reports on: silence earns nothing
    return None
