"""The audit log and the files to take away. Pure: from rows to words."""

from __future__ import annotations

import json
import re
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
    Column(title="Change"),
)
ACTIONS = {  # as the log writes them -> in words; others are told as they stand
    "by_hand": "Points given in formgrader",
    "cancel_run": "Run cancelled",
    "contact": "Contact noted",
    "enrol": "Roster imported",
    "mark_regrade": "Marked to be graded again",
    "override": "Points given by hand",
    "save_unit": "Tests changed",
    "start_run": "Run started",
    "unmark_regrade": "Mark taken away",
}
UNIT_NAME = re.compile(r"\d\d_[a-z0-9_]+")
DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,}\b")
FILTERS = {"search": None, "action": None}
LONGEST_VALUE = 160  # characters of a change in the log


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
    table = audit_table(page.rows, "Changes, the newest first", places)
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


def audit_table(rows: Sequence[AuditRow], caption: str, places: GradingPlaces) -> Table:
    """List changes."""
    return Table(
        caption=caption,
        headings=plain_headings(AUDIT_COLUMNS),
        rows=tuple(
            (
                Cell(text=moment(row.at)),
                Cell(text=row.actor),
                Cell(text=action_words(row.action)),
                Cell(text=row.subject, href=_about(row, places)),
                Cell(text=row.reason or NONE, wrap=True),
                Cell(text=_change(row.before, row.after), wrap=True),
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
            note="Learners with points, late penalty, pass and attempts of each unit, for programs of your own.",
            href=places.download("grades.json"),
            name="grades.json",
        ),
    )


def action_words(action: str) -> str:
    """Write an action of the log as words."""
    text = ACTIONS.get(action, action.replace("_", " "))
    return text[:1].upper() + text[1:]


def _about(row: AuditRow, places: GradingPlaces) -> str:
    """Lead to what a change was about: a run, a unit, or a learner."""
    kind, _, rest = row.subject.partition(" ")
    if kind == "run" and rest.isdigit():
        return places.run(int(rest))
    learner, slash, _ = row.subject.partition("/")
    if slash or row.action == "contact":
        return places.learner(learner)
    return places.unit(row.subject) if UNIT_NAME.fullmatch(row.subject) else ""


def _change(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """Write what a change was, short: what stayed, what became what."""
    told = []
    for name in dict.fromkeys([*before, *after]):
        was, now = _value(before.get(name)), _value(after.get(name))
        words = name.replace("_", " ")
        if was == now or not was:
            told.append(f"{words} {now}" if now else "")
        else:
            told.append(f"{words} {was} \u2192 {now or NONE}")
    text = ", ".join(each for each in told if each)
    return (text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}\u2026") or NONE


def _value(value: object) -> str:
    """Write a value; nothing, and what holds nothing, is empty."""
    if value is None or value in ("", {}, []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return DIGEST.sub(r"\1", text)
