"""
The few of nbgrader's tables that pages and overrides read, as plain definitions: nbgrader itself is not imported.

Only `grade.manual_score` and `needs_manual_grade` are ever written by way of these, for a person's override.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    MetaData,
    Select,
    String,
    Table,
    and_,
    literal_column,
    select,
)

NOTEBOOK = "assignment"  # nbgrader's name for the one notebook of each unit
LAST_NAME, FIRST_NAME = "lower(coalesce(last_name, ''))", "lower(coalesce(first_name, ''))"  # of an index, word by word

metadata = MetaData()

student = Table(
    "student",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("first_name", String(128)),
    Column("last_name", String(128)),
    Column("email", String(128)),
    Column("lms_user_id", String(128)),
)

assignment = Table(
    "assignment", metadata, Column("id", String(32), primary_key=True), Column("name", String(128), nullable=False)
)

notebook = Table(
    "notebook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("assignment_id", String(32)),
)

submitted_assignment = Table(
    "submitted_assignment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("student_id", String(128)),
)

submitted_notebook = Table(
    "submitted_notebook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),  # of submitted_assignment
    Column("notebook_id", String(32)),
)

base_cell = Table(
    "base_cell",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("notebook_id", String(32), nullable=False),
)

grade_cells = Table(
    "grade_cells", metadata, Column("id", String(32), primary_key=True), Column("max_score", Float, nullable=False)
)

grade = Table(
    "grade",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),  # of submitted_notebook
    Column("cell_id", String(32)),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean, nullable=False),
)


def by_name() -> list[ColumnElement[str]]:
    """Order students by name, in the words of the index; add the id, so that no two are alike."""
    return [literal_column(LAST_NAME), literal_column(FIRST_NAME)]


def grades_of(learner: str, unit: str) -> Select[Any]:
    """Ask for nbgrader's grade cells of one submission: name, max_score, and what tests and people gave."""
    cell, given = base_cell.c, grade.c
    return (
        select(given.id, cell.name, grade_cells.c.max_score, given.auto_score, given.manual_score, given.extra_credit)
        .select_from(assignment)
        .join(notebook, and_(notebook.c.assignment_id == assignment.c.id, notebook.c.name == NOTEBOOK))
        .join(
            submitted_assignment,
            and_(submitted_assignment.c.assignment_id == assignment.c.id, submitted_assignment.c.student_id == learner),
        )
        .join(
            submitted_notebook,
            and_(
                submitted_notebook.c.assignment_id == submitted_assignment.c.id,
                submitted_notebook.c.notebook_id == notebook.c.id,
            ),
        )
        .join(base_cell, cell.notebook_id == notebook.c.id)
        .join(grade_cells, grade_cells.c.id == cell.id)
        .join(grade, and_(given.cell_id == cell.id, given.notebook_id == submitted_notebook.c.id))
        .where(assignment.c.name == unit)
    )
