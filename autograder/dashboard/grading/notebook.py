"""
A notebook as safe pieces of a page: text, code and pictures, never markup of the learner's.

Markdown becomes a small, fixed set of elements; raw HTML in it is text. Code and outputs are text. Pictures are served
at addresses of their own, so that the policy of the page needs no exception. Everything is bounded: a page stays small
whatever was handed in.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import bleach
import mistune

TAGS = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MAX_CELLS = 300
MAX_SOURCE = 20_000  # characters of a cell that are shown
MAX_OUTPUT = 10_000  # characters of all outputs of a cell that are shown
MAX_ELEMENTS = 1_200  # made of all markdown of a notebook; what is more is shown as text
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_HEADING = re.compile(r"<(/?)h([1-6])")
_KINDS = {"check": "Check", "answer": "Answer", "setup": "Set-up", "statement": "", "locked": "Given"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture among the outputs."""

    kind: str  # image/png or image/jpeg
    content: bytes


@dataclass(frozen=True, kw_only=True)
class ShownOutput:
    """One output: a text, or the number of a picture."""

    text: str = ""
    picture: int | None = None
    error: bool = False


@dataclass(frozen=True, kw_only=True)
class ShownCell:
    """One cell."""

    kind: str  # markdown, code or raw
    label: str  # "Answer", "Check", empty for others
    name: str  # grade_id; empty for ungraded cells
    html: str = ""  # of markdown: clean
    source: str = ""
    outputs: tuple[ShownOutput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShownNotebook:
    """A notebook that may stand in a page."""

    cells: tuple[ShownCell, ...]
    note: str = ""  # what was left out


def show_notebook(content: bytes) -> ShownNotebook:
    """Read the stored notebook; one that is no notebook shows as nothing, with a note."""
    cells = _cells(content)
    if cells is None:
        return ShownNotebook(cells=(), note="The file holds no notebook that can be shown.")
    shown, left, pictures, names = [], MAX_ELEMENTS, 0, {""}
    for cell in cells[:MAX_CELLS]:
        made, used, pictures = _show_cell(cell, left, pictures)
        left -= used
        shown.append(made if made.name not in names else replace(made, name=""))  # a name is an address in the page
        names.add(made.name)
    more = len(cells) - len(shown)
    return ShownNotebook(cells=tuple(shown), note=f"{more:,} more cells are not shown." if more > 0 else "")


def picture(content: bytes, number: int) -> Picture | None:
    """Find a picture by the number that `show_notebook` gave it."""
    found = 0
    for cell in (_cells(content) or [])[:MAX_CELLS]:
        for output in _outputs(cell):
            one = _picture(output)
            if one is not None:
                if found == number:
                    return one
                found += 1
    return None


def clean_markdown(text: str) -> str:
    """Turn markdown into a small, fixed set of elements without attributes; of a link only its words stay."""
    made = str(_markdown(text))
    lowered = _HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + 2)}", made)
    clean: str = bleach.clean(lowered, tags=TAGS, attributes=[], strip=True, strip_comments=True)
    for wide in ("pre", "table"):  # who has no mouse scrolls them by keyboard
        clean = clean.replace(f"<{wide}>", f'<{wide} tabindex="0">')
    return clean


_markdown = mistune.create_markdown(escape=True, plugins=["table"])


def _show_cell(cell: Mapping[str, Any], left: int, pictures: int) -> tuple[ShownCell, int, int]:
    source = _joined(cell.get("source", ""))[:MAX_SOURCE]
    metadata = cell.get("metadata")
    marks = metadata if isinstance(metadata, dict) else {}
    name = _name(marks)
    label = _KINDS.get(_kind(marks), "")
    if cell.get("cell_type") == "markdown":
        html = clean_markdown(source)
        used = html.count("<")
        if used > 2 * left:
            return ShownCell(kind="raw", label=label, name=name, source=source), 1, pictures
        return ShownCell(kind="markdown", label=label, name=name, html=html), used // 2, pictures
    outputs: list[ShownOutput] = []
    room = MAX_OUTPUT
    for output in _outputs(cell):
        if _picture(output) is not None:
            outputs.append(ShownOutput(picture=pictures))
            pictures += 1
            continue
        text = _output_text(output)[:room]
        room -= len(text)
        if text:
            outputs.append(ShownOutput(text=text, error=output.get("output_type") == "error"))
    kind = "code" if cell.get("cell_type") == "code" else "raw"
    made = ShownCell(kind=kind, label=label, name=name, source=source, outputs=_merged(outputs))
    return made, 0, pictures


def _merged(outputs: list[ShownOutput]) -> tuple[ShownOutput, ...]:
    """Join neighbouring texts, so that ten thousand prints are one element."""
    merged: list[ShownOutput] = []
    for one in outputs:
        before = merged[-1] if merged else None
        if before and before.picture is None and one.picture is None and before.error == one.error:
            merged[-1] = ShownOutput(text=before.text + one.text, error=one.error)
        else:
            merged.append(one)
    return tuple(merged)


def _cells(content: bytes) -> list[Mapping[str, Any]] | None:
    try:
        cells = json.loads(content)["cells"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else None


def _outputs(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    outputs = cell.get("outputs")
    return [one for one in outputs if isinstance(one, dict)] if isinstance(outputs, list) else []


def _output_text(output: Mapping[str, Any]) -> str:
    if output.get("output_type") == "error":
        return f"{_joined(output.get('ename', ''))}: {_joined(output.get('evalue', ''))}\n"
    if output.get("output_type") == "stream":
        return _joined(output.get("text", ""))
    data = output.get("data")
    text = _joined(data.get("text/plain", "")) if isinstance(data, dict) else ""
    return f"{text}\n" if text else ""


def _picture(output: Mapping[str, Any]) -> Picture | None:
    data = output.get("data")
    if not isinstance(data, dict):
        return None
    for kind, magic in PICTURES.items():
        if kind in data:
            try:
                content = base64.b64decode("".join(_joined(data[kind]).split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            if content.startswith(magic):
                return Picture(kind=kind, content=content)
    return None


def _name(marks: Mapping[str, Any]) -> str:
    nbgrader = marks.get("nbgrader")
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def _kind(marks: Mapping[str, Any]) -> str:
    course = marks.get("course")
    kind = course.get("kind") if isinstance(course, dict) else None
    return kind if isinstance(kind, str) else ""


def _joined(value: object) -> str:
    return "".join(str(part) for part in value) if isinstance(value, list) else str(value)
