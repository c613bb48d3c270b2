"""Badges for instructors: issued, revoked and why, due, held back. Pure: from rows to words."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.badge.view import BadgeTable, IssuedBadge
from autograder.dashboard.grading.listing import Asked, Column, pager
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import counted, moment
from autograder.gradebook.class_rows import PAGE_SIZE, Page

ISSUED_COLUMNS = (
    Column(title="Learner"),
    Column(title="State"),
    Column(title="Awarded"),
    Column(title="Issued"),
    Column(title="Badge"),
    Column(title="Why revoked"),
)
DUE_COLUMNS = (Column(title="Learner"), Column(title="Earned"))
STOPPED_COLUMNS = (Column(title="Learner"), Column(title="Why"))
LISTED = 50  # rows of what is due and of what is held back


@dataclass(frozen=True, kw_only=True)
class BadgesView:
    """What the template is given."""

    ready: bool
    issuer: str
    issued: Table
    due: Table
    due_words: str  # empty: nothing is due
    stopped: Table
    stopped_words: str  # empty: nothing is held back
    valid: tuple[tuple[str, str], ...]  # (id, words) of the badges on this page that may be revoked


def badges_view(found: BadgeTable, asked: Asked, places: GradingPlaces) -> BadgesView:
    """Tell who has a badge and who is to get one."""
    page = _page(asked.page, len(found.issued))
    shown = found.issued[(page.number - 1) * page.size : page.number * page.size]
    return BadgesView(
        ready=found.issuer_ready,
        issuer=found.issuer_message,
        issued=Table(
            caption="Badges, the newest first",
            headings=plain_headings(ISSUED_COLUMNS),
            rows=tuple(_issued_row(one, places) for one in shown),
            empty="No badge was issued yet.",
            pager=pager(places.badges, asked, page, "badges"),
        ),
        due=Table(
            caption="Badges that are due",
            headings=plain_headings(DUE_COLUMNS),
            rows=tuple(
                (Cell(text=one.learner, href=places.learner(one.learner)), Cell(text=moment(one.earned_at)))
                for one in found.due[:LISTED]
            ),
        ),
        due_words=f"{counted(len(found.due), 'badge')} to issue." if found.due else "",
        stopped=Table(
            caption="Badges that are held back",
            headings=plain_headings(STOPPED_COLUMNS),
            rows=tuple(
                (Cell(text=one.learner, href=places.learner(one.learner)), Cell(text=one.reason, pre=True))
                for one in found.stopped[:LISTED]
            ),
        ),
        stopped_words=f"{counted(len(found.stopped), 'badge')} held back until somebody looks."
        if found.stopped
        else "",
        valid=tuple((one.id, f"{one.learner}, {moment(one.awarded_at)}") for one in shown if one.revoked_at is None),
    )


def _page(wanted: int, total: int) -> Page:
    pages = Page(number=1, size=PAGE_SIZE, total=total).pages
    return Page(number=min(wanted, pages), size=PAGE_SIZE, total=total)


def _issued_row(one: IssuedBadge, places: GradingPlaces) -> tuple[Cell, ...]:
    revoked = one.revoked_at is not None
    return (
        Cell(text=one.learner, href=places.learner(one.learner)),
        Cell(text="Revoked", style="not-yet", note=moment(one.revoked_at))
        if revoked
        else Cell(text="Valid", style="passed"),
        Cell(text=moment(one.awarded_at)),
        Cell(text=moment(one.issued_at)),
        Cell(text=one.id.removeprefix("urn:uuid:")[:8], note=f"version {one.version[:8]}"),
        Cell(text=one.reason, pre=True),
    )
