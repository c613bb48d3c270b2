"""The class as a list, and one learner. Pure: from rows to words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.dashboard.grading.charts import Chart, columns
from autograder.dashboard.grading.listing import Asked, Column, headings, pager
from autograder.dashboard.grading.overview import Figure
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.records import audit_table
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import (
    CONTACTS,
    NONE,
    RISK_NAMES,
    attempt_words,
    counted,
    duration,
    grading_note,
    moment,
    percent,
    points,
    risk_sentence,
    risk_words,
)
from autograder.gradebook.class_rows import AttemptLine, LearnerPage, LearnerRow, LearnersPage
from autograder.gradebook.queries import UnitStanding

COLUMNS = (
    Column(title="Learner", sort="name"),
    Column(title="Handed in", sort="handed_in", numeric=True, descending_first=True),
    Column(title="Passed", sort="passed", numeric=True, descending_first=True),
    Column(title="Score", sort="score", descending_first=True),
    Column(title="Attempts", sort="attempts", numeric=True, descending_first=True),
    Column(title="Last hand-in", sort="last", descending_first=True),
    Column(title="At risk"),
    Column(title="Contact"),
)
FILTERS = {"search": None, "at_risk": ("yes",), "contact": tuple(key for key in CONTACTS if key)}
UNIT_COLUMNS = (
    Column(title="Unit"),
    Column(title="State"),
    Column(title="Score"),
    Column(title="Attempts", numeric=True),
    Column(title="Last hand-in"),
    Column(title="Passed on"),
)
ATTEMPT_COLUMNS = (
    Column(title="Attempt"),
    Column(title="Unit"),
    Column(title="Handed in"),
    Column(title="State"),
    Column(title="Score"),
    Column(title="Late"),
)
CHARTED = 60  # attempts


@dataclass(frozen=True, kw_only=True)
class LearnersView:
    """What the template of the list is given."""

    table: Table
    search: str
    at_risk_only: bool
    contact: str
    contacts: tuple[tuple[str, str], ...]  # (value, words and count) for the form
    rules: tuple[tuple[str, str], ...]
    at_risk: str
    filtered: bool
    clear: str


@dataclass(frozen=True, kw_only=True)
class LearnerView:
    """What the template of one learner is given."""

    learner: str
    name: str
    email: str
    figures: tuple[Figure, ...]
    risks: tuple[tuple[str, str], ...]
    contact: str  # the state now
    contact_words: str
    contacts: tuple[tuple[str, str], ...]
    attempts_chart: Chart | None
    units: Table
    attempts: Table
    audit: Table
    badges: tuple[str, ...]
    regrade_due: tuple[str, ...]


def learners_view(page: LearnersPage, asked: Asked, places: GradingPlaces) -> LearnersView:
    """List the class."""
    contacts = tuple((key, f"{words} ({page.contacts.get(key, 0):,})") for key, (_, words) in CONTACTS.items() if key)
    return LearnersView(
        table=Table(
            caption="Learners",
            headings=headings(places.learners, asked, COLUMNS),
            rows=tuple(_learner_row(row, places) for row in page.rows),
            empty="No learner fits." if asked.filters else "Nobody has handed anything in yet.",
            pager=pager(places.learners, asked, page.page, "learners"),
        ),
        search=asked.filters.get("search", ""),
        at_risk_only="at_risk" in asked.filters,
        contact=asked.filters.get("contact", ""),
        contacts=contacts,
        rules=risk_words(page.rule),
        at_risk=counted(page.at_risk, "learner"),
        filtered=bool(asked.filters),
        clear=places.learners,
    )


def learner_view(page: LearnerPage, places: GradingPlaces, titles: Mapping[str, str]) -> LearnerView:
    """Tell one learner."""
    row = page.row
    contact = page.contact
    return LearnerView(
        learner=row.learner,
        name=row.name,
        email=row.email,
        figures=_figures(row),
        risks=tuple((RISK_NAMES.get(key, key), risk_sentence(key, page.rule)) for key in row.risks),
        contact=row.contact,
        contact_words=(
            f"{CONTACTS[contact.state][1]}, {moment(contact.changed_at)} by {contact.actor}"
            + (f": {contact.note}" if contact.note else "")
            if contact
            else ""
        ),
        contacts=tuple((key, words) for key, (_, words) in CONTACTS.items() if key),
        attempts_chart=_attempts_chart(page.attempts, titles),
        units=Table(
            caption="Units of this learner",
            headings=plain_headings(UNIT_COLUMNS),
            rows=tuple(_unit_row(one, places, titles) for one in page.units),
            empty="Nothing was handed in.",
        ),
        attempts=Table(
            caption="Attempts, the newest first",
            headings=plain_headings(ATTEMPT_COLUMNS),
            rows=tuple(_attempt_row(one, places, titles) for one in page.attempts[:50]),
            empty="Nothing was graded.",
        ),
        audit=audit_table(page.audit, "What was changed about this learner", places),
        badges=tuple(f"{one.achievement}, {moment(one.earned_at)}" for one in page.awards),
        regrade_due=tuple(titles.get(unit, unit) for unit in page.regrade_due),
    )


def _learner_row(row: LearnerRow, places: GradingPlaces) -> tuple[Cell, ...]:
    style, words = CONTACTS[row.contact]
    share = row.score / row.max_score if row.max_score else None
    care = Cell(text=words, style=style) if row.contact or row.risks else Cell(text=NONE)
    return (
        Cell(text=row.name, href=places.learner(row.learner), note=row.learner if row.name != row.learner else ""),
        Cell(text=f"{row.handed_in:,}"),
        Cell(text=f"{row.passed:,}"),
        Cell(text=percent(share), share=share),
        Cell(text=f"{row.attempts:,}"),
        Cell(text=moment(row.last_submitted_at)),
        Cell(text="" if row.risks else NONE, flags=tuple(RISK_NAMES.get(key, key) for key in row.risks)),
        care,
    )


def _figures(row: LearnerRow) -> tuple[Figure, ...]:
    share = row.score / row.max_score if row.max_score else None
    return (
        Figure(name="Units passed", value=f"{row.passed:,}", note=f"{row.handed_in:,} handed in"),
        Figure(
            name="Score", value=percent(share), note=f"{points(row.score, row.max_score)} points, of what was handed in"
        ),
        Figure(name="Attempts", value=f"{row.attempts:,}", note="over all units"),
        Figure(
            name="Last hand-in",
            value=row.last_submitted_at.astimezone().strftime("%-d %b") if row.last_submitted_at else NONE,
            note=moment(row.last_submitted_at),
        ),
    )


def _unit_row(one: UnitStanding, places: GradingPlaces, titles: Mapping[str, str]) -> tuple[Cell, ...]:
    style, words = attempt_words("graded" if one.passed else one.state, passed=one.passed)  # once passed stays so
    share = one.score / one.max_score if one.max_score else None
    return (
        Cell(text=titles.get(one.unit, one.unit), href=places.submission(one.latest_attempt)),
        Cell(text=words, style=style),
        Cell(text=points(one.score, one.max_score), share=share),
        Cell(text=f"{one.attempts:,}"),
        Cell(text=moment(one.submitted_at)),
        Cell(text=moment(one.passed_at)),
    )


def _attempt_row(one: AttemptLine, places: GradingPlaces, titles: Mapping[str, str]) -> tuple[Cell, ...]:
    style, words = attempt_words(one.state, passed=one.passed)
    share = one.final_score / one.max_score if one.max_score else None
    late = f"{duration(one.late_seconds)}, {one.late_penalty:g} off" if one.late_penalty else duration(one.late_seconds)
    return (
        Cell(text=f"Attempt {one.number}", href=places.submission(one.id), note=grading_note(one.grading)),
        Cell(text=titles.get(one.unit, one.unit)),
        Cell(text=moment(one.submitted_at)),
        Cell(text=words, style=style),
        Cell(text=points(one.final_score, one.max_score), share=share),
        Cell(text=late if one.late_seconds > 0 else NONE),
    )


def _attempts_chart(attempts: tuple[AttemptLine, ...], titles: Mapping[str, str]) -> Chart | None:
    shown = {(one.unit, one.number): one for one in reversed(attempts) if one.state == "graded" and one.max_score}
    graded = list(shown.values())[-CHARTED:]  # of each attempt its latest grading
    if len(graded) < 2:
        return None
    shares = [100 * one.final_score / one.max_score for one in graded]
    return columns(
        "attempts",
        title="Score of each attempt (per cent of the unit's points)",
        sentence=f"{counted(len(graded), 'graded attempt')}, the oldest first; the latest has {shares[-1]:.0f} %.",
        head=("Attempt", "Score in per cent"),
        values=[
            (f"{one.number}: {titles.get(one.unit, one.unit)}, {moment(one.submitted_at)}", round(share, 1))
            for one, share in zip(graded, shares, strict=True)
        ],
        below=[one.unit.split("_", 1)[0] for one in graded],
        styles=["passed" if one.passed else "" for one in graded],
        top=max(100.0, *shares),
    )
