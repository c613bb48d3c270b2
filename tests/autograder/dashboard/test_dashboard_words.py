"""Numbers and rows in words: what an instructor reads at a glance."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from autograder.dashboard.grading.listing import Asked
from autograder.dashboard.grading.one_submission import submission_view
from autograder.dashboard.grading.overview import overview_view
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.runs import run_line, run_view
from autograder.dashboard.grading.units import check_view
from autograder.dashboard.grading.words import OUTCOMES, counted, decimal, duration, percent, points
from autograder.gradebook.class_rows import (
    RISKS,
    Attention,
    CheckPage,
    MessageCluster,
    Overview,
    Page,
    RiskRule,
    RunState,
    UnitCounts,
)
from autograder.gradebook.work_rows import RunPage, RunProblem, SubmissionPage
from autograder.model import Check, CheckResult, Exercise, Misconception, Outcome, Unit

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACES = GradingPlaces(base="/user/grace/")
CHECKS = tuple(
    Check(name=name, exercise="task", title=f"does {name} hold?", points=1.0, visible=True) for name in ("one", "two")
)
UNIT = Unit(
    name="01_one",
    title="One",
    question="Why?",
    minutes=5,
    exercises=(Exercise(name="task", title="Task", minutes=5, answers=("task",), checks=CHECKS),),
    misconceptions=(Misconception(name="early", exercise="task", title="Labels came early", next_step="Draw it."),),
)


def counts(**changes):
    numbers = dict.fromkeys(("learners", "graded", "refused", "faults", "passed", "attempts", "waiting"), 0)
    return UnitCounts(
        **({"unit": "01_one", "regrade_due": 0, "pass_share": None, "mean_share": None} | numbers | changes)
    )


def overview(**changes):
    fields = {"learners": 0, "active": 0, "at_risk": 0, "units": (counts(),), "days": (), "attention": ()}
    return Overview(**(fields | {"waiting": 0, "queue_seen_at": None, "running": ()} | changes))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (percent(None), "\u2013"),
        (percent(0.475), "48 %"),
        (decimal(-0.25), "\u22120.25"),
        (points(17.5, 18.0), "17.5 of 18"),
        (points(0, 0), "\u2013"),
        (counted(1, "learner"), "1 learner"),
        (counted(12000, "learner"), "12,000 learners"),
        (duration(None), "\u2013"),
        (duration(42.4), "42 s"),
        (duration(600), "10 min"),
        (duration(86400 * 3), "3 days"),
    ],
)
def test_figures_are_short_and_say_when_there_is_none(written, text):
    """A dash stands where nothing can be told."""
    assert written == text


def test_every_outcome_has_words_for_instructors():
    """A new outcome cannot be shown as nothing."""
    assert set(OUTCOMES) == set(Outcome)


def test_every_rule_of_risk_can_be_told():
    """The sentences name only what the rule knows."""
    from autograder.dashboard.grading.words import risk_words

    rule = RiskRule(quiet_days=14, quiet_since=None, stuck_attempts=3, behind_units=2, middle_passed=4)

    assert len([sentence for _, sentence in risk_words(rule) if "{" not in sentence]) == len(RISKS)


def test_units_without_exercises_are_not_counted():
    """A unit that is only read has no pass rate."""
    view = overview_view(overview(units=(counts(unit="00_read"), counts())), PLACES, {"01_one": "01 One"}, 0.8)

    assert [row[0].text for row in view.units.rows] == ["01 One"]


def test_a_small_class_says_why_shares_are_missing():
    """Otherwise a dash would look like a fault."""
    view = overview_view(overview(units=(counts(learners=3),)), PLACES, {"01_one": "01 One"}, 0.8)

    assert "fewer than 5" in view.small


@pytest.mark.parametrize("kind", ["waiting", "fault", "refused", "regrade", "interrupted"])
def test_whatever_needs_attention_leads_somewhere(kind):
    """Each line is one click from its remedy."""
    attention = (Attention(kind=kind, unit="01_one", count=2),)
    task = overview_view(overview(attention=attention), PLACES, {"01_one": "01 One"}, 0.8).tasks[0]

    assert (task.href.startswith("/user/grace/course/grading/"), "2" in task.title) == (True, True)


def attempt(*outcomes):
    results = tuple(
        CheckResult(check=check.name, exercise="task", outcome=outcome, earned=0.0, points=1.0, misconception="early")
        for check, outcome in zip(CHECKS, outcomes, strict=True)
    )
    numbers = {"score": 1.0, "final_score": 1.0, "max_score": 2.0, "late_seconds": 0.0, "late_penalty": 0.0}
    times = {"submitted_at": NOON, "received_at": NOON, "graded_at": NOON, "cpu_seconds": 0.1, "wall_seconds": 0.1}
    names = {"learner": "ada", "unit": "01_one", "state": "graded", "reason": "", "sha256": "ab", "mode": "M1"}
    rest = {"id": 7, "passed": False, "repairs": (), "peak_bytes": 0, "grader_version": "", "suite_digest": ""}
    return SimpleNamespace(**numbers, **times, **names, **rest, run=None, answered_from=None, results=results)


def submission(*outcomes, **changes):
    fields = {
        "name": "Ada",
        "number": 1,
        "counts": True,
        "passed_unit": False,
        "overrides": {},
        "regrade": None,
        "older": None,
    }
    fields |= {"newer": None, "twins": (), "current_tests": True, "audit": (), "history": ()}
    return SubmissionPage(attempt=attempt(*outcomes), **(fields | changes))


def test_checks_that_did_not_pass_stand_first():
    """The eye need not search."""
    view = submission_view(submission(Outcome.PASSED, Outcome.WRONG), UNIT, PLACES, None, "01 One")

    assert ([line.name for line in view.checks], view.not_passed) == (["two", "one"], 1)


def test_a_wrong_idea_is_told_by_its_title():
    """Not by the name that the author gave it."""
    view = submission_view(submission(Outcome.WRONG, Outcome.WRONG), UNIT, PLACES, None, "01 One")

    assert view.checks[0].misconception == "Labels came early"


def test_twins_are_told():
    """The same bytes from somebody else are worth a look."""
    view = submission_view(submission(Outcome.PASSED, Outcome.PASSED, twins=("bao",)), UNIT, PLACES, None, "01 One")

    assert "bao" in view.notes[0][1]


@pytest.mark.parametrize("state", ["refused", "fault"])
def test_lateness_is_told_of_graded_work_only(state):
    """Nobody counted it for work that was not graded: a "No" would be a guess."""
    page = submission(Outcome.PASSED, Outcome.PASSED)
    names = {one.name for one in submission_view(page, UNIT, PLACES, None, "01 One").figures}
    page.attempt.state = state

    assert names - {one.name for one in submission_view(page, UNIT, PLACES, None, "01 One").figures} == {"Late"}


def run_state(phase, **changes):
    run = {"id": 3, "unit": "01_one", "total": 40, "refused": 1, "faults": 0, "actor": "eve", "started_at": NOON}
    run |= {"unchanged": 0, "whole": True}
    return RunState(
        run=SimpleNamespace(**run), phase=phase, **({"looked_at": 10, "seconds": 5.0, "seconds_left": 15.0} | changes)
    )


def test_a_run_says_how_long_it_takes():
    """By what it has done so far."""
    line = run_line(run_state("running"), PLACES, {})

    assert (line.progress, line.left, line.share, line.going_on) == ("10 of 40", "about 15 s left", 0.25, True)


@pytest.mark.parametrize("phase", ["interrupted", "abandoned", "stopped", "cancelled"])
def test_a_run_that_did_not_finish_can_go_on(phase):
    """What is graded already is not graded again."""
    line = run_line(run_state(phase, seconds_left=None), PLACES, {})

    assert (line.going_on, line.resumable) == (False, True)


def run_page(phase, *problems, looked_at=10):
    where = Page(number=1, size=50, total=len(problems) + 1)  # one that the run refused itself
    return RunPage(state=run_state(phase, looked_at=looked_at), problems=problems, page=where)


@pytest.mark.parametrize("phase", ["starting", "running", "cancelling", "interrupted", "stopped", "cancelled"])
def test_a_run_that_is_not_done_says_nothing_final(phase):
    """Nobody knows yet what it cannot grade."""
    empty = run_view(run_page(phase, looked_at=0), Asked(sort=""), PLACES, {}).problems.empty

    assert (empty.startswith("Nothing"), "could grade everything" in empty) == (True, False)


def test_what_was_refused_before_is_told_by_the_run_that_found_it_unchanged():
    """In the list, and in the line that counts."""
    one = RunProblem(
        learner="eve", name="Eve", attempt=3, state="refused", reason="no answers", resolved=False, before=True
    )
    view = run_view(run_page("done", one), Asked(sort=""), PLACES, {})

    assert view.line.not_graded == "1 not graded, 1 refused before and unchanged"
    assert [cell.text for cell in view.problems.rows[0]] == [
        "Eve",
        "Refused before, unchanged",
        "no answers",
        "Nothing yet",
    ]


def test_a_cluster_leads_to_its_learners():
    """And the page says whose messages are listed."""
    cluster = MessageCluster(
        check="one", cluster="ab12", outcome="wrong", message="got #", misconception=None, learners=3, sample_attempt=9
    )
    page = CheckPage(
        unit="01_one",
        check="one",
        hidden=False,
        statistics=None,
        clusters=(cluster,),
        cluster="ab12",
        affected=(),
        page=Page(number=1, size=50, total=0),
    )
    view = check_view(page, UNIT, Asked(sort=""), PLACES)

    assert view.chosen == "got #"
    assert view.clusters.rows[0][0].href == "/user/grace/course/grading/units/01_one/checks/one?cluster=ab12#learners"


def test_a_missed_check_leads_to_all_who_read_the_same_message():
    """Whether a test or a learner is wrong shows by how many others met it."""
    view = submission_view(submission(Outcome.WRONG, Outcome.PASSED), UNIT, PLACES, None, "01 One")

    missed, passed = view.checks
    assert (missed.alike.startswith(PLACES.check("01_one", "one")), passed.alike) == (True, "")
