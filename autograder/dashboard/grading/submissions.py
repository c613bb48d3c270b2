"""The list of submissions and the queue. Pure: from rows to words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.dashboard.grading.listing import Asked, Column, headings, pager
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import NONE, attempt_words, moment, points
from autograder.gradebook.class_rows import Page
from autograder.gradebook.work_rows import SubmissionRow, SubmissionsPage, Waiting

COLUMNS = (
    Column(title="Learner", sort="name"),
    Column(title="Unit"),
    Column(title="State", sort="state"),
    Column(title="Score", sort="score", descending_first=True),
    Column(title="Attempts", sort="attempts", numeric=True, descending_first=True),
    Column(title="Handed in", sort="submitted", descending_first=True),
    Column(title="Note"),
)
STATES = {
    "graded": "Graded",
    "passed": "Passed",
    "not passed": "Not passed",
    "refused": "Could not be read",
    "fault": "Quarantined",
    "regrade": "To be graded again",
}
QUEUE_COLUMNS = (Column(title="Learner"), Column(title="Unit"), Column(title="Handed in"))


@dataclass(frozen=True, kw_only=True)
class SubmissionsView:
    """What the template of the list is given."""

    table: Table
    search: str
    unit: str
    state: str
    units: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    filtered: bool
    clear: str


@dataclass(frozen=True, kw_only=True)
class QueueView:
    """What the template of the queue is given."""

    table: Table
    units: tuple[tuple[str, str, int], ...]  # (name, title, waiting)


def submissions_view(
    page: SubmissionsPage, asked: Asked, places: GradingPlaces, titles: Mapping[str, str]
) -> SubmissionsView:
    """List where learners stand in units."""
    return SubmissionsView(
        table=Table(
            caption="Submissions",
            headings=headings(places.submissions, asked, COLUMNS),
            rows=tuple(_row(row, places, titles) for row in page.rows),
            empty="No submission fits." if asked.filters else "Nothing was graded yet.",
            pager=pager(places.submissions, asked, page.page, "submissions"),
        ),
        search=asked.filters.get("search", ""),
        unit=asked.filters.get("unit", ""),
        state=asked.filters.get("state", ""),
        units=tuple(titles.items()),
        states=tuple(STATES.items()),
        filtered=bool(asked.filters),
        clear=places.submissions,
    )


def queue_view(
    rows: Sequence[Waiting], page: Page, asked: Asked, places: GradingPlaces, units: Sequence[tuple[str, str, int]]
) -> QueueView:
    """List what waits to be graded."""
    titles = {name: title for name, title, _ in units}
    return QueueView(
        table=Table(
            caption="Submissions that wait to be graded, the oldest first",
            headings=plain_headings(QUEUE_COLUMNS),
            rows=tuple(
                (
                    Cell(
                        text=row.name,
                        href=places.learner(row.learner),
                        note=row.learner if row.name != row.learner else "",
                    ),
                    Cell(text=titles.get(row.unit, row.unit)),
                    Cell(text=moment(row.handed_in_at)),
                )
                for row in rows
            ),
            empty="Nothing waits. Whatever was handed in has been looked at.",
            pager=pager(places.queue, asked, page, "submissions"),
        ),
        units=tuple(one for one in units if one[2]),
    )


def _row(row: SubmissionRow, places: GradingPlaces, titles: Mapping[str, str]) -> tuple[Cell, ...]:
    style, words = attempt_words(row.state, passed=row.passed)
    share = row.score / row.max_score if row.max_score else None
    late = f"{row.late_penalty:g} off for lateness" if row.late_penalty else ""
    note = row.reason or ("To be graded again" if row.regrade_due else late)
    return (
        Cell(
            text=row.name,
            href=places.submission(row.latest_attempt),
            note=row.learner if row.name != row.learner else "",
        ),
        Cell(text=titles.get(row.unit, row.unit), wrap=True),
        Cell(text=words, style=style),
        Cell(text=points(row.score, row.max_score), share=share),
        Cell(text=f"{row.attempts:,}"),
        Cell(text=moment(row.submitted_at)),
        Cell(text=note or NONE, pre=bool(note)),
    )
