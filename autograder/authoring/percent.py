"""
Reading a percent file of course/ into a header and tagged cells.

Decides which tags and keys exist and says where each cell stands. Never decides what a notebook looks like.
"""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.errors import CourseError

NAME = re.compile(r"[a-z][a-z0-9_]*")
MARKER = re.compile(r"# ?%%")
# jupytext keeps the tag itself under the key "title", so that an option of this name needs another one
TITLE_OPTION = re.compile(r"^(# ?%%.*?)\stitle=", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Tag:
    """What one compact tag may look like."""

    cell_type: str
    named: bool = True
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


LESSON_TAGS: Mapping[str, Tag] = {}
ASSIGNMENT_TAGS: Mapping[str, Tag] = {
    "setup": Tag(cell_type="code"),
    "locked": Tag(cell_type="code"),
    "exercise": Tag(cell_type="markdown", required=frozenset({"minutes"})),
    "answer": Tag(cell_type="code"),
    "check": Tag(cell_type="code", required=frozenset({"points", "title"})),
    "hidden": Tag(cell_type="code", named=False),
}
ANSWER_TAGS: Mapping[str, Tag] = {"answer": Tag(cell_type="code")}
FREE_KEYS = frozenset({"tags"})  # of a cell without a tag: what notebooks call cell tags, such as "hide-input"
HEADER_KEYS = frozenset({"title", "question", "minutes", "cpu_seconds"})


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """One cell as its author wrote it."""

    cell_type: str  # "code" or "markdown"
    kind: str  # "" or the tag in front of the colon
    name: str  # "" or the name behind it
    source: str
    where: str  # for messages: file, line, tag
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Document:
    """One percent file."""

    path: Path
    header: Mapping[str, Any]  # of HEADER_KEYS what the file gives
    cells: tuple[SourceCell, ...]


def read_document(path: Path, tags: Mapping[str, Tag]) -> Document:
    """
    Read one percent file.

    Args:
        path: The file.
        tags: The tags that may occur in it.

    Raises:
        CourseError: If the file cannot be read, or a tag, a key or a name is unknown or missing.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read ({error}); it must be a text file in UTF-8") from error
    return read_text(text, path, tags)


def read_text(text: str, path: Path, tags: Mapping[str, Tag]) -> Document:
    """Read the text of a percent file; *path* stands in the messages."""
    import jupytext  # half a second, and only who builds needs it

    notebook = jupytext.reads(TITLE_OPTION.sub(r"\1 caption=", text.lstrip("\n")), fmt="py:percent")
    lines = _marker_lines(text)
    if len(lines) != len(notebook.cells):
        raise CourseError(f"{path}: text stands in front of the first cell; begin it with a line '# %%'")
    cells = tuple(_cell(cell, f"{path}:{line}", tags) for cell, line in zip(notebook.cells, lines, strict=True))
    return Document(path=path, header=_header(notebook, path), cells=cells)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word was perhaps meant, else which ones there are."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known are {', '.join(words)}" if words else "there is none"


def _marker_lines(text: str) -> list[int]:
    """Find the lines, from 1, that begin a cell; one inside of a string is text."""
    inside: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.STRING:
                inside.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        inside.clear()  # a magic, or code that does not parse: that error is reported with its cell
    lines = enumerate(text.splitlines(), start=1)
    return [number for number, line in lines if MARKER.match(line) and number not in inside]


def _header(notebook: NotebookNode, path: Path) -> Mapping[str, Any]:
    header = notebook.metadata.get("course", {})
    if not isinstance(header, Mapping):
        raise CourseError(f"{path}: the header's 'course' must be a table with title, question and minutes")
    for key in header:
        if key not in HEADER_KEYS:
            raise CourseError(f"{path}: unknown key {key!r} in the header; {suggestion(key, HEADER_KEYS)}")
    for key in ("title", "question"):
        if key in header and not (isinstance(header[key], str) and header[key].strip()):
            raise CourseError(f"{path}: {key} in the header must be a text; it is {header[key]!r}")
    for key in ("minutes", "cpu_seconds"):
        if key in header and not _positive(header[key], whole=key == "minutes"):
            raise CourseError(f"{path}: {key} in the header must be {_number(key)} above 0; it is {header[key]!r}")
    return dict(header)


def _cell(cell: NotebookNode, place: str, tags: Mapping[str, Tag]) -> SourceCell:
    options = dict(cell.metadata)
    tag = str(options.pop("title", ""))
    options.pop("lines_to_next_cell", None)
    if "caption" in options:
        options["title"] = options.pop("caption")
    where = f"{place} ({tag})" if tag else place
    if cell.cell_type not in {"code", "markdown"}:
        raise CourseError(f"{where}: a {cell.cell_type} cell; only code and markdown cells are known")
    kind, _, name = tag.partition(":")
    _check_tag(where, tag, cell.cell_type, tags)
    _check_options(where, options, tags.get(kind))
    return SourceCell(
        cell_type=cell.cell_type, kind=kind, name=name, options=options, source=cell.source.strip("\n"), where=where
    )


def _check_tag(where: str, tag: str, cell_type: str, tags: Mapping[str, Tag]) -> None:
    if not tag:
        return
    kind, _, name = tag.partition(":")
    if kind not in tags:
        raise CourseError(f"{where}: unknown tag {kind!r}; {suggestion(kind, tags)}")
    rule = tags[kind]
    if rule.named and not NAME.fullmatch(name):
        raise CourseError(f"{where}: {kind!r} needs a name of a-z, 0-9 and _ behind a colon; write {kind}:some_name")
    if not rule.named and tag != kind:
        raise CourseError(f"{where}: {kind!r} has no name; it belongs to the cell above it; write '# %% {kind}'")
    if cell_type != rule.cell_type:
        advice = f"add [markdown] behind {tag}" if rule.cell_type == "markdown" else "remove [markdown]"
        raise CourseError(f"{where}: must be a {rule.cell_type} cell; {advice}")


def _check_options(where: str, options: Mapping[str, Any], rule: Tag | None) -> None:
    known = rule.required | rule.optional if rule else FREE_KEYS
    for key in options:
        if key not in known:
            raise CourseError(f"{where}: unknown key {key!r}; {suggestion(key, known)}")
    for key in sorted(rule.required if rule else ()):
        if key not in options:
            raise CourseError(f"{where}: {key} is missing; write {key}=... behind the tag")
    for key in ("minutes", "points"):
        if key in options and not _positive(options[key], whole=key == "minutes"):
            raise CourseError(f"{where}: {key} must be {_number(key)} above 0; it is {options[key]!r}")
    if "title" in options and not (isinstance(options["title"], str) and options["title"].strip()):
        raise CourseError(f'{where}: title must be a text in double quotes, such as title="is the order kept?"')


def _number(key: str) -> str:
    return "a whole number" if key == "minutes" else "a number"


def _positive(value: object, *, whole: bool) -> bool:
    kinds = int if whole else int | float
    return isinstance(value, kinds) and not isinstance(value, bool) and 0 < value < float("inf")
