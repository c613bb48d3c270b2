"""Where the learner stands: one word a unit, and one next step."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from autograder.learner import workcopy
from autograder.learner.status import State, UnitStatus, next_step, passing, read_status, status_lines
from autograder.model import Check, CheckResult, Exercise, Outcome, Unit
from autograder.settings import load_settings
from exercises.environment import progress_path
from exercises.progress import Progress

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEEN = Check(name="seen", exercise="task", title="is it seen?", points=1, visible=True)
HIDDEN = Check(name="hidden", exercise="task", title="is it right?", points=2, visible=False)
TASK = Exercise(name="task", title="A task", minutes=5, answers=("task",), checks=(SEEN, HIDDEN))
FRESH = UnitStatus(unit=Unit(name="01_one", title="One", question="Why one?", minutes=10, exercises=(TASK,)))
READ = replace(FRESH, lesson_touched=True)
BEGUN = replace(READ, exercises_touched=True, saved_at=NOON)
READY = replace(BEGUN, visible_passed=frozenset({"seen"}))
RESULTS = (
    CheckResult(check="seen", exercise="task", outcome=Outcome.PASSED, earned=1, points=1),
    CheckResult(check="hidden", exercise="task", outcome=Outcome.WRONG, earned=0, points=2),
)
SHORT = replace(READY, last=SimpleNamespace(submitted_at=NOON, results=RESULTS), handed_in_at=NOON, earned=1.0)
CHANGED = replace(SHORT, answers_changed=True)
PASSED = replace(SHORT, passed=True, earned=3.0)
LESSON = UnitStatus(unit=Unit(name="00_zero", title="Zero", question="Why?", minutes=10), required=False)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (FRESH, State.NOT_STARTED),
        (READ, State.IN_PROGRESS),
        (BEGUN, State.IN_PROGRESS),
        (SHORT, State.SUBMITTED),
        (PASSED, State.PASSED),
    ],
)
def test_a_unit_has_one_state(status, state):
    """The furthest thing that happened names it."""
    assert status.state is state


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (FRESH, "lesson"),
        (READ, "exercises"),
        (BEGUN, "exercises"),
        (READY, "submit"),
        (SHORT, "improve"),
        (CHANGED, "submit"),
        (PASSED, "done"),
    ],
)
def test_the_next_step_follows_the_work(status, kind):
    """Lesson, exercises, submit, feedback, and on."""
    assert next_step([status]).kind == kind


def test_a_read_lesson_without_exercises_is_left_behind():
    """The next step is in the next unit."""
    assert next_step([replace(LESSON, lesson_touched=True), FRESH]).unit == "01_one"


def test_nobody_is_sent_back_to_a_skipped_introduction():
    """Who has begun a later unit goes on there."""
    assert next_step([LESSON, BEGUN]).unit == "01_one"


def test_the_first_unfinished_unit_comes_first():
    """Passed units are passed over."""
    later = replace(FRESH, unit=replace(FRESH.unit, name="02_two"))

    assert next_step([PASSED, later]).unit == "02_two"


def test_what_waits_for_an_instructor_holds_nobody_up():
    """After handing in, the learner goes on with the next unit."""
    waiting = replace(READY, handed_in_at=NOON)
    later = replace(FRESH, unit=replace(FRESH.unit, name="02_two"))

    assert (next_step([waiting, later]).unit, next_step([waiting]).kind) == ("02_two", "wait")


def test_a_refused_submission_is_the_next_thing_to_look_at():
    """The page says why it could not be graded."""
    refused = replace(READY, handed_in_at=NOON, refused="two cells have one name")

    assert next_step([refused]).kind == "improve"


def test_the_last_run_of_a_check_counts():
    """A check that passed once and then did not is not passing."""
    runs = [
        SimpleNamespace(unit=unit, check=check, outcome=outcome)
        for unit, check, outcome in [
            ("01_one", "a", "passed"),
            ("01_one", "a", "not yet"),
            ("01_one", "b", "not yet"),
            ("01_one", "b", "passed"),
            ("02_two", "c", "passed"),
        ]
    ]

    assert passing(runs, "01_one") == {"b"}


def test_a_fresh_course_is_not_started(course):
    """Without any file the page has an answer."""
    workcopy.prepare(course)
    status = read_status(course)

    assert ([unit.state for unit in status.units], status.next_step.unit) == (
        [State.NOT_STARTED, State.NOT_STARTED],
        "00_start_here",
    )


def test_an_answered_question_counts_as_reading(course):
    """The quiz belongs to the lesson."""
    workcopy.prepare(course)
    Progress(course.work / ".course" / "progress.sqlite").record_quiz(
        unit="00_start_here", question="first", choice="a", right=True
    )

    assert read_status(course).units[0].state is State.IN_PROGRESS


def test_a_damaged_progress_file_hides_no_unit(course):
    """The units are shown, with a notice."""
    workcopy.prepare(course)
    (course.work / ".course" / "progress.sqlite").write_bytes(b"no database" * 100)
    status = read_status(course)

    assert (len(status.units), len(status.notices)) == (2, 1)


def test_the_terminal_tells_the_same(course):
    """One line a unit, then the next step."""
    workcopy.prepare(course)

    assert status_lines(read_status(course)) == [
        "00  Start here: not started, lesson only",
        "07  A new unit: not started, 0 of 3 points",
        "Next: Open the lesson of 00 Start here. It asks: What is there besides the model?",
    ]


def test_what_was_handed_in_waits_until_it_is_graded(course):
    """The time stamp beside the submission is enough to know."""
    workcopy.prepare(course)
    folder = course.submitted / "ada" / "07_made_up"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC", encoding="utf-8")
    unit = read_status(course).units[1]

    assert (unit.state, unit.waiting, unit.handed_in_at) == (State.SUBMITTED, True, NOON)


def test_changed_answers_are_noticed(course):
    """Another answer is work to hand in again; another output is not."""
    workcopy.prepare(course)
    own = course.work / "07_made_up" / "assignment.ipynb"
    handed_in = course.submitted / "ada" / "07_made_up" / "assignment.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes(own.read_bytes())
    before = read_status(course).units[1].answers_changed
    text = own.read_text(encoding="utf-8").replace("# Your code here", "# My code")
    own.write_text(text, encoding="utf-8")

    assert (before, read_status(course).units[1].answers_changed) == (False, True)


@pytest.mark.parametrize("variables", [(), ("COURSE_VAR",)])
def test_the_page_reads_the_file_that_the_notebooks_write(course, monkeypatch, tmp_path, variables):
    """Wherever var/ is, both sides mean the same place."""
    monkeypatch.setenv("COURSE_ROOT", str(course.root))
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.delenv("COURSE_VAR", raising=False)
    for name in variables:
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))

    assert progress_path() == load_settings().work / ".course" / "progress.sqlite"
