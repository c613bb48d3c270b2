"""Warm pairs: kept while they fit, replaced when they do not, started ahead, and none left behind."""

import copy
import errno
import os
import shutil
from pathlib import Path

import psutil
import pytest

from autograder.authoring.units import load_source, load_unit
from autograder.judge import pool as pools
from autograder.judge.pool import Pool, Standing
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]
UNIT = "01_training"


@pytest.fixture
def settings(tmp_path):
    """Return a course's root with unit 01 alone."""
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "source" / UNIT, tmp_path / "source" / UNIT)
    return load_settings(tmp_path, {"COURSE_VAR": str(tmp_path / "var")})


@pytest.fixture
def started(monkeypatch):
    """Count the pairs that are really started."""
    pairs = []

    class Counted(pools.Pair):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            pairs.append(self)

    monkeypatch.setattr(pools, "Pair", Counted)
    return pairs


def wanted(settings):
    return {"unit": load_unit(settings, UNIT), "source": load_source(settings, UNIT), "own_work": True}


def test_a_pair_started_ahead_is_the_one_that_is_used(settings, started):
    """Whoever asks while it starts waits for it; nothing is started twice."""
    with Pool(settings) as pool:
        pool.start_ahead(UNIT, own_work=True)
        pair = pool.pair(**wanted(settings))

        assert pool.pair(**wanted(settings)) is pair
        assert started == [pair]
    assert pair.gone


def test_a_pair_is_replaced_with_its_notebook_and_with_a_dead_server(settings, started):
    """Tests that changed, and a server that ended, need a new pair; the old one leaves nothing."""
    asked = wanted(settings)
    with Pool(settings) as pool:
        first = pool.pair(**asked)
        asked["source"] = copy.deepcopy(asked["source"])
        asked["source"].cells[-1].source += "\n"
        second = pool.pair(**asked)
        second._judges._process.kill()
        second._judges._process.wait()
        third = pool.pair(**asked)

        assert len({id(pair) for pair in (first, second, third)}) == 3
        assert [pair.gone for pair in (first, second, third)] == [True, True, False]


def test_a_pool_that_is_closed_at_once_leaves_no_process(settings, started):
    """Closing waits for what is being started, and ends it."""
    before = set(psutil.Process().children(recursive=True))
    with Pool(settings) as pool:
        pool.start_ahead(UNIT, own_work=True)

    assert [pair.gone for pair in started] == [True]
    assert set(psutil.Process().children(recursive=True)) <= before


def test_what_cannot_be_started_ahead_is_told_by_whoever_needs_it(settings, started):
    """A unit that is not there is no matter of the thread in the background."""
    with Pool(settings) as pool:
        pool.start_ahead("99_nowhere", own_work=True)

    assert started == []


def test_a_disk_that_is_full_is_told_by_whoever_needs_the_pair(settings, monkeypatch):
    """The thread in the background prints no traceback between a learner's lines."""

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    asked = wanted(settings)
    monkeypatch.setattr(pools, "Judges", full)
    with Pool(settings) as pool:
        pool.start_ahead(UNIT, own_work=True)
        with pytest.raises(OSError, match="No space left"):
            pool.pair(**asked)


@pytest.mark.parametrize("server", ["judges", "sandbox"])
def test_a_server_that_dies_in_a_run_costs_the_submission_in_work_at_most(settings, started, server):
    """The next submission of the same run meets new servers; it is not refused for want of the old ones."""
    asked = wanted(settings)
    notebook = copy.deepcopy(asked["source"])
    with Pool(settings) as pool:
        standing = Standing(pool, **asked)
        (first,) = started
        process = first._judges._process if server == "judges" else first._keepers[0]._process
        process.kill()
        process.wait()
        if server == "sandbox":
            first._keepers[0]._reader.join()  # the keeper has heard of it

        observed = standing.run(notebook)

        assert all(cell.limit is None for cell in observed.cells)
        assert [pair.gone for pair in started] == [True, False]
