"""
From hostile bytes to plain cells: the only reader of a learner's JSON.

Decides what a readable notebook is: sizes, depth and counts are checked before the JSON is parsed, so that a small
file cannot cost much memory. Of a cell only its type, its text and its identifiers are taken; outputs and all other
metadata are dropped here, because nothing later may believe them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from autograder.errors import SubmissionError

MAX_VALUES = 500_000  # JSON values in the file; a list or an object costs about 100 bytes once parsed
MAX_DEPTH = 100  # lists and objects inside each other
MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 500_000
MAX_NUMBER_DIGITS = 40  # of one number as written
MAX_NAME_CHARACTERS = 200  # of a grade_id, a cell id, a kernel name

_STRINGS = re.compile(rb'"[^"]*"')
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_AGAIN = "open it in JupyterLab, save it and hand in again"


@dataclass(frozen=True, kw_only=True)
class HandedCell:
    """One cell as the learner handed it in, reduced to what may be looked at."""

    kind: str  # "code", "markdown" or "raw"
    source: str
    grade_id: str | None = None  # a claim, not a fact
    cell_id: str | None = None  # a claim as well
    marks: dict[str, Any] = field(default_factory=dict)  # nbgrader metadata, only ever compared, for the notes
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HandedNotebook:
    """A readable notebook of a learner."""

    cells: tuple[HandedCell, ...]
    kernel: str | None = None
    notes: tuple[str, ...] = ()  # what had to be mended to read it


def read_notebook(data: bytes) -> HandedNotebook:
    """
    Parse the bytes of a notebook.

    Raises:
        SubmissionError: If they are not the JSON of a notebook, or too large in any of the counts above.
    """
    _check_shape(data)
    content = _parse(data)
    if not isinstance(content, dict):
        raise SubmissionError(f"the file holds {_kind_of(content)}, not a notebook; {_AGAIN}")
    _check_strings(content)
    version = content.get("nbformat")
    if type(version) is not int or version not in (3, 4):
        raise SubmissionError(
            f"the notebook says nbformat {_short(version)}, and 4 is read; open it in a current JupyterLab and save it"
        )
    notes = () if version == 4 else ("The notebook was saved in the old format 3; it was read as format 4.",)
    cells = tuple(_cell(number, raw) for number, raw in enumerate(_raw_cells(content, version), start=1))
    return HandedNotebook(cells=cells, kernel=_kernel(content.get("metadata")), notes=notes)


def _check_shape(data: bytes) -> None:
    """Count strings, values and depth in the bytes; an escaped quote ends no string."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    if plain.count(b'"') > 4 * MAX_VALUES:
        raise SubmissionError(_too_many("strings"))
    if b'"' in plain:
        plain = _STRINGS.sub(b"", plain)
    if plain.count(b",") + plain.count(b"[") + plain.count(b"{") > MAX_VALUES:
        raise SubmissionError(_too_many("values"))
    brackets = plain.translate(None, _NOT_BRACKETS)
    opening = brackets.count(b"[") + brackets.count(b"{")
    if 2 * opening != len(brackets):
        return  # broken JSON; the parser says where
    deepest = max(accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0)
    if deepest > MAX_DEPTH:
        raise SubmissionError(f"lists and objects stand {deepest} deep in each other, {MAX_DEPTH} are read; {_AGAIN}")


def _parse(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(f"byte {error.start} of the file is not UTF-8 text; {_AGAIN}") from error
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_real,
        )
    except json.JSONDecodeError as error:
        raise SubmissionError(
            f"the file is not a notebook: broken JSON in line {error.lineno}, column {error.colno} ({error.msg}); "
            "take an earlier copy, or start again with course reset and paste your answers"
        ) from error
    except RecursionError as error:
        raise SubmissionError(f"lists and objects stand too deep in each other; {_AGAIN}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1) if len(names) < 1000 else names[0]
        raise SubmissionError(f"the name {_short(twice)} stands twice in one JSON object; {_AGAIN}")
    return found


def _constant(text: str) -> Any:
    raise SubmissionError(f"{text} is no JSON number; clear the outputs, then {_AGAIN}")


def _integer(text: str) -> int:
    if len(text) > MAX_NUMBER_DIGITS:
        raise SubmissionError(f"a number of {len(text)} digits is refused; clear the outputs, then {_AGAIN}")
    return int(text)


def _real(text: str) -> float:
    number = float(text) if len(text) <= MAX_NUMBER_DIGITS else math.inf
    if math.isinf(number):
        raise SubmissionError(f"the number {_short(text)} is out of range; clear the outputs, then {_AGAIN}")
    return number


def _check_strings(content: Any) -> None:
    """Refuse half of a surrogate pair anywhere: such text cannot be written as UTF-8."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise SubmissionError(
                    f"the text {_short(value)} holds half of a character; delete that character and save again"
                ) from error


def _raw_cells(content: dict[str, Any], version: int) -> list[Any]:
    if version == 4:
        cells = content.get("cells")
    else:
        sheets = content.get("worksheets")
        cells = list(_sheet_cells(sheets)) if isinstance(sheets, list) else None
    if not isinstance(cells, list):
        raise SubmissionError(f"the notebook has no list of cells; {_AGAIN}")
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"the notebook has {len(cells):,} cells, and at most {MAX_CELLS:,} are read; delete some")
    return cells


def _sheet_cells(sheets: list[Any]) -> Iterator[Any]:
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if isinstance(cells, list):
            yield from cells


def _cell(number: int, raw: Any) -> HandedCell:
    if not isinstance(raw, dict):
        raise SubmissionError(f"cell {number} is {_kind_of(raw)}, not a cell; {_AGAIN}")
    kind = raw.get("cell_type")
    if not isinstance(kind, str):
        raise SubmissionError(f"cell {number} does not say whether it is code or text; {_AGAIN}")
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    marks = metadata.get("nbgrader")
    marks = marks if isinstance(marks, dict) else {}
    tags = metadata.get("tags")
    return HandedCell(
        kind=kind if kind in ("code", "markdown") else "raw",
        source=_source(number, raw.get("source", raw.get("input"))),
        grade_id=_name(marks.get("grade_id")),
        cell_id=_name(raw.get("id")),
        marks=marks,
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _source(number: int, raw: Any) -> str:
    if isinstance(raw, list) and all(isinstance(line, str) for line in raw):
        raw = "".join(raw)
    if not isinstance(raw, str):
        raise SubmissionError(f"the text of cell {number} is {_kind_of(raw)}; {_AGAIN}")
    if len(raw) > MAX_CELL_CHARACTERS:
        raise SubmissionError(
            f"cell {number} has {len(raw):,} characters, and at most {MAX_CELL_CHARACTERS:,} are read; shorten it"
        )
    if "\0" in raw:
        raise SubmissionError(f"cell {number} holds a NUL character; delete that character and save again")
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def _kernel(metadata: Any) -> str | None:
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    return _name(spec.get("name")) if isinstance(spec, dict) else None


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARACTERS else None


def _too_many(what: str) -> str:
    return f"the file holds over {MAX_VALUES:,} {what}; clear the outputs (Edit, Clear Outputs of All Cells) and save"


def _kind_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


def _short(value: Any) -> str:
    if isinstance(value, dict | list):
        return _kind_of(value)
    shown = ascii(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."
