"""What the writer remembers: attempts, standings, passes, files."""

import dataclasses
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
from gradebook_cases import POINTS, SUITE, UNIT, grade, result, small_settings, source_notebook, submission
from nbgrader.api import Gradebook
from sqlalchemy import select

from autograder.errors import PlatformError, SubmissionError
from autograder.gradebook import tables
from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer
from autograder.model import Award, Outcome, Refusal

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return small_settings(tmp_path)


@pytest.fixture
def writer(settings):
    with Writer(settings, clock=lambda: NOW) as opened:
        opened.save_unit(UNIT, source_notebook(), SUITE)
        yield opened


@pytest.fixture
def queries(settings):
    with Queries(settings) as opened:
        yield opened


def refusal(learner="ada", **changes):
    fields = {"learner": learner, "unit": UNIT, "reason": "no notebook", "received_at": NOW}
    return Refusal(**(fields | changes))


def test_an_attempt_comes_back_as_it_was_recorded(writer, queries):
    """Nothing of a grade is lost on its way to the table."""
    given = grade(earned=(2.0, 0.0, 1.5), repairs=("The cell 'setup' was restored.",))
    attempt = writer.record(given)
    found = queries.latest_attempt("ada", UNIT)

    assert (attempt, given.results, given.repairs) == (found.id, found.results, found.repairs)
    assert (
        found.score,
        found.max_score,
        found.suite_digest,
        found.mode,
        found.graded_at,
    ) == (3.5, 8.0, SUITE, "nbgrader", NOW)
    assert (given.submission.notebook, given.autograded) == (queries.notebook(attempt), queries.autograded(attempt))


def test_every_attempt_is_kept(writer, queries):
    """The second attempt does not overwrite the first."""
    for hour, points in ((9, 0.0), (10, 2.0)):
        writer.record(grade(submission(data=b"%d" % hour, hour=hour), earned=(points, 0.0, 0.0)))

    assert [each.score for each in queries.attempts("ada", UNIT)] == [0.0, 2.0]


def test_an_attempt_is_found_by_its_bytes_and_tests(writer, queries):
    """The same bytes under other tests are another question."""
    given = grade()
    attempt = writer.record(given)
    key = ("ada", UNIT, given.submission.sha256)

    assert (attempt, None) == (queries.attempt_for(*key, SUITE).id, queries.attempt_for(*key, "e" * 64))


def test_the_same_bytes_are_answered_from_the_table(writer, queries, settings):
    """New time and new rows, the same checks; the notebooks are kept once."""
    first = writer.record(grade(submission(hour=9), earned=(2.0, 0.0, 0.0)))
    second = writer.reuse(submission(hour=11), SUITE)
    found = queries.latest_attempt("ada", UNIT)

    assert (second, first, 2.0) == (found.id, found.answered_from, found.score)
    assert queries.attempt(first).results == found.results
    assert queries.autograded(first) == queries.autograded(second) == b'{"ran": true}'
    assert "2026-03-01 11:00:00" in (settings.autograded / "ada" / UNIT / "timestamp.txt").read_text()


def test_unknown_bytes_are_not_answered_from_the_table(writer, queries):
    """None means: grade it."""
    writer.record(grade())

    assert writer.reuse(submission(data=b"other"), SUITE) is None
    assert writer.reuse(submission("bob"), SUITE) is None
    assert len(queries.attempts("ada", UNIT)) == 1


def test_an_answer_of_an_answer_leads_to_the_attempt_that_ran(writer, queries):
    """A chain of answers stays one step long."""
    first = writer.record(grade())
    writer.reuse(submission(hour=13), SUITE)
    third = writer.reuse(submission(hour=14), SUITE)

    assert queries.attempt(third).answered_from == first


def test_a_unit_once_passed_stays_passed(writer, queries):
    """A later and worse attempt shows in the points, not in the pass."""
    writer.record(grade(submission(data=b"good"), earned=(2.0, 1.0, 2.0)))
    assert queries.passed_units("ada") == ()  # 5 of 8: the essay is not marked yet
    mark_essay(writer, 3.0)
    first = writer.record(grade(submission(data=b"good too"), earned=(2.0, 1.0, 2.0)))
    writer.record(grade(submission(data=b"bad"), earned=(0.0, 0.0, 0.0)))
    standing = queries.learner_units("ada")[0]

    assert (True, first, 3.0, NOW) == (standing.passed, standing.passed_attempt, standing.score, standing.passed_at)


