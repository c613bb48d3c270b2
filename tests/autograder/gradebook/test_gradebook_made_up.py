"""The made-up gradebook of the dashboard's benchmark: both graders' pages find the same class in it."""

import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.class_queries import ClassQueries

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))
from made_up_gradebook import make_gradebook

LEARNERS = 40


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return make_gradebook(tmp_path_factory.mktemp("made-up") / "course", LEARNERS, units=2, seed=7)


def test_nbgrader_and_our_tables_tell_the_same_scores(settings):
    """Or the comparison of pages would compare two classes."""
    with ClassQueries(settings) as book, Gradebook(settings.db_url) as gradebook:
        for unit in settings.units:
            rows = book.submissions(unit=unit.name, sort="learner", descending=False).rows
            theirs = {each.student.id: each.score for each in gradebook.assignment_submissions(unit.name)}
            assert {row.learner: row.score for row in rows} == pytest.approx(theirs)


def test_every_page_has_something_to_show(settings):
    """A benchmark of empty pages proves nothing."""
    first = settings.units[0].name
    with ClassQueries(settings) as book:
        unit = book.unit(first)
        overview = book.overview()
        check = book.check(first, unit.checks[0].check)
        learner = book.learner(book.learners().rows[0].learner)
        page = book.submission(learner.attempts[0].id)
        notebook = book.autograded(learner.attempts[0].id)
        runs, audit = book.run_list().runs, book.audit_log().rows

    assert (overview.learners, unit.hidden, len(unit.checks)) == (LEARNERS, False, 12)
    assert 0 < overview.units[0].passed < LEARNERS
    assert all((unit.misconceptions, unit.clusters, check.affected, page.attempt.results, notebook, runs, audit))
