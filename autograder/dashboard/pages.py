"""
What the learner's pages say: pure functions from status records to view models.

Decides words, order and addresses. Never reads a file, never escapes (the templates do, everywhere), never styles.
"""

from __future__ import annotations

from autograder.dashboard.views import (
    Action,
    Bar,
    CheckRow,
    ExerciseRow,
    Feedback,
    OverviewPage,
    Places,
    UnitCard,
    UnitPage,
)
from autograder.gradebook.queries import AttemptView
from autograder.learner.status import CourseStatus, State, UnitStatus, step_label
from autograder.model import Check, CheckResult, Exercise, Outcome, Unit
from autograder.settings import Settings

VERDICTS = {  # outcome -> (style, words)
    Outcome.PASSED: ("passed", "Passed"),
    Outcome.PARTIAL: ("partial", "Partly there"),
    Outcome.WRONG: ("not-yet", "Not yet"),
    Outcome.ERROR: ("not-yet", "Not yet: stopped by an error"),
    Outcome.NOT_ATTEMPTED: ("not-started", "Not started"),
    Outcome.NOT_RUN: ("not-yet", "Not run"),
    Outcome.TIME: ("not-yet", "Not yet: took too long"),
    Outcome.MEMORY: ("not-yet", "Not yet: used too much memory"),
    Outcome.OUTPUT: ("not-yet", "Not yet: printed too much"),
    Outcome.KILLED: ("not-yet", "Not yet: the process ended"),
    Outcome.PLATFORM_FAULT: ("fault", "Our fault: will be graded again"),
}
STATE_STYLES = {
    State.NOT_STARTED: "not-started",
    State.IN_PROGRESS: "in-progress",
    State.SUBMITTED: "submitted",
    State.PASSED: "passed",
}


def overview_page(status: CourseStatus, places: Places, settings: Settings) -> OverviewPage:
    """Say where the learner stands and what comes next."""
    step = status.next_step
    return OverviewPage(
        step_title=_step_title(status),
        step_text=step.text,
        action=_step_action(status, places),
        units=tuple(unit_card(unit, places, settings.pass_share) for unit in status.units),
        total=f"{status.required_passed} of {status.required} {_plural('unit', status.required)} passed for the badge",
        total_bar=_total_bar(status),
        notices=status.notices,
        pass_percent=round(settings.pass_share * 100),
    )


def unit_page(
    status: UnitStatus, places: Places, settings: Settings, *, problem: str = "", submitted: bool = False
) -> UnitPage:
    """Say what a unit asks for and what became of the last submission."""
    card = unit_card(status, places, settings.pass_share)
    return UnitPage(
        card=card,
        exercises=tuple(_exercise_row(exercise, status.unit, status.last) for exercise in status.unit.exercises),
        feedback=feedback(status, settings.pass_share) if status.last else None,
        saved_at=status.saved_at,
        changed=status.answers_changed,
        waiting=status.waiting,
        problem=problem or status.refused,
        submitted=submitted and not problem and not status.refused,
        action=_unit_action(status, card, places),
        pass_points=f"{status.unit.points * settings.pass_share:g}",
        hands_in=settings.mode == "class",
    )


def unit_card(status: UnitStatus, places: Places, pass_share: float) -> UnitCard:
    """Sum a unit up."""
    unit = status.unit
    graded = status.has_exercises
    return UnitCard(
        name=unit.name,
        number=unit.number,
        title=unit.title,
        question=unit.question,
        minutes=unit.minutes,
        state=str(status.state).capitalize(),
        style=STATE_STYLES[status.state],
        badge="Counts for the badge" if status.required else "Not needed for the badge",
        href=places.unit(unit.name),
        lesson=places.notebook(unit.name, "lesson.ipynb") if status.has_lesson else "",
        exercises=places.notebook(unit.name, "assignment.ipynb") if graded else "",
        submit=places.submit(unit.name) if graded else "",
        begun=status.exercises_touched or status.handed_in_at is not None,
        bar=_points_bar(status, pass_share) if graded else None,
        points=f"{status.earned:g} of {points_text(unit.points)}" if graded else "Lesson only",
        summary=_summary(status),
        graded=status.last is not None,
    )


