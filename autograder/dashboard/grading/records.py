"""The audit log and the files to take away. Pure: from rows to words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.dashboard.grading.listing import Asked, Column, pager
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import NONE, moment
from autograder.gradebook.class_rows import AuditRow
from autograder.gradebook.work_rows import AuditPage

AUDIT_COLUMNS = (
    Column(title="When"),
    Column(title="Who"),
    Column(title="What"),
    Column(title="About"),
    Column(title="Reason"),
    Column(title="Before"),
    Column(title="After"),
)
FILTERS = {"search": None, "action": None}
LONGEST_VALUE = 120  # characters of a value in the log


@dataclass(frozen=True, kw_only=True)
class AuditView:
    """What the template of the log is given."""

    table: Table
    search: str
    action: str
    actions: tuple[tuple[str, str], ...]  # (value, words)
    filtered: bool
    clear: str


@dataclass(frozen=True, kw_only=True)
class Download:
    """One file to take away."""

    title: str
    note: str
    href: str
    name: str


def audit_view(page: AuditPage, asked: Asked, places: GradingPlaces) -> AuditView:
    """Tell who changed what."""
    table = audit_table(page.rows, "Changes, the newest first")
    return AuditView(
        table=Table(
            caption=table.caption,
            headings=table.headings,
            rows=table.rows,
            empty="Nothing fits." if asked.filters else table.empty,
            pager=pager(places.audit, asked, page.page, "changes"),
        ),
        search=asked.filters.get("search", ""),
        action=asked.filters.get("action", ""),
        actions=tuple((action, action_words(action)) for action in page.actions),
        filtered=bool(asked.filters),
        clear=places.audit,
    )


def audit_table(rows: Sequence[AuditRow], caption: str) -> Table:
    """List changes."""
    return Table(
        caption=caption,
        headings=plain_headings(AUDIT_COLUMNS),
        rows=tuple(
            (
                Cell(text=moment(row.at)),
                Cell(text=row.actor),
                Cell(text=action_words(row.action)),
                Cell(text=row.subject),
                Cell(text=row.reason or NONE),
                Cell(text=_values(row.before)),
                Cell(text=_values(row.after)),
            )
            for row in rows
        ),
        empty="Nothing was changed.",
    )


def downloads(places: GradingPlaces) -> tuple[Download, ...]:
    """Name the files that can be taken away."""
    return (
        Download(
            title="Grades as CSV",
            note="One row a learner: points, late penalty and pass of each unit. Opens in any spreadsheet.",
            href=places.download("grades.csv"),
            name="grades.csv",
        ),
        Download(
            title="Canvas gradebook",
            note="One row a learner, points after late penalty, in the form that Canvas imports.",
            href=places.download("canvas.csv"),
            name="canvas.csv",
        ),
        Download(
            title="Everything as JSON",
            note="Learners, units and every check of the attempt that counts, for programs of your own.",
            href=places.download("grades.json"),
            name="grades.json",
        ),
    )


def action_words(action: str) -> str:
    """Write an action of the log as words."""
    text = action.replace("_", " ")
    return text[:1].upper() + text[1:]


def _values(values: Mapping[str, object]) -> str:
    """Write what a change was about, short."""
    text = ", ".join(f"{name}: {_value(value)}" for name, value in values.items())
    return (text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}\u2026") or NONE


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
