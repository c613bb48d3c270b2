"""What the pages say: every verdict in words, every point counted, nothing that frightens."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader

from autograder import dashboard
from autograder.dashboard.pages import VERDICTS, check_row, overview_page, points_text, unit_page
from autograder.dashboard.views import Places
from autograder.learner.status import CourseStatus, UnitStatus
from autograder.model import Check, CheckResult, Exercise, Misconception, Outcome, Unit
from autograder.settings import Settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHECK = Check(name="late", exercise="task", title="are labels used in time?", points=2.5, visible=True)
UNIT = Unit(
    name="01_one",
    title="One",
    question="Why one?",
    minutes=10,
    exercises=(Exercise(name="task", title="A task", minutes=5, answers=("task",), checks=(CHECK,)),),
    misconceptions=(Misconception(name="early", exercise="task", title="Labels came early", next_step="Draw it."),),
)
WRONG = CheckResult(
    check="late",
    exercise="task",
    outcome=Outcome.WRONG,
    earned=0.0,
    points=2.5,
    message="Batch 3 scored 0.4.",
    misconception="early",
)
SETTINGS = Settings(root=Path("/nowhere"))
PLACES = Places(base="/user/ada/")


def submitted(result=WRONG, **changes):
    last = SimpleNamespace(submitted_at=NOON, sha256="ab" * 32, results=(result,), repairs=(), late_penalty=0.0)
    return replace(UnitStatus(unit=UNIT, last=last, earned=result.earned, handed_in_at=NOON, saved_at=NOON), **changes)


def test_every_outcome_has_words():
    """A new outcome cannot be shown as nothing."""
    assert set(VERDICTS) == set(Outcome)


def test_no_verdict_says_wrong_or_failed():
    """A learner is not there yet."""
    assert not [words for _, words in VERDICTS.values() if {"wrong", "failed"} & set(words.lower().split())]


def test_a_check_names_the_known_mistake_and_one_next_step():
    """The title and the advice come from the unit when the grade has none."""
    row = check_row(CHECK, WRONG, UNIT)

    assert (row.verdict, row.message, row.misconception, row.next_step, row.points) == (
        "Not yet",
        "Batch 3 scored 0.4.",
        "Labels came early",
        "Draw it.",
        "0 of 2.5 points",
    )


def test_a_check_without_a_result_was_not_run():
    """Silence is never success."""
    assert check_row(CHECK, None, UNIT).verdict == "Not run"


@pytest.mark.parametrize(("points", "text"), [(1, "1 point"), (1.0, "1 point"), (1.5, "1.5 points"), (0, "0 points")])
def test_points_are_written_without_idle_zeros(points, text):
    """18.0 points is a computer's way to say 18."""
    assert points_text(points) == text


def test_the_feedback_says_what_is_missing():
    """The headline counts to the pass mark."""
    assert unit_page(submitted(), PLACES, SETTINGS).feedback.headline == "Not yet: 0 of 2.5 points, 2 more to pass"


def test_the_pass_mark_passes():
    """Exactly 80 % is enough."""
    right = replace(WRONG, outcome=Outcome.PARTIAL, earned=2.0)

    assert unit_page(submitted(right), PLACES, SETTINGS).feedback.headline == "Passed with 2 of 2.5 points"


def test_a_unit_once_passed_stays_passed():
    """A later, weaker submission takes nothing away."""
    page = unit_page(submitted(passed=True), PLACES, SETTINGS)

    assert (page.card.state, "stays passed" in page.feedback.headline) == ("Passed", True)


def test_a_refusal_is_told_on_the_units_page():
    """Also after a reload."""
    page = unit_page(submitted(refused="two cells have one name"), PLACES, SETTINGS, submitted=True)

    assert (page.problem, page.submitted) == ("two cells have one name", False)


def test_addresses_stand_below_the_base_address():
    """Notebooks open in JupyterLab by their path below var/work."""
    card = unit_page(submitted(), PLACES, SETTINGS).card

    assert (card.exercises, card.submit) == (
        "/user/ada/lab/tree/01_one/assignment.ipynb",
        "/user/ada/course/units/01_one/submit",
    )


def test_the_overview_counts_units_for_the_badge():
    """Optional units are not counted."""
    optional = replace(submitted(passed=True), required=False)
    status = CourseStatus(learner="ada", units=(optional, submitted(passed=True), submitted()))

    assert overview_page(status, PLACES, SETTINGS).total == "1 of 2 units passed for the badge"


def test_only_the_step_to_submit_is_a_form():
    """Everything else is a link that may be opened in a tab."""
    ready = UnitStatus(unit=UNIT, lesson_touched=True, exercises_touched=True, visible_passed=frozenset({"late"}))
    steps = [
        overview_page(CourseStatus(learner="ada", units=(unit,)), PLACES, SETTINGS) for unit in (ready, submitted())
    ]

    assert [(step.action.label, step.action.post) for step in steps] == [
        ("Submit the exercises", True),
        ("Read the feedback", False),
    ]


def test_nothing_is_offered_for_submission_before_there_is_work():
    """The overview keeps the button for units that were begun."""
    fresh, begun = UnitStatus(unit=UNIT), UnitStatus(unit=UNIT, exercises_touched=True)
    page = overview_page(CourseStatus(learner="ada", units=(fresh, begun)), PLACES, SETTINGS)

    assert [card.begun for card in page.units] == [False, True]


def test_a_class_waits_for_its_instructor():
    """What was handed in and not graded is told."""
    waiting = UnitStatus(unit=UNIT, handed_in_at=NOON)

    assert unit_page(waiting, PLACES, SETTINGS).waiting


def test_a_moment_names_its_zone():
    """A receipt says UTC; whoever compares the two must know what the page's clock is."""
    templates = Environment(loader=FileSystemLoader(Path(dashboard.__file__).parent / "templates"), autoescape=True)
    told = str(templates.get_template("parts.html").module.moment(NOON))

    assert NOON.astimezone().strftime(">%-d %B, %H:%M %Z<") in told
