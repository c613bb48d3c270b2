"""
Tables as plain records, which one template writes down. A cell holds text, and at most a link, a state or a bar.

Nothing here is escaped: the template does that, everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.dashboard.grading.listing import Column, Heading, Pager


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands at one place of a table."""

    text: str
    href: str = ""
    style: str = ""  # of a state: drawn as an icon in front of the words
    share: float | None = None  # 0 to 1: drawn as a bar in front of the text
    goal: float | None = None  # of the bar: the share that is wanted
    note: str = ""  # a second line, less loud
    flags: tuple[str, ...] = ()
    pre: bool = False  # lines are kept
    wrap: bool = False  # may take several lines where the page is narrow


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; the first cell of a row names it."""

    caption: str  # spoken; the section's heading says it to the eye
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing here yet."
    pager: Pager | None = None


def plain_headings(columns: Sequence[Column]) -> tuple[Heading, ...]:
    """Write the heads of a table that has one order only."""
    return tuple(Heading(title=column.title, numeric=column.numeric) for column in columns)
