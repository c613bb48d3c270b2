"""What instructors change by hand: each change one transaction, each with its audit row."""

from datetime import UTC, datetime, timedelta

import pytest
from gradebook_cases import SUITE, UNIT, grade, small_settings, source_notebook, submission
from nbgrader.api import Gradebook

from autograder.errors import CourseError, LeaseHeldError, PlatformError
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.desk import Desk, Person
from autograder.gradebook.writer import Writer
from autograder.model import Refusal

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    made = small_settings(tmp_path, pass_share=0.5)
    with Writer(made, clock=lambda: NOW) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade(submission("ada"), earned=(2.0, 0.0, 0.0)))
        writer.record(grade(submission("bob", b"2"), earned=(2.0, 1.0, 2.0)))
    return made


@pytest.fixture
def desk(settings):
    with Desk(settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def book(settings):
    with ClassQueries(settings, clock=lambda: NOW) as opened:
        yield opened


def test_an_override_counts_for_points_and_pass_here_and_in_nbgrader(settings, desk, book):
    """The tests' own verdict stays; nbgrader's row has the person's points, and the unit is passed."""
    desk.override(1, "area_shares", 2.0, actor="eve", reason="read by hand")
    page = book.submission(1)
    with Gradebook(settings.db_url) as gradebook:
        found = gradebook.find_submission(UNIT, "ada").score

    assert (found, page.attempt.final_score, page.attempt.score, page.passed_unit) == (4.0, 4.0, 2.0, True)
    assert (page.overrides["area_shares"].manual, page.overrides["area_shares"].automatic) == (2.0, 0.0)
    assert [result.earned for result in page.attempt.results] == [2.0, 0.0, 0.0]
    assert book.overview().units[0].passed == 2


def in_formgrader(settings, **given):
    """Give points as formgrader does: in nbgrader's row, past everything of ours."""
    with Gradebook(settings.db_url) as gradebook:
        cell = gradebook.find_grade("area_shares", "assignment", UNIT, "ada")
        for name, value in given.items():
            setattr(cell, name, value)
        gradebook.db.commit()


@pytest.mark.parametrize("given", [{"manual_score": 2.0}, {"extra_credit": 2.0}])
def test_points_given_in_formgrader_count_once_they_are_seen(settings, desk, book, given):
    """Score, pass and the numbers of the unit follow; the audit names formgrader; a second look adds nothing."""
    in_formgrader(settings, **given)
    seen = book.changed_in_formgrader()
    changed = (desk.follow_formgrader(), desk.follow_formgrader())
    page = book.submission(1)

    assert (seen, book.changed_in_formgrader(), changed) == (True, False, (1, 0))
    assert (page.attempt.final_score, page.passed_unit, book.overview().units[0].passed) == (4.0, True, 2)
    assert [(row.actor, row.action, row.after["score"]) for row in page.audit] == [("formgrader", "by_hand", 4.0)]


def test_points_that_formgrader_takes_back_count_no_more(settings, desk, book):
    """An empty field there is no points by hand."""
    in_formgrader(settings, manual_score=2.0)
    desk.follow_formgrader()
    in_formgrader(settings, manual_score=None)
    desk.follow_formgrader()

    assert (book.submission(1).attempt.final_score, book.submission(1).passed_unit) == (2.0, False)


def test_a_gradebook_without_points_by_hand_has_nothing_to_follow(desk, book):
    """Nor has one whose only overrides are ours."""
    before = book.changed_in_formgrader()
    desk.override(1, "area_shares", 2.0, actor="eve", reason="read by hand")

    assert (before, book.changed_in_formgrader(), desk.follow_formgrader()) == (False, False, 0)


def test_an_override_that_is_taken_back_takes_its_pass_along(desk, book):
    """The gradebook looks again for the first attempt that passed; the audit tells both changes."""
    desk.override(1, "area_shares", 2.0, actor="eve", reason="read by hand")
    desk.override(1, "area_shares", None, actor="eve", reason="of another learner")
    page = book.submission(1)

    assert (page.attempt.final_score, page.passed_unit, page.overrides) == (2.0, False, {})
    assert [(row.after["score"], row.after["passed"]) for row in page.audit] == [(2.0, False), (4.0, True)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"points": 2.5}, "area_shares: 2.5 points; give 0 to 2"),
        ({"points": -1.0}, "area_shares: -1 points; give 0 to 2"),
        ({"points": float("nan")}, "area_shares: nan points; give 0 to 2"),
        ({"check": "area_of_none"}, "has no check 'area_of_none'; known are area_of_two"),
        ({"reason": " "}, "give a reason of 1 to 2000 characters"),
        ({"actor": ""}, "needs an actor"),
        ({"attempt": 99}, "attempt 99 is not in the gradebook"),
    ],
)
def test_an_override_that_will_not_do_says_why_and_changes_nothing(desk, book, change, told):
    """Nothing is written, not even to the audit."""
    wanted = {"attempt": 1, "check": "area_shares", "points": 1.0, "actor": "eve", "reason": "why"} | change
    with pytest.raises(CourseError, match=told):
        desk.override(wanted.pop("attempt"), wanted.pop("check"), wanted.pop("points"), **wanted)

    assert (book.submission(1).overrides, book.audit_log(action="override").rows) == ({}, ())


def test_only_the_attempt_that_counts_can_be_overridden(settings, desk):
    """Nbgrader's row shows no other; the message names the right one."""
    with Writer(settings) as writer:
        writer.record(grade(submission("ada", b"3", hour=13), earned=(0.0, 0.0, 0.0)))

    with pytest.raises(CourseError, match="attempt 1 is not the one that counts; change attempt 3 instead"):
        desk.override(1, "area_shares", 1.0, actor="eve", reason="why")


