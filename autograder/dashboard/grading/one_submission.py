"""One submission: what it earned, why, what may be done about it. Pure: from rows to words."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.dashboard.grading.listing import Column
from autograder.dashboard.grading.notebook import ShownNotebook
from autograder.dashboard.grading.overview import Figure
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.records import audit_table
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import (
    NONE,
    attempt_words,
    check_titles,
    duration,
    grading_note,
    misconception_titles,
    moment,
    outcome_words,
    percent,
    points,
)
from autograder.gradebook.class_numbers import cluster_of
from autograder.gradebook.queries import AttemptView
from autograder.gradebook.work_rows import SubmissionPage
from autograder.model import CheckResult, Outcome, Unit

HISTORY_COLUMNS = (
    Column(title="Attempt"),
    Column(title="Handed in"),
    Column(title="Graded"),
    Column(title="State"),
    Column(title="Score"),
    Column(title="By"),
)
WORTH_A_WORD = 0.1  # seconds of processor time
SHORT = 12  # characters of a digest


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """One check of an attempt, with what a person may change."""

    name: str
    anchor: str  # of its cell, in the notebook below
    question: str
    style: str
    words: str
    earned: str
    message: str
    misconception: str
    alike: str  # address of all who read the same message but for numbers and quoted text
    masked: str  # that message, where it differs
    points: float
    manual: str  # points that a person gave, in words
    manual_value: str  # for the form
    cost: str  # time and memory


@dataclass(frozen=True, kw_only=True)
class SubmissionView:
    """What the template of one submission is given."""

    attempt: int  # its id, for addresses only
    number: int  # the learner's own count
    learner: str
    name: str
    learner_href: str
    unit: str
    unit_title: str
    unit_href: str
    style: str
    state: str
    reason: str
    figures: tuple[Figure, ...]
    notes: tuple[tuple[str, str], ...]  # (style, words)
    checks: tuple[CheckLine, ...]  # those that did not pass first
    not_passed: int
    counts: bool  # it may be overridden
    graded: bool
    regrade_words: str
    repairs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    older: str
    newer: str
    feedback: str
    file: str  # address of what was handed in; empty if nothing was kept
    notebook: ShownNotebook | None
    history: Table
    audit: Table


def submission_view(
    page: SubmissionPage, unit: Unit | None, places: GradingPlaces, notebook: ShownNotebook | None, title: str
) -> SubmissionView:
    """Tell one attempt."""
    attempt = page.attempt
    style, state = attempt_words(attempt.state, passed=attempt.passed)
    lines = [_check_line(result, page, unit, places) for result in attempt.results]
    missed = [result.outcome is not Outcome.PASSED for result in attempt.results]
    order = sorted(range(len(lines)), key=lambda place: (not missed[place], place))
    mark = page.regrade
    return SubmissionView(
        attempt=attempt.id,
        number=page.number,
        learner=attempt.learner,
        name=page.name,
        learner_href=places.learner(attempt.learner),
        unit=attempt.unit,
        unit_title=title,
        unit_href=places.unit(attempt.unit),
        style=style,
        state=state,
        reason=attempt.reason[:1].upper() + attempt.reason[1:],
        figures=_figures(attempt),
        notes=_notes(page),
        checks=tuple(lines[place] for place in order),
        not_passed=sum(missed),
        counts=page.counts,
        graded=attempt.state == "graded",
        regrade_words=f"Marked by {mark.actor} on {moment(mark.marked_at)}: {mark.reason}" if mark else "",
        repairs=attempt.repairs,
        facts=_facts(page),
        older=places.submission(page.older) if page.older else "",
        newer=places.submission(page.newer) if page.newer else "",
        feedback=places.feedback(attempt.id),
        file=places.file(attempt.id) if attempt.sha256 else "",
        notebook=notebook,
        history=_history(page, places),
        audit=audit_table(page.audit, "What was changed about this submission", places),
    )


def _history(page: SubmissionPage, places: GradingPlaces) -> Table:
    """List all attempts at the unit; the one that is shown has no link."""
    return Table(
        caption="All attempts at this unit, the newest first",
        headings=plain_headings(HISTORY_COLUMNS),
        rows=tuple(
            (
                Cell(
                    text=f"Attempt {one.number}",
                    href="" if one.id == page.attempt.id else places.submission(one.id),
                    note=", ".join(filter(None, (grading_note(one.grading), here))),
                ),
                Cell(text=moment(one.submitted_at)),
                Cell(text=moment(one.graded_at)),
                _state_cell(one.state, passed=one.passed),
                Cell(
                    text=points(one.final_score, one.max_score),
                    share=one.final_score / one.max_score if one.max_score else None,
                ),
                Cell(text=f"Run {one.run}" if one.run else NONE, href=places.run(one.run) if one.run else ""),
            )
            for one in page.history
            for here in ["shown here" if one.id == page.attempt.id else ""]
        ),
    )


def _check_line(result: CheckResult, page: SubmissionPage, unit: Unit | None, places: GradingPlaces) -> CheckLine:
    style, words = outcome_words(result.outcome)
    given = page.overrides.get(result.check)
    manual = given.manual if given else None
    question = check_titles(unit).get(result.check, result.check)
    return CheckLine(
        name=result.check,
        anchor=f"cell-{result.check}",
        question=question[:1].upper() + question[1:],
        style=style,
        words=words,
        earned=points(result.earned, result.points),
        message="" if result.outcome is Outcome.PASSED else result.message,
        misconception=misconception_titles(unit).get(result.misconception or "", result.misconception or ""),
        alike=_alike(result, page, places),
        masked=result.masked_message if result.masked_message != result.message else "",
        points=result.points,
        manual=f"{manual:g} by hand" if manual is not None else "",
        manual_value=f"{manual:g}" if manual is not None else "",
        cost=_cost(result),
    )


def _state_cell(state: str, *, passed: bool) -> Cell:
    style, words = attempt_words(state, passed=passed)
    return Cell(text=words, style=style)


def _alike(result: CheckResult, page: SubmissionPage, places: GradingPlaces) -> str:
    """Lead to all whose message differs in numbers and quoted text only; the page of a check knows today's tests."""
    if result.outcome is Outcome.PASSED or not page.current_tests:
        return ""
    cluster = cluster_of(result.outcome.value, result.masked_message)
    return places.cluster(page.attempt.unit, result.check, cluster)


