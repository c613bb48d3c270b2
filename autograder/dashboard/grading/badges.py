"""Badges for instructors: issued, revoked and why, due. Pure: from rows to words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.badge.view import IssuedBadge, IssuedPage
from autograder.dashboard.grading.listing import Asked, Column, pager
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import NONE, counted, moment
from autograder.gradebook.class_rows import Page
from autograder.gradebook.work_rows import AwardsPage

ISSUED_COLUMNS = (
    Column(title="Learner"),
    Column(title="State"),
    Column(title="Awarded"),
    Column(title="Issued"),
    Column(title="Badge"),
    Column(title="Why revoked"),
)


@dataclass(frozen=True, kw_only=True)
class BadgesView:
    """What the template is given."""

    ready: bool
    issuer: str
    issued: Table
    due: tuple[tuple[str, str], ...]  # (name, address)
    due_words: str  # empty: nothing is due
    valid: tuple[tuple[str, str], ...]  # (id, words) of the badges on this page that may be revoked


def badges_view(
    found: IssuedPage, awards: AwardsPage, names: Mapping[str, str], asked: Asked, page: Page, places: GradingPlaces
) -> BadgesView:
    """
    Tell who has a badge and who is to get one.

    Args:
        found: The badges of this page.
        awards: Who passed every required unit, as the gradebook knows.
        names: Learner -> name, of those on this page.
        asked: What the address asks for.
        page: Where the list of badges stands.
        places: Addresses.
    """
    return BadgesView(
        ready=found.issuer_ready,
        issuer=found.issuer_message,
        issued=Table(
            caption="Badges, the newest first",
            headings=plain_headings(ISSUED_COLUMNS),
            rows=tuple(_issued_row(one, names, places) for one in found.badges),
            empty="No badge was issued yet.",
            pager=pager(places.badges, asked, page, "badges"),
        ),
        due=tuple((name, places.learner(learner)) for learner, name in awards.due),
        due_words=_due_words(awards.due_count, len(awards.due)),
        valid=tuple(
            (one.id, f"{names.get(one.learner, one.learner)}, {moment(one.awarded_at)}")
            for one in found.badges
            if one.revoked_at is None
        ),
    )


def _due_words(count: int, listed: int) -> str:
    if not count:
        return ""
    verb = "has" if count == 1 else "have"
    some = f" These are the first {listed}:" if count > listed else ""
    return f"{counted(count, 'learner')} passed every required unit and {verb} no badge yet.{some}"


def _issued_row(one: IssuedBadge, names: Mapping[str, str], places: GradingPlaces) -> tuple[Cell, ...]:
    revoked = one.revoked_at is not None
    name = names.get(one.learner, one.learner)
    return (
        Cell(text=name, href=places.learner(one.learner), note=one.learner if name != one.learner else ""),
        Cell(text="Revoked", style="not-yet", note=moment(one.revoked_at))
        if revoked
        else Cell(text="Valid", style="passed"),
        Cell(text=moment(one.awarded_at)),
        Cell(text=moment(one.issued_at)),
        Cell(text=one.id.removeprefix("urn:uuid:")[:8], note=f"version {one.version}"),
        Cell(text=one.reason or NONE, pre=bool(one.reason)),
    )