def test_a_marked_submission_is_due_until_it_is_graded_again(settings, desk, book):
    """The next attempt takes the mark away; a fault of ours does not."""
    desk.mark_regrade("ada", UNIT, actor="eve", reason="the server was slow")
    assert (book.submission(1).regrade.reason, book.learner("ada").regrade_due) == ("the server was slow", (UNIT,))
    assert [row.learner for row in book.submissions(state="regrade").rows] == ["ada"]
    with Writer(settings) as writer:
        writer.refuse(Refusal(learner="ada", unit=UNIT, reason="down", received_at=NOW, fault=True))
        assert book.overview().units[0].regrade_due == 1
        writer.record(grade(submission("ada", b"3")))

    assert (book.overview().units[0].regrade_due, book.submissions(state="regrade").rows) == (0, ())


def test_a_mark_can_be_taken_back(desk, book):
    """And once only."""
    desk.mark_regrade("ada", UNIT, actor="eve", reason="why")
    removed = [desk.unmark_regrade("ada", UNIT, actor="eve") for _ in range(2)]

    assert (removed, book.submission(1).regrade) == ([True, False], None)


def test_a_whole_unit_can_be_marked(desk, book):
    """Those who are marked already keep their own reason."""
    desk.mark_regrade("ada", UNIT, actor="eve", reason="slow")

    assert desk.mark_unit_regrade(UNIT, actor="eve", reason="a test was wrong") == 1
    assert [book.submission(attempt).regrade.reason for attempt in (1, 2)] == ["slow", "a test was wrong"]


def test_nothing_can_be_marked_that_was_never_handed_in(desk):
    """A spelling mistake must not look like an order."""
    with pytest.raises(CourseError, match="zoe/01_small: nothing was handed in"):
        desk.mark_regrade("zoe", UNIT, actor="eve", reason="why")


def test_a_contact_leaves_its_earlier_state_in_the_audit(desk, book):
    """Who cared for whom can be read later."""
    desk.set_contact("ada", "pending", actor="eve", note="two units late")
    desk.set_contact("ada", "contacted", actor="mel")
    page = book.learner("ada")

    assert (page.contact.state, page.contact.actor, page.row.contact) == ("contacted", "mel", "contacted")
    assert [(row.before["state"], row.after["state"]) for row in page.audit] == [
        ("pending", "contacted"),
        ("", "pending"),
    ]


def test_an_unknown_contact_state_is_refused(desk):
    """A spelling mistake must not hide a learner."""
    with pytest.raises(CourseError, match="known are pending, contacted, resolved"):
        desk.set_contact("ada", "phoned", actor="eve")


def test_people_are_enrolled_and_renamed(settings, desk, book):
    """A second roster adds and changes; nobody is taken off, and nbgrader's own lists show the names."""
    first = desk.enrol([Person(learner="zoe", first_name="Zoe"), Person(learner="ada")], actor="eve", reason="")
    desk.enrol(
        [Person(learner="ada", first_name="Ada", last_name="Obi", email="a@example.org")], actor="eve", reason=""
    )
    with Gradebook(settings.db_url) as gradebook:
        names = {each.id: each.last_name for each in gradebook.students}

    assert (first, names) == (1, {"ada": "Obi", "bob": None, "zoe": ""})
    assert (book.overview().learners, book.overview().active) == (3, 2)
    assert book.learner("zoe").row.name == "Zoe"


def test_a_planned_run_is_shown_and_keeps_others_away(desk, book):
    """Between the click and its process there is a run already."""
    run = desk.plan_run(UNIT, actor="eve", reason="the deadline")
    with pytest.raises(LeaseHeldError, match=r"run 1 of eve \(starting\) is grading it"):
        desk.plan_run(UNIT, actor="mel")

    assert (book.run_state(run).phase, book.overview().running[0].run.id) == ("starting", run)


def test_a_planned_run_whose_process_never_comes_is_interrupted(settings, desk, book):
    """The page says so after a minute, and another run may begin."""
    run = desk.plan_run(UNIT, actor="eve")
    later = NOW + timedelta(seconds=61)
    with ClassQueries(settings, clock=lambda: later) as book, Desk(settings, clock=lambda: later) as again:
        assert book.run_state(run).phase == "interrupted"
        assert next((each.kind, each.unit) for each in book.overview().attention) == ("interrupted", UNIT)
        again.plan_run(UNIT, actor="eve")
        assert book.run_state(run).phase == "abandoned"


def test_a_planned_run_can_be_cancelled_at_once(desk, book):
    """Nobody has to wait for its process to be told."""
    run = desk.plan_run(UNIT, actor="eve")

    assert (desk.cancel_run(run, actor="eve"), book.run_state(run).phase) == (True, "cancelled")
    assert desk.cancel_run(run, actor="eve") is False


def test_a_cancelled_plan_is_not_taken_over(settings, desk):
    """Its process ends without having graded."""
    run = desk.plan_run(UNIT, actor="eve")
    desk.cancel_run(run, actor="eve")
    with Writer(settings) as writer, pytest.raises(LeaseHeldError, match="run 1 does not wait any more"):
        writer.start_run(UNIT, actor="eve", total=2, planned=run)


def test_a_desk_without_a_gradebook_says_what_to_do(tmp_path):
    """Nothing was graded yet."""
    with (
        pytest.raises(PlatformError, match="there is no gradebook yet; grade a unit first"),
        Desk(small_settings(tmp_path)),
    ):
        pass


def test_the_desk_needs_nothing_of_nbgrader():
    """A page that changes something answers as quickly as one that reads."""
    import subprocess
    import sys

    code = "import sys, autograder.gradebook.desk; sys.exit('nbgrader' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
