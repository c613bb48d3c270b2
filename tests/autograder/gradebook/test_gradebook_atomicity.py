"""All or nothing: an exception at any statement, a death at any step of the files."""

import functools
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from gradebook_cases import SUITE, UNIT, grade, small_settings, source_notebook, submission
from nbgrader import api
from sqlalchemy import MetaData, event, select
from sqlalchemy.exc import OperationalError

from autograder.errors import PlatformError
from autograder.gradebook.engine import writing_engine
from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer
from autograder.model import Refusal

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


class BrokenError(Exception):
    """What the tests throw into the works."""


class Saboteur:
    """Counts what the engine is told, and breaks the n-th; commits and savepoints count too."""

    def __init__(self, engine, at=None):
        self.seen, self.at, self.engine = 0, at, engine
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._step)

    def _statement(self, *_):
        self._step()

    def _step(self, *_):
        self.seen += 1
        if self.seen == self.at:
            raise BrokenError

    def close(self):
        event.remove(self.engine, "before_cursor_execute", self._statement)
        event.remove(self.engine, "commit", self._step)


def everything(engine):
    """Read all rows of all tables, nbgrader's and ours."""
    tables = MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        tables.reflect(engine)
    with engine.connect() as conn:
        return {
            name: sorted(map(str, conn.execute(select(table)).all()))
            for name, table in tables.tables.items()
            if name != "sqlite_sequence"
        }


def all_files(settings):
    root = settings.autograded
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def act(writer, what):
    if what == "first":
        return writer.record(grade(submission("bob")))
    if what == "again":
        return writer.record(grade(submission(data=b"2", hour=13), earned=(0.0, 0.0, 1.0)))
    if what == "reuse":
        return writer.reuse(submission(hour=14), SUITE)
    if what == "refuse":
        return writer.refuse(Refusal(learner="cy", unit=UNIT, reason="broken", received_at=NOW))
    changed = source_notebook()
    changed.cells[5].metadata["nbgrader"]["grade_id"] = "area_of_nothing"
    return writer.save_unit(UNIT, changed, "e" * 64)


SAVES = [pytest.param("save", 9), pytest.param("save", 1, marks=pytest.mark.deep)]  # over a hundred statements


@pytest.mark.parametrize(("what", "stride"), [("first", 1), ("again", 1), ("reuse", 1), ("refuse", 1), *SAVES])
def test_an_exception_at_any_statement_leaves_nothing(tmp_path, what, stride):
    """Break the first statement, the second, and so on to the commit: rows and files stay as they were."""
    settings = small_settings(tmp_path)
    with Writer(settings, clock=lambda: NOW) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade())
        rows, files = everything(writer.engine), all_files(settings)
        broken_at = 1 - stride
        while True:
            broken_at += stride
            saboteur = Saboteur(writer.engine, broken_at)
            try:
                act(writer, what)
                break
            except BrokenError:
                pass
            finally:
                saboteur.close()
            assert rows == everything(writer.engine), f"statement {broken_at} left rows"
            writer.repair_files()
            assert files == all_files(settings), f"statement {broken_at} left files"

        assert broken_at > 10
        assert rows != everything(writer.engine)


def test_one_submission_is_one_commit(tmp_path):
    """The many commits of nbgrader's API are savepoints of ours."""
    settings = small_settings(tmp_path)
    commits = []
    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        event.listen(writer.engine, "commit", commits.append)
        writer.record(grade())

    assert len(commits) == 1


def die(*_, **__):
    raise BrokenError


