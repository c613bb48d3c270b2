"""
What `nbgrader generate_feedback` writes: our template, without hidden tests, loading nothing.

Decides what of an autograded notebook a learner may see, also of one that stock nbgrader graded, whose outputs hold the
frames of tests. A test cell shows its visible part and one message. The root nbgrader_config.py installs both classes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors.base import NbGraderPreprocessor

from autograder.judge.feedback import points, prose
from autograder.judge.messages import clipped
from autograder.judge.sanitise import MAX_CELL_BYTES, inert_outputs
from autograder.submission.markdown import harmless_markdown
from autograder.submission.marks import grade_id, is_grade, is_solution
from exercises.testing import split_misconception

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE_FOLDERS = TEMPLATES / "nbgrader"
TEMPLATE_NAME = "course_feedback"
_BEGIN, _END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
_TITLE = re.compile(r"# Check [a-z0-9_]+ \([^)]*\): (.*)")


class CourseFeedback(HTMLExporter):
    """nbconvert's exporter with our template; a class of its own, so that its settings touch no other page."""

    def default_filters(self) -> Any:
        """Add the filters of our own pages to nbconvert's."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield from (("points", points), ("prose", prose))


class HideTests(NbGraderPreprocessor):
    """Removes what a learner must not see, and everything that could run or load. Must stand first."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Hide tests in every cell; hand the page's style to the template."""
        resources["course_style"] = (TEMPLATES / "style.css.j2").read_text(encoding="utf-8")
        nb.metadata.pop("widgets", None)
        for cell in nb.cells:
            cell.pop("attachments", None)
            if cell.cell_type == "code":
                _hide_in_code(cell)
            elif cell.cell_type != "markdown" or grade_id(cell) is None or is_solution(cell):
                cell.cell_type = "markdown"
                cell.source = harmless_markdown(cell.source)
        return nb, resources


def _hide_in_code(cell: NotebookNode) -> None:
    cell.source = without_hidden_tests(cell.source)
    outputs = cell.get("outputs", [])
    if not is_grade(cell) or is_solution(cell):
        cell.outputs, _ = inert_outputs(outputs, MAX_CELL_BYTES)
        return
    cell.outputs = []
    title = _TITLE.match(cell.source)
    course = cell.metadata.setdefault("course", NotebookNode())
    course.title = title.group(1) if title else course.get("title", grade_id(cell))
    course.message = next((_message(output) for output in outputs if output["output_type"] == "error"), "")
    if not course.message and any(output.get("name") == "stderr" for output in outputs):
        course.message = "Your answer gave a warning while the check ran, and a check must run without."


def without_hidden_tests(source: str) -> str:
    """Remove hidden regions; everything after a begin without an end goes too."""
    kept, hidden = [], False
    for line in source.split("\n"):
        if _BEGIN in line:
            hidden = True
        elif _END in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _message(error: NotebookNode) -> str:
    """Take the words of an error, never its frames."""
    text, _ = split_misconception(str(error["evalue"]))
    if error["ename"] == "AssertionError" or error["traceback"] == [f"{error['ename']}: {error['evalue']}"]:
        return clipped(text) or "One of the conditions of this check does not hold yet."
    return clipped(f"{error['ename']}: {text}")
