"""Questions to the gradebook: answered without writing, and without a gradebook."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gradebook_cases import SUITE, UNIT, grade, small_settings, source_notebook, submission
from nbgrader.api import Gradebook

from autograder.errors import PlatformError
from autograder.gradebook import tables
from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer
from autograder.model import Refusal

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


def refusal(learner):
    return Refusal(learner=learner, unit=UNIT, reason="no notebook", received_at=NOW)


def test_a_class_table_says_who_got_what_and_why(writer, queries):
    """One row a learner: points, checks not passed yet, the reason of a refusal."""
    writer.record(grade(submission("bob"), earned=(2.0, 0.0, 2.0)))
    writer.record(grade(submission("ada")))
    writer.refuse(refusal("cy"))
    rows = queries.class_table(UNIT)

    assert [(row.learner, row.standing.score, row.not_yet, row.reason) for row in rows] == [
        ("ada", 5.0, (), ""),
        ("bob", 4.0, (("area_of_zero", "area_of_zero: got 3"),), ""),
        ("cy", 0.0, (), "no notebook"),
    ]


def test_a_gradebook_that_is_not_there_has_no_rows(tmp_path):
    """A course page is shown before anything was graded."""
    with Queries(small_settings(tmp_path)) as queries:
        empty = (queries.learner_units("ada"), queries.latest_attempt("ada", UNIT), queries.class_table(UNIT))

    assert empty == ((), None, ())
    assert not (tmp_path / "var").exists()


def test_a_gradebook_of_stock_nbgrader_has_no_rows_of_ours(tmp_path, monkeypatch):
    """An instructor may come with a database of their own; the writer joins it."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    settings = small_settings(tmp_path)
    (tmp_path / "var").mkdir()
    with Gradebook(settings.db_url) as gradebook:
        gradebook.add_student("old")
    with Queries(settings) as queries:
        assert queries.learner_count() == 0
    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade())
    with Gradebook(settings.db_url) as gradebook, Queries(settings) as queries:
        assert (sorted(each.id for each in gradebook.students), queries.learner_count()) == (["ada", "old"], 1)


def test_a_folder_with_an_odd_name_is_read(tmp_path):
    """Learners unpack the course where they like."""
    settings = small_settings(tmp_path / "100% ML #1")
    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade())
    with Queries(settings) as queries:
        assert queries.learner_count() == 1


def test_the_queries_cannot_write(writer, queries):
    """The door for reading is only that."""
    writer.record(grade())
    queries.learner_count()
    with pytest.raises(Exception, match="readonly"), queries._engine.begin() as conn:
        conn.execute(tables.attempts.delete())


def test_a_gradebook_of_another_version_says_what_to_do(writer, queries):
    """A page must not guess what columns mean."""
    with writer.engine.begin() as conn:
        conn.execute(tables.schema.update().values(version=99))

    with pytest.raises(PlatformError, match="has version 99, this program reads 3; any command that grades"):
        queries.learner_count()


def test_reading_needs_nothing_of_nbgrader():
    """The course page starts without nbgrader's imports, and without a grammar that no notebook needs."""
    code = (
        "import sys, autograder.gradebook.queries, nbformat;"
        "sys.exit('nbgrader' in sys.modules or sys.modules.get('rfc3987_syntax') is not None)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
