"""
Making a notebook that ran fit to be stored and shown: bounded, inert, and in agreement with the verdicts.

Decides what stays of the outputs: text, and pictures that are pictures. HTML, SVG, JavaScript and widgets go. Of a test
cell exactly one thing stays: nothing (passed), a number (partial credit), or an error without any frame; so that
nbgrader, reading the file, comes to the same points and shows no hidden source.
"""

from __future__ import annotations

import base64
import binascii
import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.model import CheckResult, Outcome
from autograder.submission.markdown import plain_text
from autograder.submission.marks import grade_id, is_grade

MAX_CELL_BYTES = 100_000  # of the outputs of one cell
MAX_NOTEBOOK_BYTES = 2_000_000  # of all outputs together
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")


def sanitise(notebook: NotebookNode, results: Iterable[CheckResult]) -> NotebookNode:
    """
    Return a copy of *notebook* to keep: test cells say what *results* say, other outputs are inert and bounded.

    Test cells that have no result, for example of another course, lose their outputs.
    """
    verdicts = {result.check: result for result in results}
    kept = copy.deepcopy(notebook)
    kept.metadata.pop("widgets", None)
    left = MAX_NOTEBOOK_BYTES
    for cell in kept.cells:
        if cell.cell_type != "code":
            continue
        if is_grade(cell):
            verdict = verdicts.get(grade_id(cell) or "")
            cell.outputs = [] if verdict is None else _verdict_outputs(verdict, cell.get("execution_count"))
        else:
            cell.outputs, used = inert_outputs(cell.get("outputs", ()), min(left, MAX_CELL_BYTES))
            left -= used
    return kept


def _verdict_outputs(result: CheckResult, execution_count: Any) -> list[NotebookNode]:
    if result.outcome is Outcome.PASSED:
        return []
    if result.earned > 0:
        data = NotebookNode({"text/plain": repr(float(result.earned))})
        count = execution_count if type(execution_count) is int else None
        return [
            NotebookNode(output_type="execute_result", data=data, metadata=NotebookNode(), execution_count=count),
        ]
    name = "NotYet" if result.outcome is Outcome.WRONG else result.outcome.value.title().replace(" ", "")
    return [
        NotebookNode(output_type="error", ename=name, evalue=result.message, traceback=[f"{name}: {result.message}"])
    ]


def inert_outputs(outputs: Iterable[Mapping[str, Any]], max_bytes: int) -> tuple[list[NotebookNode], int]:
    """
    Keep what is text or a picture.

    Returns:
        The outputs that are kept, at most *max_bytes* together, and the bytes that they take.
    """
    kept: list[NotebookNode] = []
    used = 0
    for output in outputs:
        if used >= max_bytes:
            break
        made = _inert(output, max_bytes - used)
        if made is None:
            continue
        inert, size = made
        if used + size > max_bytes:
            kept.append(_stream("[more output was left out]\n"))
            break
        kept.append(inert)
        used += size
    return kept, used


def _inert(output: Mapping[str, Any], room: int) -> tuple[NotebookNode, int] | None:
    kind = output.get("output_type")
    if kind == "stream":
        return _text(output.get("text", ""), room)
    if kind == "error":
        return _text(f"{output.get('ename', '')}: {output.get('evalue', '')}\n", room)
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, Mapping):
        return None
    for picture, magic in _PICTURES.items():
        if picture in data and (encoded := _picture(data[picture], magic)) is not None:
            shown = NotebookNode({picture: encoded, "text/plain": "[picture]"})
            return NotebookNode(output_type="display_data", data=shown, metadata=NotebookNode()), len(encoded)
    if "text/plain" in data:
        return _text(data["text/plain"], room)
    return _stream("[output that is neither text nor a picture was left out]\n"), 60


def _text(value: Any, room: int) -> tuple[NotebookNode, int]:
    """Make a text plain and cut it; learners' text is always stdout, because nbgrader fails a cell with stderr."""
    text = "".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
    text = plain_text(_ANSI.sub("", text[: max(room, 0) + 1]))
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > room:
        cut = encoded[: max(room - 40, 0)].decode("utf-8", "ignore")
        return _stream(f"{cut}\n[more output was left out]\n"), max(room, 0)
    return _stream(encoded.decode()), len(encoded)


def _stream(text: str) -> NotebookNode:
    return NotebookNode(output_type="stream", name="stdout", text=text)


def _picture(value: Any, magic: bytes) -> str | None:
    """Return clean base64 of a picture that begins as its kind must, else None."""
    text = "".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(content).decode("ascii") if content.startswith(magic) else None
