"""A unit of two exercises, small enough to read at a glance, for the tests of intake, rebuild and judge."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.authoring.release import release_notebook
from autograder.model import Check, Exercise, Misconception, Submission, Unit

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DOUBLE = "def double(x):\n    return 2 * x"
TOTAL = "def total(numbers):\n    return sum(numbers)"


def _cell(kind: str, name: str, text: str, *, cell_type: str = "code", **marks: Any) -> NotebookNode:
    make = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    solution = kind == "answer"
    cell: NotebookNode = make(text, id=f"id-{name}")
    cell.metadata.course = NotebookNode(kind=kind)
    cell.metadata.nbgrader = NotebookNode(
        grade=False, grade_id=name, locked=not solution, schema_version=3, solution=solution, task=False, **marks
    )
    if "points" in marks:
        cell.metadata.nbgrader.grade = True
    return cell


def _solution(before: str, inside: str) -> str:
    return f"{before}\n    ### BEGIN SOLUTION\n{inside}\n    ### END SOLUTION"


def small_source() -> NotebookNode:
    """Build the instructor's notebook of the small unit."""
    hidden = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
    cells = [
        nbformat.v4.new_markdown_cell("# Small numbers", id="title"),
        _cell("setup", "setup-tools", "import math"),
        _cell("statement", "double-statement", "## Double (2.5 points)", cell_type="markdown"),
        _cell("answer", "double", _solution("def double(x):", "    return 2 * x")),
        _cell(
            "check",
            "plain",
            "# Check plain (1 point): is a number doubled?\nassert double(2) == 4, 'double(2) should be 4'\n"
            + hidden.format(
                "secret_input = 21\nassert double(secret_input) == 42, "
                "'a larger number is not doubled yet [misconception: adds_two]'"
            ),
            points=1.0,
        ),
        _cell(
            "check",
            "negative",
            "# Check negative (1.5 points): do negative numbers work?\n# This check runs when you submit.\n"
            + hidden.format("secret_two = -5\nassert double(secret_two) == -10, 'double(-5) should be -10, not 7'"),
            points=1.5,
        ),
        _cell("statement", "total-statement", "## Total (2 points)", cell_type="markdown"),
        _cell("answer", "total", _solution("def total(numbers):", "    return sum(numbers)")),
        _cell(
            "check",
            "share",
            "# Check share (2 points): how many sums are right?\n"
            + hidden.format(
                "secret_cases = [([], 0), ([1, 2], 3)]\n2.0 * sum(total(a) == b for a, b in secret_cases) / 2"
            ),
            points=2.0,
        ),
        nbformat.v4.new_code_cell("scratch = 1", id="free"),
    ]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = NotebookNode(display_name="Python 3", language="python", name="python3")
    return notebook


SMALL_UNIT = Unit(
    name="01_small",
    title="Small numbers",
    question="Is it doubled?",
    minutes=5,
    exercises=(
        Exercise(
            name="double",
            title="Double",
            minutes=3,
            answers=("double",),
            checks=(
                Check(name="plain", exercise="double", title="is a number doubled?", points=1.0, visible=True),
                Check(name="negative", exercise="double", title="do negative numbers work?", points=1.5, visible=False),
            ),
        ),
        Exercise(
            name="total",
            title="Total",
            minutes=2,
            answers=("total",),
            checks=(
                Check(name="share", exercise="total", title="how many sums are right?", points=2.0, visible=False),
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            name="adds_two",
            exercise="double",
            title="Two was added, not multiplied",
            next_step="Try double(3) by hand.",
        ),
    ),
    suite_digest="0" * 64,
)


@dataclass(frozen=True)
class SmallCourse:
    """The small unit, and how to hand something in for it."""

    unit: Unit
    source: NotebookNode
    released: NotebookNode

    def filled(self, double: str | None = DOUBLE, total: str | None = TOTAL) -> NotebookNode:
        """Return the released notebook with answers; None leaves one as released."""
        notebook: NotebookNode = copy.deepcopy(self.released)
        for cell in notebook.cells:
            text = {"double": double, "total": total}.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if text is not None:
                cell.source = text
        return notebook

    def submission(self, notebook: NotebookNode | bytes) -> Submission:
        """Hand *notebook* in, unread."""
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        return Submission(
            learner="ada",
            unit=self.unit.name,
            notebook=data,
            sha256=hashlib.sha256(data).hexdigest(),
            submitted_at=MOMENT,
            received_at=MOMENT,
        )


@pytest.fixture(scope="session")
def small() -> SmallCourse:
    source = small_source()
    return SmallCourse(unit=SMALL_UNIT, source=source, released=release_notebook(source))


@pytest.fixture
def cell_of() -> Callable[[NotebookNode, str], NotebookNode]:
    """Find a cell by its grade_id."""

    def find(notebook: NotebookNode, name: str) -> NotebookNode:
        return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)

    return find
