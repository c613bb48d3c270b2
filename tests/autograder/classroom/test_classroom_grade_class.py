"""A class is graded once, wholly, and by one process at a time."""

import functools
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from classroom_cases import class_settings, digest_of, hand_in, quick_grade
from gradebook_cases import UNIT
from nbgrader.api import Gradebook

from autograder.classroom import grade_class as module
from autograder.classroom.grade_class import grade_class
from autograder.errors import CourseError, LeaseHeldError
from autograder.gradebook import runs
from autograder.gradebook.desk import Desk
from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return class_settings(tmp_path)


@pytest.fixture
def graded(settings):
    """Grade in threads, and tell who was really graded."""
    log = settings.root / "graded.txt"
    grader = functools.partial(quick_grade, digest=digest_of(settings), log=log)

    def run(**options):
        log.write_text("")
        report = grade_class(settings, UNIT, grade=grader, **({"new_executor": ThreadPoolExecutor} | options))
        return report, sorted(log.read_text().split())

    return run


def states(settings):
    with Queries(settings) as queries:
        return {row.learner: (row.standing.state, row.standing.score) for row in queries.class_table(UNIT)}


def test_one_bad_notebook_is_one_refused_row(settings, graded):
    """The rest of the class is graded as if it were not there."""
    for learner in ("ada", "bob", "cy", "dan"):
        hand_in(settings, learner)
    hand_in(settings, "bob", "def area(side):\n    'not a notebook'")
    (settings.submitted / "cy" / UNIT / "assignment.ipynb").write_bytes(b"{broken")
    hand_in(settings, "dan", "def area(side):\n    return 3")
    report, _ = graded()

    assert states(settings) == {
        "ada": ("graded", 5.0),
        "bob": ("refused", 0.0),
        "cy": ("refused", 0.0),
        "dan": ("graded", 1.0),
    }
    assert (report.total, report.graded, report.refused, report.faults) == (4, 2, 2, 0)
    assert [problem.split(":")[:2] for problem in report.problems] == [["cy", " refused"], ["bob", " refused"]]


def test_a_second_run_grades_nothing(settings, graded):
    """What is in the gradebook stays, and what could not be graded is still named."""
    hand_in(settings, "ada")
    hand_in(settings, "bob", "def area(side):\n    'not a notebook'")
    graded()
    report, who = graded()

    assert (who, report.unchanged) == ([], 2)
    assert report.problems == ("bob: refused before: the notebook has no answers; hand in the one that you changed",)
    with Queries(settings) as queries:
        assert [len(queries.attempts(learner, UNIT)) for learner in ("ada", "bob")] == [1, 1]


def test_force_grades_again(settings, graded):
    """A new attempt, although the bytes are known."""
    hand_in(settings, "ada")
    graded()
    report, who = graded(force=True)

    assert (who, report.graded) == (["ada"], 1)


def test_a_later_submission_of_the_same_bytes_is_answered_from_the_gradebook(settings, graded):
    """Handing in again moves the time, not the points."""
    hand_in(settings, "ada")
    graded()
    hand_in(settings, "ada", stamp="2026-03-01 18:00:00 UTC")
    report, who = graded()

    assert (who, report.answered) == ([], 1)
    with Queries(settings) as queries:
        assert queries.latest_attempt("ada", UNIT).submitted_at == datetime(2026, 3, 1, 18, tzinfo=UTC)


def test_a_changed_answer_is_graded(settings, graded):
    """Only the one who changed something is graded."""
    for learner in ("ada", "bob"):
        hand_in(settings, learner)
    graded()
    hand_in(settings, "bob", "def area(side):\n    return 0")
    _, who = graded()

    assert (who, states(settings)["bob"]) == (["bob"], ("graded", 1.0))


@pytest.mark.parametrize("trouble", ["platform", "author", "fault outcome"])
def test_a_fault_is_tried_twice_then_quarantined_and_shown(settings, graded, trouble):
    """It costs nobody points, and the next run tries again."""
    hand_in(settings, "ada")
    hand_in(settings, "bob", f"def area(side):\n    '{trouble}'")
    report, who = graded()

    assert (who, report.faults, states(settings)["ada"]) == (["ada", "bob", "bob"], 1, ("graded", 5.0))
    assert states(settings)["bob"][0] == "fault"
    assert report.problems[0].startswith("bob: quarantined, no points lost: ")
    assert graded()[1] == ["bob", "bob"]


def test_a_worker_that_dies_takes_nobody_with_it(settings, graded):
    """Only the submission that killed its worker is quarantined."""
    for learner in ("ada", "cy", "dan", "eve"):
        hand_in(settings, learner)
    hand_in(settings, "bob", "def area(side):\n    'worker dies'")
    report, _ = graded(new_executor=None, jobs=2)

    assert (report.graded, report.faults) == (4, 1)
    assert report.problems == ("bob: quarantined, no points lost: the worker process died; was it out of memory?",)


def test_only_the_named_learners_are_graded(settings, graded):
    """And it is said who of them handed in nothing."""
    for learner in ("ada", "bob"):
        hand_in(settings, learner)
    report, who = graded(learners=["bob", "zoe"])

    assert (who, report.problems) == (
        ["bob"],
        (f"zoe: nothing was handed in for {UNIT}; look into {settings.submitted}",),
    )


