"""
The feedback page of one submission: what each check found, and one next step. Pure: from records to HTML.

Shows outcomes, points, messages, misconceptions and next steps; never source or inputs of a test. The page is complete
in itself: it loads nothing, runs nothing, and carries the same results as a JSON block for the course page to read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.model import PASS_SHARE, CheckResult, Exercise, Outcome, Unit

RESULTS_ID = "course-results"  # of the script element that holds the JSON
RESULTS_SCHEMA = 1
_CODE = re.compile(r"`([^`]+)`")
_WORDS: Mapping[Outcome, tuple[str, str]] = {  # (words, kind of badge)
    Outcome.PASSED: ("Passed", "passed"),
    Outcome.PARTIAL: ("Partly", "partly"),
    Outcome.WRONG: ("Not yet", "notyet"),
    Outcome.ERROR: ("Not yet", "notyet"),
    Outcome.NOT_ATTEMPTED: ("Not started", "idle"),
    Outcome.NOT_RUN: ("Did not run", "idle"),
    Outcome.TIME: ("Took too long", "notyet"),
    Outcome.MEMORY: ("Too much memory", "notyet"),
    Outcome.OUTPUT: ("Too much output", "notyet"),
    Outcome.KILLED: ("Ended early", "notyet"),
    Outcome.PLATFORM_FAULT: ("Our fault", "idle"),
}


class GradeView(Protocol):
    """What the page needs of an attempt; the gradebook's view of one fits."""

    @property
    def learner(self) -> str:
        """Whose it is."""

    @property
    def submitted_at(self) -> datetime:
        """Aware; when it was handed in."""

    @property
    def graded_at(self) -> datetime:
        """Aware; when it was graded."""

    @property
    def sha256(self) -> str:
        """Of the notebook."""

    @property
    def state(self) -> str:
        """One of "graded", "refused" and "fault"."""

    @property
    def reason(self) -> str:
        """Why it was not graded."""

    @property
    def final_score(self) -> float:
        """Points, an instructor's override included, before any late penalty."""

    @property
    def max_score(self) -> float:
        """Points that could be earned."""

    @property
    def late_penalty(self) -> float:
        """Points taken off for lateness."""

    @property
    def passed(self) -> bool:
        """Whether this attempt passes the unit."""

    @property
    def repairs(self) -> tuple[str, ...]:
        """What the rebuild had to restore."""

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """One verdict a check."""

    @property
    def mode(self) -> str:
        """What ran it."""

    @property
    def suite_digest(self) -> str:
        """Of the tests that ran."""


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """One check as the page shows it."""

    title: str
    word: str
    kind: str
    earned: float
    points: float
    message: str
    misconception: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class ExerciseRow:
    """One exercise as the page shows it."""

    name: str
    title: str
    earned: float
    points: float
    checks: tuple[CheckRow, ...]


def feedback_page(unit: Unit, view: GradeView, *, pass_share: float = PASS_SHARE) -> str:
    """
    Write the page of one attempt.

    Args:
        unit: What was graded.
        view: What was found; an attempt that could not be graded gets a page with the reason.
        pass_share: Share of the points that passes the unit.
    """
    exercises = tuple(_exercise(unit, exercise, view.results) for exercise in unit.exercises)
    rows = [row for exercise in exercises for row in exercise.checks]
    template = _environment().get_template("feedback.html.j2")
    return template.render(
        unit=unit,
        view=view,
        exercises=exercises if view.results else (),
        first_open=next((row for row in rows if row.kind != "passed"), None),
        passed_checks=sum(row.kind == "passed" for row in rows),
        all_checks=len(rows),
        share=view.final_score / view.max_score if view.max_score else 0.0,
        pass_share=pass_share,
        wanted=pass_share * view.max_score,
        results_id=RESULTS_ID,
        results_json=Markup(embeddable(results_json(unit, view))),
    )


def results_json(unit: Unit, view: GradeView) -> dict[str, Any]:
    """Return the results as plain data, as the page embeds them."""
    titles = {check.name: check.title for check in unit.checks}
    return {
        "schema": RESULTS_SCHEMA,
        "unit": unit.name,
        "learner": view.learner,
        "submitted_at": view.submitted_at.isoformat(),
        "graded_at": view.graded_at.isoformat(),
        "sha256": view.sha256,
        "suite_digest": view.suite_digest,
        "state": view.state,
        "reason": view.reason,
        "earned": view.final_score,
        "points": view.max_score,
        "late_penalty": view.late_penalty,
        "passed": view.passed,
        "repairs": list(view.repairs),
        "checks": [
            {
                "check": result.check,
                "exercise": result.exercise,
                "title": titles.get(result.check, result.check),
                "outcome": result.outcome.value,
                "earned": result.earned,
                "points": result.points,
                "message": result.message,
                "misconception": result.misconception,
                "next_step": result.next_step,
            }
            for result in view.results
        ],
    }


def embeddable(data: Any) -> str:
    """Write JSON that cannot end the script element it stands in, nor begin a comment."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _exercise(unit: Unit, exercise: Exercise, results: tuple[CheckResult, ...]) -> ExerciseRow:
    titles = {check.name: check.title for check in exercise.checks}
    misconceptions = {each.name: each.title for each in unit.misconceptions}
    said: set[str] = set()
    rows = tuple(_check(result, titles, misconceptions, said) for result in results if result.exercise == exercise.name)
    return ExerciseRow(
        name=exercise.name,
        title=exercise.title,
        earned=sum(row.earned for row in rows),
        points=sum(row.points for row in rows),
        checks=rows,
    )


def _check(
    result: CheckResult, titles: Mapping[str, str], misconceptions: Mapping[str, str], said: set[str]
) -> CheckRow:
    """Make one row; one mix-up often meets several checks, and what *said* holds is not said again."""
    word, kind = _WORDS[result.outcome]
    misconception = misconceptions.get(result.misconception or "", "")
    row = CheckRow(
        title=titles.get(result.check, result.check),
        word=word,
        kind=kind,
        earned=result.earned,
        points=result.points,
        message="The same as above." if result.message in said else result.message,
        misconception="" if misconception in said else misconception,
        next_step="" if result.next_step in said else result.next_step,
    )
    said |= {text for text in (result.message, misconception, result.next_step) if text}
    return row


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.judge", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = points
    environment.filters["prose"] = prose
    environment.filters["moment"] = moment
    return environment


def points(value: float) -> str:
    """Write points without idle zeros: 18, 2.5."""
    return f"{round(value, 2):g}"


def prose(text: str) -> Markup:
    """Escape a message and set what stands in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def moment(value: datetime) -> str:
    """Write a time in UTC for people."""
    return value.astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC")