def mark_essay(writer, points, learner="ada"):
    with Gradebook(str(writer.engine.url)) as gradebook:
        marked = gradebook.find_grade("why", "assignment", UNIT, learner)
        marked.manual_score, marked.needs_manual_grade = points, False
        gradebook.db.commit()


def test_a_pass_counts_before_late_penalty(tmp_path, queries):
    """Late and right is passed; the points are another matter."""
    (tmp_path / "nbgrader_config.py").write_text("get_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    settings = small_settings(tmp_path, due={UNIT: datetime(2026, 3, 1, 11, tzinfo=UTC)}, pass_share=0.6)
    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade())
    found = queries.latest_attempt("ada", UNIT)

    assert (found.passed, found.late_seconds, found.late_penalty) == (True, 3600.0, 5.0)


def test_an_extension_moves_one_learners_date(tmp_path, queries):
    """The others are late as before."""
    due = datetime(2026, 3, 1, 11, tzinfo=UTC)
    changes = {"due": {UNIT: due}, "extensions": {f"ada/{UNIT}": due + timedelta(minutes=50)}}
    with Writer(small_settings(tmp_path, **changes)) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade(submission("ada")))
        writer.record(grade(submission("bob")))

    late = tuple(queries.latest_attempt(learner, UNIT).late_seconds for learner in ("ada", "bob"))
    assert late == (600.0, 3600.0)


def test_an_unaccepted_suite_passes_nobody(writer, queries):
    """Points are points, but a withdrawn suite does not count for a pass."""
    with writer.engine.begin() as conn:
        conn.execute(tables.suites.update().values(accepted=False))
    writer.record(grade())
    mark_essay(writer, 3.0)
    writer.record(grade(submission(data=b"again")))

    assert (queries.latest_attempt("ada", UNIT).passed, queries.passed_units("ada")) == (True, ())


def test_a_platform_fault_is_never_a_grade(writer, queries):
    """The learner loses nothing by our fault, and nothing is written."""
    broken = result("area_of_two", 0.0, Outcome.PLATFORM_FAULT)
    with pytest.raises(PlatformError, match="ada/01_small: area_of_two met a platform fault; grade it again"):
        writer.record(dataclasses.replace(grade(), results=(broken,)))

    assert queries.latest_attempt("ada", UNIT) is None


def test_a_grade_by_other_tests_is_not_written(writer):
    """A rebuilt unit makes the grades in flight void."""
    with pytest.raises(PlatformError, match="graded by the tests eeeeeeeeeeee, but the gradebook holds dddddddddddd"):
        writer.record(dataclasses.replace(grade(), suite_digest="e" * 64))


def test_a_refusal_is_a_row_with_a_reason_and_leaves_the_points(writer, queries):
    """The earlier grade stays in nbgrader's row."""
    graded = writer.record(grade(earned=(2.0, 0.0, 0.0)))
    writer.refuse(refusal(notebook=b"{"))
    standing = queries.learner_units("ada")[0]

    assert ("refused", 2.0, graded) == (standing.state, standing.score, standing.graded_attempt)
    assert [(each.learner, each.reason) for each in queries.not_graded(UNIT)] == [("ada", "no notebook")]
    assert queries.notebook(standing.latest_attempt) == b"{"


def test_a_fault_is_told_apart_from_a_refusal(writer, queries):
    """The instructor sees whose turn it is."""
    writer.refuse(refusal(fault=True))

    assert [(each.state, each.reason) for each in queries.not_graded()] == [("fault", "no notebook")]


@pytest.mark.parametrize("learner", ["..", ".", "a/b", "", ".hidden", "a\0b", "x" * 65])
def test_a_name_that_is_no_name_reaches_no_path(writer, learner):
    """Names become folders; a bad one is refused whoever sends it."""
    with pytest.raises(SubmissionError, match="use 1 to 64 letters"):
        writer.record(grade(submission(learner)))
    with pytest.raises(SubmissionError, match="use 1 to 64 letters"):
        writer.refuse(refusal(learner))