def test_progress_counts_up_to_the_whole_class(settings, graded):
    """The bar begins at nothing and ends full."""
    for number in range(7):
        hand_in(settings, f"learner{number}")
    told = []
    graded(progress=lambda done, total: told.append((done, total)))

    assert (told[0], told[-1]) == ((0, 7), (7, 7))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_an_empty_class_is_told_where_was_looked(graded, settings):
    """No folder of submissions is no error; the line names the place."""
    report, _ = graded()
    place = settings.submitted / "LEARNER" / UNIT / "assignment.ipynb"

    assert (report.total, report.summary()) == (0, f"{UNIT}: nothing was handed in; looked for {place}")


def test_a_unit_that_is_not_built_is_the_authors_matter(settings):
    """Nothing is written for a unit that nobody knows."""
    with pytest.raises(CourseError, match=r"02_other.*is not there; run `course build`"):
        grade_class(settings, "02_other", grade=quick_grade)

    assert not settings.autograded.exists()


def test_a_note_of_the_collection_reaches_the_learner(settings, graded):
    """What was repaired on the way is told with the grade."""
    folder = hand_in(settings, "ada", stamp="yesterday evening")
    (folder / "assignment.ipynb").rename(folder / "homework.ipynb")
    graded()

    with Queries(settings) as queries:
        renamed, stamp = queries.latest_attempt("ada", UNIT).repairs
    assert renamed.startswith("The file homework.ipynb was taken for assignment.ipynb")
    assert stamp.startswith("timestamp.txt could not be read, so the notebook's own time counts")


def test_a_held_lease_says_who_and_until_when(settings, graded, monkeypatch):
    """Two runs would grade everything twice."""
    hand_in(settings, "ada")
    with Writer(settings, clock=lambda: NOW) as writer:
        monkeypatch.setattr(runs, "holder_name", lambda: "elsewhere:7:1.00")
        run = writer.start_run(UNIT, actor="eve", total=1)
        monkeypatch.undo()
    expected = rf"run {run} of eve \(elsewhere:7:1.00\) is grading it until 2026-03-02 08:02:00 UTC"
    with pytest.raises(LeaseHeldError, match=expected):
        graded(clock=lambda: NOW)

    assert graded(clock=lambda: NOW + timedelta(minutes=3))[0].graded == 1
    with Queries(settings) as queries:
        assert [each.state for each in queries.runs(UNIT)] == ["done", "abandoned"]


def test_the_lease_of_a_dead_process_is_free_at_once(settings, graded, monkeypatch):
    """Nobody waits for a process of this machine that was killed."""
    hand_in(settings, "ada")
    mine = runs.holder_name()
    host, pid, _ = mine.rsplit(":", 2)
    with Writer(settings) as writer:
        monkeypatch.setattr(runs, "holder_name", lambda: f"{host}:{pid}:1.00")  # the same number, another process
        writer.start_run(UNIT, actor="eve", total=1)
        monkeypatch.undo()
    assert psutil.pid_exists(int(pid))

    assert graded()[0].graded == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel keeps the moment of a start as it was set")
def test_a_lease_outlives_a_correction_of_the_clock(settings, graded, monkeypatch):
    """A machine that sets its clock in a run moves every process's start; the run goes on, and keeps others away."""
    hand_in(settings, "ada")
    with Writer(settings) as writer:
        run = writer.start_run(UNIT, actor="eve", total=1)
        moments = iter(range(1000))
        monkeypatch.setattr(psutil.Process, "create_time", lambda _: float(next(moments)))

        assert not writer.renew_run(run, unchanged=0)
        with pytest.raises(LeaseHeldError, match="of eve"):
            graded()


def test_a_run_whose_lease_was_lost_writes_nothing_more(settings, graded, monkeypatch):
    """The other run would grade the same submissions."""
    hand_in(settings, "ada")
    take_over = Writer.reuse

    def reuse(writer, *arguments, **options):
        with writer.engine.begin() as conn:
            conn.execute(runs.runs.update().values(state="abandoned"))
        return take_over(writer, *arguments, **options)

    monkeypatch.setattr(Writer, "reuse", reuse)
    with pytest.raises(LeaseHeldError, match="is abandoned and was held by"):
        graded()

    assert states(settings) == {}


def test_a_run_can_be_cancelled_and_gone_on_with(settings, graded, monkeypatch):
    """What was graded stays; the next run does the rest."""
    monkeypatch.setattr(module, "TICK_SECONDS", 0.0)
    for number in range(12):
        hand_in(settings, f"learner{number:02}")

    def cancel(done, _total):
        if done == 3:
            with Queries(settings) as queries:
                run = queries.runs(UNIT)[0].id
            with Desk(settings) as desk:
                desk.cancel_run(run, actor="eve", reason="wrong tests")

    report, _ = graded(progress=cancel, jobs=1)
    assert report.cancelled
    assert 3 <= report.graded < 12
    with Queries(settings) as queries:
        assert queries.runs(UNIT)[0].state == "cancelled"
    rest, _ = graded()
    assert (rest.graded, rest.unchanged) == (12 - report.graded, report.graded)


def test_the_run_is_counted_in_the_gradebook(settings, graded):
    """The dashboard reads the run's progress from its row."""
    hand_in(settings, "ada")
    hand_in(settings, "bob", "def area(side):\n    'not a notebook'")
    report, _ = graded()
    with Queries(settings) as queries:
        run = queries.run(report.run)

    assert (run.total, run.done, run.refused, run.faults, run.state) == (2, 1, 1, 0, "done")


def test_nbgraders_rows_follow_the_class(settings, graded):
    """Formgrader lists those who were graded, with their points."""
    hand_in(settings, "ada")
    hand_in(settings, "bob", "def area(side):\n    return 0")
    graded()
    with Gradebook(settings.db_url) as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions(UNIT)}

    assert scores == {"ada": 5.0, "bob": 1.0}
