"""The first page: how the class stands and what needs somebody's hand. Pure: from rows to words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.dashboard.grading.charts import Chart, columns
from autograder.dashboard.grading.listing import Column
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.runs import RunLine, run_line
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import NONE, counted, moment, percent
from autograder.gradebook.class_rows import SMALLEST_CLASS, Attention, DayCount, Overview, UnitCounts

COLUMNS = (
    Column(title="Unit"),
    Column(title="Pass rate"),
    Column(title="Mean score"),
    Column(title="Handed in", numeric=True),
    Column(title="Passed", numeric=True),
    Column(title="Submissions", numeric=True),
    Column(title="To do", numeric=True),
)
WEEK = 7
SHORTEST_CHART = 14  # days


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number at the top of the page."""

    name: str
    value: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that needs somebody's hand."""

    style: str
    title: str
    note: str
    href: str
    link: str


@dataclass(frozen=True, kw_only=True)
class OverviewView:
    """What the template of the first page is given."""

    figures: tuple[Figure, ...]
    tasks: tuple[Task, ...]
    running: tuple[RunLine, ...]
    units: Table
    days: Chart | None
    seen: str  # when somebody last looked for submissions
    small: str  # why shares are missing; empty if they are not


def overview_view(
    overview: Overview, places: GradingPlaces, titles: Mapping[str, str], pass_share: float
) -> OverviewView:
    """
    Say how the class stands.

    Args:
        overview: What the gradebook tells.
        places: Addresses.
        titles: Unit -> number and title.
        pass_share: Share of the points that passes.
    """
    small = any(unit.learners and unit.pass_share is None for unit in overview.units)
    return OverviewView(
        figures=_figures(overview, places),
        tasks=tuple(_task(one, places, titles) for one in overview.attention),
        running=tuple(run_line(state, places, titles) for state in overview.running),
        units=_units([one for one in overview.units if one.unit in titles], places, titles, pass_share),
        days=_days(overview.days),
        seen=_seen(overview.queue_seen_at),
        small=f"Shares stay hidden while fewer than {SMALLEST_CLASS} learners are counted." if small else "",
    )


def _figures(overview: Overview, places: GradingPlaces) -> tuple[Figure, ...]:
    until = f"to {overview.days[-1].day:%-d %B}" if overview.days else "before today"
    week = sum(day.submissions for day in overview.days[-WEEK:])
    return (
        Figure(
            name="Learners",
            value=f"{overview.learners:,}",
            note=f"{overview.active:,} handed something in",
            href=places.learners,
        ),
        Figure(
            name="At risk",
            value=f"{overview.at_risk:,}",
            note="stuck, behind, quiet or absent",
            href=f"{places.learners}?at_risk=yes",
        ),
        Figure(name="Queue", value=f"{overview.waiting:,}", note="waiting to be graded", href=places.queue),
        Figure(name="Submissions", value=f"{week:,}", note=f"in the {WEEK} days {until}", href=places.submissions),
    )


def _task(one: Attention, places: GradingPlaces, titles: Mapping[str, str]) -> Task:
    unit = titles.get(one.unit, one.unit)
    noun = counted(one.count, "submission")
    verb = "waits" if one.count == 1 else "wait"
    kinds = {
        "waiting": ("submitted", f"{noun} {verb} to be graded", places.new_run(one.unit), "Grade"),
        "fault": ("fault", f"{noun} in quarantine", places.submissions_of(one.unit, "fault"), "Look"),
        "refused": ("not-yet", f"{noun} could not be read", places.submissions_of(one.unit, "refused"), "Look"),
        "regrade": ("in-progress", f"{noun} to be graded again", places.new_run(one.unit), "Grade"),
        "interrupted": ("fault", counted(one.count, "interrupted run"), places.runs, "Resume"),
    }
    style, title, href, link = kinds[one.kind]
    return Task(style=style, title=title, note=unit, href=href, link=link)


def _units(counts: Sequence[UnitCounts], places: GradingPlaces, titles: Mapping[str, str], pass_share: float) -> Table:
    return Table(
        caption="Units: pass rate, mean score and counts",
        headings=plain_headings(COLUMNS),
        rows=tuple(_unit_row(one, places, titles, pass_share) for one in counts),
        empty="No unit of this course has exercises.",
    )


def _unit_row(one: UnitCounts, places: GradingPlaces, titles: Mapping[str, str], pass_share: float) -> tuple[Cell, ...]:
    open_work = one.waiting + one.faults + one.refused + one.regrade_due
    return (
        Cell(text=titles.get(one.unit, one.unit), href=places.unit(one.unit)),
        Cell(text=percent(one.pass_share), share=one.pass_share),
        Cell(text=percent(one.mean_share), share=one.mean_share, goal=pass_share),
        Cell(text=f"{one.learners:,}"),
        Cell(text=f"{one.passed:,}"),
        Cell(text=f"{one.attempts:,}"),
        Cell(text=f"{open_work:,}" if open_work else NONE),
    )


def _days(days: tuple[DayCount, ...]) -> Chart | None:
    first = next((place for place, day in enumerate(days) if day.submissions), len(days))
    days = days[min(first, max(0, len(days) - SHORTEST_CHART)) :]  # a young course has no empty months
    if not days:
        return None
    total = sum(day.submissions for day in days)
    busiest = max(days, key=lambda day: day.submissions)
    return columns(
        "days",
        title="Submissions per day (number, days by UTC)",
        sentence=(
            f"{counted(total, 'submission')} in the {len(days)} days up to {days[-1].day:%-d %B %Y}; "
            f"the most, {busiest.submissions:,}, on {busiest.day:%-d %B}."
        ),
        head=("Day", "Submissions"),
        values=[(f"{day.day:%-d %B %Y}", day.submissions) for day in days],
        below=[f"{day.day:%-d %b}" for day in days],
    )


def _seen(seen_at: datetime | None) -> str:
    return (
        f"The folder of submissions was last looked into on {moment(seen_at)}"
        if seen_at
        else "The folder of submissions was not looked into yet"
    )
