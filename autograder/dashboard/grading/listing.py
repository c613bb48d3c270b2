"""
Long lists by plain links: which page, in which order, with which filters. Pure: an address in, addresses out.

An address that asks for nonsense gets the nearest sense (the first page, the usual order), because addresses are typed,
shared and cut short. It never reads a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from autograder.gradebook.class_rows import Page

LAST_PAGE = 100_000  # no list is longer; a number with a hundred digits is no page
LONGEST_SEARCH = 100  # characters


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address of a list asks for."""

    sort: str
    descending: bool = False
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)  # only those that are set


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list; `sort` is empty where nothing can be ordered by it."""

    title: str
    sort: str = ""
    numeric: bool = False
    descending_first: bool = False  # the first click shows the largest


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The head of a column: a link that orders by it, and the order that it has now."""

    title: str
    numeric: bool
    href: str = ""
    order: str = ""  # "ascending", "descending" or empty


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Where in a long list the page stands."""

    words: str  # "51-100 of 2,000 learners"
    previous: str = ""  # addresses, empty where there is none
    next: str = ""
    first: str = ""
    last: str = ""
    place: str = ""  # "page 2 of 40"


def read_asked(
    argument: Callable[[str], str],
    *,
    columns: Sequence[Column],
    filters: Mapping[str, Sequence[str] | None],
    sort: str,
    descending: bool = False,
) -> Asked:
    """
    Read what an address asks for.

    Args:
        argument: Gives the text of a query argument, empty if it is not there.
        columns: The columns of the list.
        filters: Name -> values that may be asked for; None for free text.
        sort: The usual order.
        descending: Whether the usual order begins with the largest.
    """
    known = {column.sort for column in columns if column.sort}
    wished = argument("sort")
    order = argument("order")
    set_filters = {}
    for name, values in filters.items():
        value = argument(name).strip()[:LONGEST_SEARCH]
        if value and (values is None or value in values):
            set_filters[name] = value
    return Asked(
        sort=wished if wished in known else sort,
        descending=order == "descending" if wished in known else descending,
        page=_page_number(argument("page")),
        filters=set_filters,
    )


def address(place: str, asked: Asked) -> str:
    """Write the address that asks for *asked*."""
    order = {"sort": asked.sort, "order": "descending" if asked.descending else "ascending"}
    page = {"page": str(asked.page)} if asked.page > 1 else {}
    return f"{place}?{urlencode({**asked.filters, **order, **page})}"


def headings(place: str, asked: Asked, columns: Sequence[Column]) -> tuple[Heading, ...]:
    """Write the heads of the columns: the one in order turns around, the others begin afresh on page one."""
    return tuple(_heading(place, asked, column) for column in columns)


def pager(place: str, asked: Asked, page: Page, noun: str) -> Pager:
    """
    Say where a list stands.

    Args:
        place: Address of the list.
        asked: What was asked for.
        page: Where the list stands; its number may be another than the one that was asked for.
        noun: What is listed, in the plural.
    """

    def to(number: int) -> str:
        inside = 1 <= number <= page.pages and number != page.number
        return address(place, replace(asked, page=number)) if inside else ""

    if not page.total:
        return Pager(words=f"No {noun}")
    if page.pages == 1:
        return Pager(words=f"{page.total:,} {noun}" if page.total > 1 else f"1 {noun.removesuffix('s')}")
    return Pager(
        words=f"{page.first:,}\u2013{page.last:,} of {page.total:,} {noun}",
        previous=to(page.number - 1),
        next=to(page.number + 1),
        first=to(1),
        last=to(page.pages),
        place=f"Page {page.number:,} of {page.pages:,}",
    )


def _heading(place: str, asked: Asked, column: Column) -> Heading:
    if not column.sort:
        return Heading(title=column.title, numeric=column.numeric)
    here = asked.sort == column.sort
    turned = replace(
        asked, sort=column.sort, descending=not asked.descending if here else column.descending_first, page=1
    )
    order = ("descending" if asked.descending else "ascending") if here else ""
    return Heading(title=column.title, numeric=column.numeric, href=address(place, turned), order=order)


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LAST_PAGE)):
        return 1
    return min(max(int(text), 1), LAST_PAGE)