@pytest.mark.parametrize("step", ["before anything is moved", "between the two renames", "before the old one is gone"])
def test_a_death_after_the_commit_is_repaired_at_the_next_start(tmp_path, monkeypatch, step):
    """The row is there, so the folder follows, and nothing else is left in it."""
    settings = small_settings(tmp_path)
    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade())
        folder = writer._files

        def die_in_between(*_):
            folder.path("ada", UNIT).rename(folder.root / ".old-2")
            raise BrokenError

        def die_at_the_old(path, remove=shutil.rmtree, **how):
            return die() if ".old-" in str(path) else remove(path, **how)

        if step == "before the old one is gone":
            monkeypatch.setattr(shutil, "rmtree", die_at_the_old)
        else:
            monkeypatch.setattr(folder, "place", die_in_between if "between" in step else die)
        with pytest.raises(BrokenError):
            writer.record(grade(submission(data=b"2", hour=13), autograded=b"second"))
        monkeypatch.undo()
    with Writer(settings), Queries(settings) as queries:
        assert len(queries.attempts("ada", UNIT)) == 2

    names = ("assignment.ipynb", "submission_secret.txt", "timestamp.txt")
    assert {".lock", *(f"ada/{UNIT}/{name}" for name in names)} == set(all_files(settings))
    assert (settings.autograded / "ada" / UNIT / "assignment.ipynb").read_bytes() == b"second"
    assert not list(settings.autograded.glob(".tmp-*")) + list(settings.autograded.glob(".old-*"))


def test_a_full_disk_after_the_commit_says_what_to_do(tmp_path, monkeypatch):
    """The attempt is not lost: the message says so."""
    settings = small_settings(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        monkeypatch.setattr(writer._files, "place", full)
        with pytest.raises(PlatformError, match=r"attempt 1 is recorded, but .* cannot be written: .*No space left"):
            writer.record(grade())


def test_a_database_that_cannot_be_written_is_the_operators_matter(tmp_path):
    """No bare database error reaches a learner."""
    settings = small_settings(tmp_path)

    def locked(*_):
        raise OperationalError("BEGIN", None, Exception("database is locked"))

    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        event.listen(writer.engine, "begin", locked, insert=True)
        with pytest.raises(PlatformError, match="the gradebook cannot be written: database is locked"):
            writer.record(grade())


def at_once(works):
    """Run all *works* in threads; the first exception of any of them is raised."""
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


def test_two_writers_wait_for_each_other(tmp_path):
    """A class run and a learner's submission at the same time: both are written, and the ids are whole."""
    settings = small_settings(tmp_path)
    with Writer(settings) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)

    def work(name):
        with Writer(settings) as own:
            for number in range(8):
                own.record(grade(submission(f"{name}{number}")))

    at_once([functools.partial(work, name) for name in ("ada", "bob")])

    with Queries(settings) as queries:
        assert queries.learner_count() == 16


def test_many_starts_at_once_make_one_database(tmp_path):
    """The first command of a course may be run twice."""
    settings = small_settings(tmp_path)

    def start():
        with Writer(settings) as own:
            return own.save_unit(UNIT, source_notebook(), SUITE)

    at_once([start] * 4)
    with Writer(settings) as writer:
        assert not writer.save_unit(UNIT, source_notebook(), SUITE)


def test_an_interrupted_creation_leaves_no_tables(tmp_path):
    """Either a whole gradebook or none: nbgrader's own creation can stop half way."""
    settings = small_settings(tmp_path)
    for broken_at in range(1, 40, 3):
        writer = Writer(settings)
        saboteur = Saboteur(writer.engine, broken_at)
        with pytest.raises(BrokenError):
            writer.__enter__()
        saboteur.close()
        writer.close()

        engine = writing_engine(settings.db_url)
        assert everything(engine) == {}
        engine.dispose()


def test_our_gradebook_has_all_that_nbgraders_has(tmp_path, monkeypatch):
    """It skips nbgrader's constructor; a new attribute there must not be missed."""
    monkeypatch.setattr(api, "get_alembic_version", lambda: "0")
    settings = small_settings(tmp_path)
    stock = api.Gradebook("sqlite://")
    with Writer(settings) as writer:
        ours = set(vars(writer._rows._gradebook))
    names = set(vars(stock))
    stock.close()

    assert names == ours
