"""A kill -9 of any process of a real class run, the judge's and the sandbox's included."""

import copy
import json
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import nbformat
import psutil
import pytest
from sqlalchemy import text

from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer
from autograder.model import Outcome
from autograder.sandbox import modes
from autograder.settings import load_settings
from autograder.workflows import grade_unit, load_material

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01_training"
LEARNERS = [f"learner{number:02}" for number in range(8)]
KILLS_A_RUN = 5
LONGEST_SECONDS = 0.4  # between two kills
PATIENCE_SECONDS = 600.0  # for a run that goes on after its servers were killed, on a busy machine
ENDINGS = (0, 1, 2, -signal.SIGKILL)  # all graded; something quarantined; no servers to grade with; killed

pytestmark = pytest.mark.skipif(
    modes.try_mode("M2").works is False and modes.try_mode("M1").works is False,
    reason="no sandbox works on this machine: other people's work is refused",
)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Return a course's root with unit 01 alone, whose gradebook believes nobody."""
    monkeypatch.setenv("COURSE_VAR", str(tmp_path / "var"))
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "source" / UNIT, tmp_path / "source" / UNIT)
    return load_settings(tmp_path)


def hand_in_all(settings, material, number):
    """Let everybody hand in something new: every third nothing written, the others the reference."""
    expected = {}
    for index, learner in enumerate(LEARNERS):
        blank = (index + number) % 3 == 0
        notebook = copy.deepcopy(material.released if blank else material.source)
        notebook.cells.append(nbformat.v4.new_code_cell(f"# attempt {number}"))
        folder = settings.submitted / learner / UNIT
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / "assignment.ipynb")
        (folder / "timestamp.txt").write_text(f"2026-03-01 12:{number % 60:02}:00 UTC")
        expected[learner] = 0.0 if blank else material.unit.points
    return expected


def start_run(settings):
    """Start the command that instructors type."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", UNIT],
        cwd=settings.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def recorded(settings):
    """Count the attempts in the gradebook."""
    path = settings.var / "gradebook.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        try:
            return conn.execute("SELECT count(*) FROM course_attempts").fetchone()[0]
        except sqlite3.OperationalError:  # its tables are being made
            return 0


def wait_for(process, settings, wanted):
    """Wait until the run has recorded so many attempts, or has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while recorded(settings) < wanted and time.monotonic() < deadline:
        try:
            process.wait(timeout=0.02)
            return
        except subprocess.TimeoutExpired:
            continue


def run_and_kill(settings, chance):
    """Start a run and kill some of its processes, any of them; return how many were killed."""
    wanted = recorded(settings) + chance.choice((0, *range(len(LEARNERS) - 1)))  # or all would die while they start
    process = start_run(settings)
    family = psutil.Process(process.pid)
    wait_for(process, settings, wanted)
    killed = 0
    try:
        for _ in range(KILLS_A_RUN):
            try:
                process.wait(timeout=chance.uniform(0.0, LONGEST_SECONDS))
                break
            except subprocess.TimeoutExpired:
                killed += kill_one([family, *family.children(recursive=True)], chance)
        process.wait(timeout=PATIENCE_SECONDS)
    finally:
        children = [] if process.poll() is not None else family.children(recursive=True)
        process.kill()
        process.wait()
    psutil.wait_procs(children, timeout=PATIENCE_SECONDS)
    assert process.returncode in ENDINGS
    return killed


def kill_one(processes, chance):
    """Kill one of the processes; the main one less often, because the run ends with it."""
    main, *others = processes
    chosen = main if not others or chance.random() < 1 / KILLS_A_RUN / 2 else chance.choice(others)
    try:
        chosen.kill()
    except psutil.NoSuchProcess:
        return 0
    return 1


def check_whole(settings, hand_ins, forced=0):
    """Look at every attempt: none twice, none without its results and files, none of a foreign score."""
    with Writer(settings) as writer, writer.engine.connect() as conn:
        assert conn.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert conn.execute(text("PRAGMA foreign_key_check")).all() == []
    with Queries(settings) as queries:
        for learner in LEARNERS:
            attempts = [each for each in queries.attempts(learner, UNIT) if each.state == "graded"]
            assert len(attempts) - forced <= len({each.sha256 for each in attempts}) <= hand_ins
            for attempt in attempts:
                results = queries.attempt(attempt.id).results
                assert sum(result.earned for result in results) == attempt.score
                assert json.loads(queries.autograded(attempt.id))["cells"]


def short_of(settings, expected):
    """Return the learners whose grade is not what they handed in, with the outcomes of their checks."""
    found = {}
    with Queries(settings) as queries:
        for learner, attempt in queries.current_attempts(UNIT).items():
            if attempt.score != expected[learner]:
                found[learner] = {result.outcome for result in queries.attempt(attempt.id).results}
    return found


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.deep)])
def test_a_kill_of_any_process_loses_and_doubles_nothing(settings, kills):
    """What a killed server or judge was hearing is heard again; only a killed answer is the answer's own end."""
    material = load_material(settings, UNIT)
    chance = random.Random(2013)
    hand_ins, killed, forced = 0, 0, 0
    while killed < kills:
        hand_ins += 1
        expected = hand_in_all(settings, material, hand_ins)
        in_this_run = run_and_kill(settings, chance)
        killed += in_this_run
        check_whole(settings, hand_ins, forced)

        report = grade_unit(settings, UNIT)
        assert (report.faults, report.cancelled, report.total) == (0, False, len(LEARNERS))
        check_whole(settings, hand_ins, forced)
        short = short_of(settings, expected)
        assert len(short) <= in_this_run
        assert all(Outcome.KILLED in outcomes for outcomes in short.values()), short

        if short:
            forced += 1  # which grades everybody's bytes once more
            grade_unit(settings, UNIT, force=True)
            assert short_of(settings, expected) == {}


def test_no_process_outlives_a_killed_run(settings):
    """With the main process go its servers, their jobs and the judges."""
    hand_in_all(settings, load_material(settings, UNIT), 1)
    process = start_run(settings)
    family, deadline = [], time.monotonic() + PATIENCE_SECONDS
    while len(family) < 4 and process.poll() is None and time.monotonic() < deadline:
        family = psutil.Process(process.pid).children(recursive=True)
        select.select([], [], [], 0.01)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)

    assert len(family) >= 4
    assert alive == []
