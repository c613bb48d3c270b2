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

BEGIN_HIDDEN = "BEGIN HIDDEN TESTS"  # nbgrader's own mark
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
    source: str = "",
) -> CellRun:
    """
    Read the outputs of one cell that has run.

    Args:
        name: The cell's grade_id, or the id of a learner's own cell.
        outputs: In nbformat's form, in the order in which they arrived.
        graded: A test cell: its result is a number of points.
        learners_cells: Names of the learner's cells by execution count, to find the learner's own line.
        source: Of a test cell, to say whether its hidden part stopped.

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
        hidden=in_hidden_part(source, _own_line(error, learners_cells)) if graded else None,
        stderr=decisive is not error,
    )


def in_hidden_part(source: str, line: int | None) -> bool | None:
    """
    Say whether a line of a check stands in its hidden part; the visible part then held to its end.

    Args:
        source: The check as the grader runs it.
        line: Line of the check's own top level, from 1; None if it is not known.

    Returns:
        None if it cannot be told.
    """
    lines = source.splitlines()
    if line is None or not 1 <= line <= len(lines):
        return None
    return any(BEGIN_HIDDEN in above for above in lines[: line - 1])


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


def _own_line(error: Mapping[str, Any], learners_cells: Mapping[int, str]) -> int | None:
    """Find the line of the cell itself that led to an error: the outermost one."""
    frames = _frames(error)
    if not frames or frames[0][0] in learners_cells:
        return None
    return frames[0][1]


def _frames(error: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Read (execution count, line) of each frame that lies in a cell, the outermost first."""
    text = _ANSI.sub("", "\n".join(str(part) for part in error.get("traceback", ())))
    return [(int(count[:9]), int(line[:9])) for count, line in _FRAME.findall(text)]


def _learners_line(error: Mapping[str, Any], learners_cells: Mapping[int, str]) -> tuple[str | None, int | None]:
    """
    Find the learner's own line behind an error.

    An assertion is the learner's only if the innermost cell is; any other error belongs to the learner's innermost
    line, even if it was raised by something that this line called.
    """
    frames = [(learners_cells.get(count), line) for count, line in _frames(error)]
    if error["ename"] == "AssertionError":
        frames = frames[-1:]
    own = [(cell, line) for cell, line in frames if cell is not None]
    return own[-1] if own else (None, None)
