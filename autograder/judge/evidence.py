"""
Reading the outputs of one cell as evidence. Pure.

Decides, exactly in nbgrader's order, what a cell's outputs mean: an error or anything on stderr, a number of points, or
nothing. A graded cell that ends in anything but a plain number is its author's error and never earns full marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.errors import CourseError
from autograder.model import CellRun

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?inf|nan")
_FRAME = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WARNING = re.compile(r"\b([A-Za-z_]*(?:Warning|Error)): ([^\n]*)")


def observe(
    name: str,
    outputs: Iterable[Mapping[str, Any]],
    *,
    graded: bool,
    learners_cells: Mapping[int, str],
) -> CellRun:
    """
    Read the outputs of one cell that has run.

    Args:
        name: The cell's grade_id, or the id of a learner's own cell.
        outputs: In nbformat's form, in the order in which they arrived.
        graded: A test cell: its result is a number of points.
        learners_cells: Names of the learner's cells by execution count, to find the learner's own line.

    Raises:
        CourseError: If a graded cell ends in something else than a plain number.
    """
    outputs = list(outputs)
    decisive = next((output for output in outputs if _decides(output)), None)
    if decisive is None:
        return CellRun(name=name)
    if decisive["output_type"] == "execute_result":
        return CellRun(name=name, value=_points(name, decisive) if graded else None)
    error = next((output for output in outputs if output["output_type"] == "error"), None)
    if error is None:
        return CellRun(name=name, stderr=True, error_message=_warning(decisive))
    cell, line = _learners_line(error, learners_cells)
    return CellRun(
        name=name,
        error_name=str(error["ename"]),
        error_message=str(error["evalue"]),
        error_cell=cell,
        error_line=line,
        stderr=decisive is not error,
    )


def _decides(output: Mapping[str, Any]) -> bool:
    kind = output["output_type"]
    return kind in ("error", "execute_result") or (kind == "stream" and output["name"] == "stderr")


def _points(name: str, output: Mapping[str, Any]) -> float:
    text = output["data"].get("text/plain", "")
    text = "".join(text) if isinstance(text, list) else str(text)
    if not _NUMBER.fullmatch(text):
        shown = text if len(text) <= 60 else text[:57] + "..."
        raise CourseError(
            f"check {name!r} ends in {shown!r}, which is no plain number of points; "
            "end it in an assert, or in float(points) for partial credit"
        )
    return float(text)


def _warning(output: Mapping[str, Any]) -> str:
    """Take kind and text of the last warning; its place and source line may be the test's."""
    text = output["text"]
    found = _WARNING.findall(_ANSI.sub("", "".join(text) if isinstance(text, list) else str(text)))
    return f"{found[-1][0]}: {found[-1][1]}" if found else ""


def _learners_line(error: Mapping[str, Any], learners_cells: Mapping[int, str]) -> tuple[str | None, int | None]:
    """
    Find the learner's own line behind an error.

    An assertion is the learner's only if the innermost cell is; any other error belongs to the learner's innermost
    line, even if it was raised by something that this line called.
    """
    text = _ANSI.sub("", "\n".join(str(part) for part in error.get("traceback", ())))
    frames = [(learners_cells.get(int(count[:9])), int(line[:9])) for count, line in _FRAME.findall(text)]
    if error["ename"] == "AssertionError":
        frames = frames[-1:]
    own = [(cell, line) for cell, line in frames if cell is not None]
    return own[-1] if own else (None, None)