def test_the_autograded_folder_is_as_nbgrader_leaves_it(writer, settings):
    """Three files, read-only, with the learner's time and a secret."""
    writer.record(grade())
    folder = settings.autograded / "ada" / UNIT
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}

    assert modes == {"assignment.ipynb": 0o444, "timestamp.txt": 0o444, "submission_secret.txt": 0o444}
    assert (
        (folder / "assignment.ipynb").read_bytes(),
        (folder / "timestamp.txt").read_text(),
    ) == (b'{"ran": true}', "2026-03-01 12:00:00.000000 UTC")


def test_the_exchanges_secret_is_kept(writer, settings):
    """The learner finds the feedback by it."""
    folder = settings.submitted / "ada" / UNIT
    folder.mkdir(parents=True)
    (folder / "submission_secret.txt").write_text("5ec3e7")
    writer.record(grade())

    assert (settings.autograded / "ada" / UNIT / "submission_secret.txt").read_text() == "5ec3e7"


def test_a_linked_secret_is_not_followed(writer, settings, tmp_path):
    """A learner cannot make us publish a file of ours."""
    (tmp_path / "private").write_text("private")
    folder = settings.submitted / "ada" / UNIT
    folder.mkdir(parents=True)
    (folder / "submission_secret.txt").symlink_to(tmp_path / "private")
    writer.record(grade())

    assert len((settings.autograded / "ada" / UNIT / "submission_secret.txt").read_text()) == 128


def test_a_deleted_folder_comes_back_from_the_gradebook(writer, settings):
    """The database is the truth."""
    writer.record(grade())
    (settings.autograded / "ada").rename(settings.root / "gone")

    assert ([f"ada/{UNIT}"], []) == (writer.repair_files(), writer.repair_files())
    assert (settings.autograded / "ada" / UNIT / "assignment.ipynb").read_bytes() == b'{"ran": true}'


def test_only_a_changed_source_is_saved_again(writer):
    """Every run calls it."""
    changed = source_notebook()
    changed.cells[0].source = "# Small, in other words"

    assert (
        writer.save_unit(UNIT, source_notebook(), SUITE),
        writer.save_unit(UNIT, changed, SUITE),
        writer.save_unit(UNIT, changed, SUITE),
    ) == (False, True, False)


def test_a_unit_may_change_its_checks_after_submissions(writer, queries):
    """Stock nbgrader refuses this; here people's marks on a removed cell go to the audit, and new cells get rows."""
    writer.record(grade())
    mark_essay(writer, 2.5)
    changed = source_notebook()
    del changed.cells[-1]
    changed.cells[4].metadata["nbgrader"]["points"] = 4.0
    changed.cells[5].metadata["nbgrader"]["grade_id"] = "area_of_nothing"
    writer.save_unit(UNIT, changed, "e" * 64)
    given = grade(submission(data=b"2"))
    results = (
        dataclasses.replace(given.results[0], earned=4.0, points=4.0),
        dataclasses.replace(given.results[1], check="area_of_nothing"),
        given.results[2],
    )
    writer.record(dataclasses.replace(given, results=results, suite_digest="e" * 64))

    found = queries.latest_attempt("ada", UNIT)
    assert (found.final_score, found.max_score) == (7.0, 7.0)
    with writer.engine.connect() as conn:
        before = conn.execute(select(tables.audit.c.before).order_by(tables.audit.c.id.desc())).scalars().first()
    assert before["removed_cells"] == {
        "area_of_zero": {},
        "why": {"ada": {"manual_score": 2.5, "extra_credit": None}},
    }


def test_an_award_is_noted_once(writer, queries):
    """The badge asks for what is due again and again."""
    award = Award(learner="ada", achievement="production-ml", version="1", earned_at=NOW)

    assert (True, False, (award,)) == (writer.award(award), writer.award(award), queries.awards("ada"))


def test_what_is_stored_of_a_grade_is_plain_data(writer):
    """Outcomes, answers and repairs are JSON that any program reads."""
    writer.record(grade(earned=(2.0, 0.0, 1.0)))
    row = tables.attempts.c
    with writer.engine.connect() as conn:
        found = conn.execute(select(row.outcomes, row.answers, row.repairs)).one()

    assert json.loads(json.dumps(list(found))) == [
        {"passed": 1, "wrong": 1, "partial": 1},
        {"area": True, "why": True},
        [],
    ]
    assert sum(POINTS.values()) == 5.0
