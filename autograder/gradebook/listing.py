"""What all lists of a class share: pages that never leave their list, names, and what a search looks into."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from autograder.gradebook.class_rows import PAGE_SIZE, Page
from autograder.gradebook.nbgrader_tables import student

LONGEST_SEARCH = 100  # characters; the rest is left out


def page_of(number: int, total: int, *, size: int = PAGE_SIZE) -> Page:
    """Make a page, the nearest that exists."""
    last = max(1, -(-total // size))
    return Page(number=min(max(1, number), last), size=size, total=total)


def sliced(query: Select[Any], page: Page) -> Select[Any]:
    """Take a page of a sorted list."""
    return query.limit(page.size).offset((page.number - 1) * page.size)


def counted(conn: Connection, query: Select[Any]) -> int:
    """Count the rows of a list."""
    return int(conn.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def name_of(learner: str, first_name: str | None, last_name: str | None) -> str:
    """Write a learner's name; the id if nobody told it."""
    return f"{first_name or ''} {last_name or ''}".strip() or learner


def found_by(search: str) -> ColumnElement[bool]:
    """Look for a text in ids, names and addresses, whatever its case."""
    text = search.strip()[:LONGEST_SEARCH]
    whole = func.coalesce(student.c.first_name, "") + " " + func.coalesce(student.c.last_name, "")
    places = (student.c.id, whole, student.c.email)
    return or_(*(place.icontains(text, autoescape=True) for place in places))