def feedback(status: UnitStatus, pass_share: float) -> Feedback:
    """Tell the last submission; the caller makes sure that there is one."""
    last = status.last
    if last is None:
        raise ValueError(f"{status.unit.name} has not been submitted")
    earned = f"{status.earned:g} of {points_text(status.unit.points)}"
    short = status.unit.points * pass_share - status.earned
    if short <= 1e-9:
        headline, style = f"Passed with {earned}", "passed"
    elif status.passed:
        headline, style = f"{earned}; the unit stays passed from an earlier submission", "passed"
    else:
        headline, style = f"Not yet: {earned}, {short:g} more to pass", "not-yet"
    return Feedback(
        when=last.submitted_at,
        receipt=last.sha256[:12],
        headline=headline,
        style=style,
        repairs=last.repairs,
        penalty=f"{points_text(last.late_penalty)} off for lateness" if last.late_penalty else "",
    )


def check_row(check: Check, result: CheckResult | None, unit: Unit) -> CheckRow:
    """Tell one check: the verdict in words, the points, the message, the mistake by name, one next step."""
    if result is None:
        return CheckRow(style="not-started", verdict="Not run", question=check.title, points=f"0 of {check.points:g}")
    style, verdict = VERDICTS[result.outcome]
    known = next((known for known in unit.misconceptions if known.name == result.misconception), None)
    return CheckRow(
        style=style,
        verdict=verdict,
        question=check.title,
        points=f"{result.earned:g} of {points_text(result.points)}",
        message="" if result.outcome is Outcome.PASSED else result.message,
        misconception=known.title if known else "",
        next_step=result.next_step or (known.next_step if known else ""),
    )


def points_text(points: float) -> str:
    """Write points with their noun: "1 point", "1.5 points"."""
    return f"{points:g} {_plural('point', points)}"


def _plural(noun: str, count: float) -> str:
    return noun if count == 1 else f"{noun}s"


def _exercise_row(exercise: Exercise, unit: Unit, last: AttemptView | None) -> ExerciseRow:
    results = {result.check: result for result in last.results} if last else {}
    earned = sum(result.earned for result in results.values() if result.exercise == exercise.name)
    rows = tuple(check_row(check, results.get(check.name), unit) for check in exercise.checks) if last else ()
    return ExerciseRow(
        title=exercise.title,
        minutes=exercise.minutes,
        points=f"{earned:g} of {points_text(exercise.points)}" if last else points_text(exercise.points),
        checks=rows,
        passed=sum(row.style == "passed" for row in rows),
    )


def _points_bar(status: UnitStatus, pass_share: float) -> Bar:
    share = min(1.0, max(0.0, status.earned / status.unit.points)) if status.unit.points else 0.0
    label = f"{status.earned:g} of {points_text(status.unit.points)}; {pass_share:.0%} passes"
    return Bar(share=share, goal=pass_share, label=label)


def _total_bar(status: CourseStatus) -> Bar | None:
    if not status.required:
        return None
    label = f"{status.required_passed} of {status.required} units passed"
    return Bar(share=status.required_passed / status.required, goal=1.0, label=label)


def _summary(status: UnitStatus) -> str:
    if status.waiting:
        return "Handed in; not graded yet."
    if status.last is None:
        return ""
    passed = sum(result.outcome is Outcome.PASSED for result in status.last.results)
    return f"Last submission: {passed} of {len(status.last.results)} checks passed."


def _step_title(status: CourseStatus) -> str:
    step = status.next_step
    if not step.unit:
        return "You are through" if step.kind == "done" else "Handed in"
    unit = next(unit.unit for unit in status.units if unit.unit.name == step.unit)
    return f"{unit.number} {unit.title}"


def _step_action(status: CourseStatus, places: Places) -> Action:
    step = status.next_step
    if not step.unit:
        return Action(label="Open JupyterLab", href=places.lab)
    label = step_label(step, ())
    targets = {
        "lesson": places.notebook(step.unit, "lesson.ipynb"),
        "exercises": places.notebook(step.unit, "assignment.ipynb"),
        "submit": places.submit(step.unit),
        "improve": places.unit(step.unit),
    }
    return Action(label=label, href=targets[step.kind], post=step.kind == "submit")


def _unit_action(status: UnitStatus, card: UnitCard, places: Places) -> Action:
    if status.passed:
        return Action(label="Go on with the course", href=places.course)
    if not status.has_exercises:
        return Action(label="Open the lesson", href=card.lesson)
    if status.state is State.NOT_STARTED and card.lesson:
        return Action(label="Open the lesson", href=card.lesson)
    return Action(label="Open the exercises", href=card.exercises)