def _cost(result: CheckResult) -> str:
    """Say what a check took, where it is worth a word."""
    memory = f", {result.peak_bytes / 2**20:.0f} MiB" if result.peak_bytes else ""
    return f"took {result.cpu_seconds:.1f} s{memory}" if result.cpu_seconds >= WORTH_A_WORD else ""


def _figures(attempt: AttemptView) -> tuple[Figure, ...]:
    passed = sum(result.outcome is Outcome.PASSED for result in attempt.results)
    share = attempt.final_score / attempt.max_score if attempt.max_score else None
    by_hand = attempt.final_score != attempt.score
    late = Figure(
        name="Late",
        value=duration(attempt.late_seconds) if attempt.late_seconds > 0 else "No",
        note=f"{attempt.late_penalty:g} points off" if attempt.late_penalty else "no penalty",
    )
    return (
        Figure(
            name="Score",
            value=points(attempt.final_score, attempt.max_score),
            note=f"{percent(share)}" + (f"; {attempt.score:g} by the tests" if by_hand else ""),
        ),
        Figure(
            name="Checks passed",
            value=f"{passed} of {len(attempt.results)}" if attempt.results else NONE,
            note="visible and hidden" if attempt.results else "nothing was graded",
        ),
        Figure(
            name="Handed in",
            value=attempt.submitted_at.astimezone().strftime("%-d %b"),
            note=moment(attempt.submitted_at),
        ),
        *((late,) if attempt.state == "graded" else ()),  # lateness is counted with the points
    )


def _notes(page: SubmissionPage) -> tuple[tuple[str, str], ...]:
    notes = []
    if page.attempt.state == "graded" and not page.counts:
        notes.append(("submitted", "A later attempt counts; this one is shown as it was."))
    if page.passed_unit and not page.attempt.passed:
        notes.append(("passed", "The unit stays passed from another attempt."))
    if page.attempt.state == "graded" and not page.current_tests:
        notes.append(("in-progress", "Graded by older tests than those of today."))
    if page.twins:
        who = ", ".join(page.twins)
        notes.append(("not-yet", f"The same file, byte for byte, was handed in by {who}."))
    return tuple(notes)


def _facts(page: SubmissionPage) -> tuple[tuple[str, str], ...]:
    attempt = page.attempt
    source = next((f"attempt {one.number}" for one in page.history if one.id == attempt.answered_from), "another one")
    return (
        ("SHA-256 of the file", attempt.sha256[:SHORT] or NONE),
        ("Received", moment(attempt.received_at)),
        ("Graded", moment(attempt.graded_at)),
        ("Run", str(attempt.run) if attempt.run else NONE),
        ("Processor time", f"{attempt.cpu_seconds:.2f} s"),
        ("Real time", f"{attempt.wall_seconds:.2f} s"),
        ("Peak memory", f"{attempt.peak_bytes / 2**20:.0f} MiB" if attempt.peak_bytes else NONE),
        ("Sandbox mode", attempt.mode or NONE),
        ("Grader", attempt.grader_version or NONE),
        ("Tests", attempt.suite_digest[:SHORT] or NONE),
        ("Answered from", source if attempt.answered_from else NONE),
    )
