"""Grading runs: what goes on, how far it is, what could not be graded. Pure: from rows to words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autograder.dashboard.grading.listing import Asked, Column, pager
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import ATTEMPT_STATES, NONE, RUN_PHASES, counted, duration, moment
from autograder.gradebook.class_rows import RunState
from autograder.gradebook.work_rows import RunPage, RunProblem, RunsPage, SubmissionRow

COLUMNS = (
    Column(title="Run"),
    Column(title="State"),
    Column(title="Unit"),
    Column(title="Progress"),
    Column(title="Not graded", numeric=True),
    Column(title="Started"),
    Column(title="Took", numeric=True),
    Column(title="By"),
)
PROBLEM_COLUMNS = (Column(title="Learner"), Column(title="State"), Column(title="Why"), Column(title="Since then"))
QUARANTINE_COLUMNS = (Column(title="Learner"), Column(title="Unit"), Column(title="Why"), Column(title="Handed in"))


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """One run: what is shown of it, and what the stream says of it."""

    id: int
    href: str
    unit: str
    title: str
    style: str
    phase: str
    share: float
    progress: str  # "12 of 40"
    left: str  # time left, or how long it took
    not_graded: str
    going_on: bool
    resumable: bool
    started: str
    actor: str

    def to_json(self) -> dict[str, object]:
        """Plain data for the stream and for polling."""
        return {
            "phase": self.phase,
            "share": round(self.share, 4),
            "progress": self.progress,
            "left": self.left,
            "not_graded": self.not_graded,
            "going_on": self.going_on,
        }


@dataclass(frozen=True, kw_only=True)
class RunsView:
    """What the template of the list of runs is given."""

    going_on: tuple[RunLine, ...]
    runs: Table
    quarantine: Table
    quarantined: str
    units: tuple[tuple[str, str, int], ...]  # (name, title, waiting) for the form
    chosen: str  # the unit that the form begins with
    public_inputs: bool  # a class is graded without a secret


@dataclass(frozen=True, kw_only=True)
class RunView:
    """What the template of one run is given."""

    line: RunLine
    problems: Table


def run_line(state: RunState, places: GradingPlaces, titles: Mapping[str, str]) -> RunLine:
    """Sum a run up."""
    run = state.run
    style, phase = RUN_PHASES[state.phase]
    left = ""
    if state.going_on:
        left = (
            f"about {duration(state.seconds_left)} left"
            if state.seconds_left is not None
            else "time left: not known yet"
        )
    elif state.phase != "interrupted":
        left = f"took {duration(state.seconds)}"
    return RunLine(
        id=run.id,
        href=places.run(run.id),
        unit=run.unit,
        title=titles.get(run.unit, run.unit),
        style=style,
        phase=phase,
        share=min(1.0, state.looked_at / run.total) if run.total else float(state.phase == "done"),
        progress=f"{state.looked_at:,} of {run.total:,}",
        left=left,
        not_graded=counted(run.refused + run.faults, "not graded", "not graded"),
        going_on=state.going_on,
        resumable=state.phase in {"interrupted", "abandoned", "stopped", "cancelled"},
        started=moment(run.started_at),
        actor=run.actor,
    )


def runs_view(
    page: RunsPage,
    asked: Asked,
    places: GradingPlaces,
    titles: Mapping[str, str],
    *,
    waiting: Mapping[str, int],
    chosen: str,
    public_inputs: bool,
) -> RunsView:
    """
    List the runs.

    Args:
        page: What the gradebook tells.
        asked: What the address asks for.
        places: Addresses.
        titles: Unit -> number and title, of the units that can be graded.
        waiting: Unit -> submissions that nobody looked at.
        chosen: The unit that the form begins with.
        public_inputs: A class is graded with hidden inputs that anybody can draw.
    """
    lines = [run_line(state, places, titles) for state in page.runs]
    return RunsView(
        going_on=tuple(line for line in lines if line.going_on or line.phase == RUN_PHASES["interrupted"][1]),
        runs=Table(
            caption="Grading runs, the newest first",
            headings=plain_headings(COLUMNS),
            rows=tuple(_run_row(line, state) for line, state in zip(lines, page.runs, strict=True)),
            empty="Nothing was graded yet.",
            pager=pager(places.runs, asked, page.page, "runs"),
        ),
        quarantine=Table(
            caption="Submissions in quarantine",
            headings=plain_headings(QUARANTINE_COLUMNS),
            rows=tuple(_quarantine_row(row, places, titles) for row in page.quarantine),
            empty="Nothing is in quarantine.",
        ),
        quarantined=counted(page.quarantined, "submission"),
        units=tuple((name, title, waiting.get(name, 0)) for name, title in titles.items()),
        chosen=chosen,
        public_inputs=public_inputs,
    )


def run_view(page: RunPage, asked: Asked, places: GradingPlaces, titles: Mapping[str, str]) -> RunView:
    """Tell one run."""
    line = run_line(page.state, places, titles)
    before = max(0, page.page.total - page.state.run.refused - page.state.run.faults)
    if before:
        line = replace(line, not_graded=f"{line.not_graded}, {before:,} refused before and unchanged")
    return RunView(
        line=line,
        problems=Table(
            caption="Submissions that this run could not grade",
            headings=plain_headings(PROBLEM_COLUMNS),
            rows=tuple(_problem_row(one, places) for one in page.problems),
            empty=_no_problems(page.state),
            pager=pager(places.run(line.id), asked, page.page, "submissions"),
        ),
    )


def _no_problems(state: RunState) -> str:
    """Say what an empty list means; nothing final before the end."""
    if state.going_on:
        return "Nothing so far. The run still works."
    if state.phase != "done":
        return "Nothing, as far as it came."
    if not state.looked_at:
        return "There was nothing to look at."
    if state.run.unchanged and not state.run.whole:
        return "Nothing new. What was refused before and is unchanged stands with its submission."
    return "This run could grade everything that it looked at."


def _run_row(line: RunLine, state: RunState) -> tuple[Cell, ...]:
    run = state.run
    return (
        Cell(text=f"Run {line.id}", href=line.href),
        Cell(text=line.phase, style=line.style),
        Cell(text=line.title),
        Cell(text=line.progress, share=line.share),
        Cell(text=f"{run.refused + run.faults:,}" if run.refused + run.faults else NONE),
        Cell(text=line.started),
        Cell(text=NONE if line.going_on or state.phase == "interrupted" else duration(state.seconds)),
        Cell(text=line.actor),
    )


def _problem_row(one: RunProblem, places: GradingPlaces) -> tuple[Cell, ...]:
    style, words = ATTEMPT_STATES[one.state]
    words = f"{words} before, unchanged" if one.before else words
    return (
        Cell(text=one.name, href=places.submission(one.attempt), note=one.learner if one.name != one.learner else ""),
        Cell(text=words, style=style),
        Cell(text=one.reason, pre=True),
        Cell(text="Graded later", style="passed") if one.resolved else Cell(text="Nothing yet", style="not-started"),
    )


def _quarantine_row(row: SubmissionRow, places: GradingPlaces, titles: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        Cell(
            text=row.name,
            href=places.submission(row.latest_attempt),
            note=row.learner if row.name != row.learner else "",
        ),
        Cell(text=titles.get(row.unit, row.unit)),
        Cell(text=row.reason, pre=True),
        Cell(text=moment(row.submitted_at)),
    )
