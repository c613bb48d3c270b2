"""A kill -9 at any moment of a class run: nothing is lost, doubled or half written."""

import contextlib
import functools
import multiprocessing
import random
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from classroom_cases import class_settings, digest_of, hand_in, quick_grade
from gradebook_cases import UNIT
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder.classroom.grade_class import grade_class
from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer

LEARNERS = [f"learner{number:02}" for number in range(10)]
LONGEST_SECONDS = 0.9  # a run of ten takes about this long
PATIENCE_SECONDS = 120.0


def run_class(root, jobs=None, held=False):
    settings = class_settings(root)
    grader = functools.partial(quick_grade, digest=digest_of(settings), held=held)
    grade_class(settings, UNIT, grade=grader, jobs=jobs, new_executor=None if jobs else ThreadPoolExecutor)


@pytest.fixture(scope="module")
def processes():
    """Start processes that have imported everything, each alone, in some milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.classroom.grade_class"])
    return context


def hand_in_all(settings, number):
    """Let everybody hand in something new; every third is not right."""
    expected = {}
    for index, learner in enumerate(LEARNERS):
        right = (index + number) % 3 > 0
        code = f"def area(side):\n    'attempt {number}, dawdles'\n    return {'side * side' if right else '3'}"
        hand_in(settings, learner, code, stamp=f"2026-03-01 12:{number % 60:02}:00 UTC")
        expected[learner] = 5.0 if right else 1.0
    return expected


def hand_in_and_wait(settings, learners):
    """Let them hand in what keeps its grading until it is killed, so that nothing ends before it was looked at."""
    for learner in learners:
        hand_in(settings, learner, f"def area(side):\n    'waits {learner}'\n    return side * side")


def workers_of(pid):
    """Find the worker processes of a run; one that has just ended is none."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [child] if "spawn_main" in " ".join(child.cmdline()) else []
    return found


def check_whole(settings, hand_ins):
    """Look at every attempt after a kill and the repair of the next start."""
    with Writer(settings) as writer, writer.engine.connect() as conn:
        assert conn.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert conn.execute(text("PRAGMA foreign_key_check")).all() == []
    with Queries(settings) as queries, Gradebook(settings.db_url) as gradebook:
        for learner in LEARNERS:
            attempts = queries.attempts(learner, UNIT)
            assert len({each.sha256 for each in attempts}) == len(attempts) <= hand_ins
            if not attempts:
                continue
            latest = attempts[-1]
            assert len(latest.results) == 3
            assert gradebook.find_submission(UNIT, learner).score == latest.score
            folder = settings.autograded / learner / UNIT
            assert (folder / "assignment.ipynb").read_bytes() == queries.autograded(latest.id)
            assert f"{latest.submitted_at:%H:%M}" in (folder / "timestamp.txt").read_text()
    assert not [entry for entry in settings.autograded.iterdir() if entry.name.startswith((".tmp-", ".old-"))]


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.deep)])
def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(tmp_path, processes, kills):
    """Each kill is followed by a look at everything; each round ends with a run that is left alone."""
    settings = class_settings(tmp_path)
    chance = random.Random(2013)
    hand_ins, killed = 0, 0
    while killed < kills:
        hand_ins += 1
        expected = hand_in_all(settings, hand_ins)
        for _ in range(4):
            process = processes.Process(target=run_class, args=(tmp_path,))
            process.start()
            process.join(timeout=chance.uniform(0.0, LONGEST_SECONDS))
            killed += process.is_alive()
            process.kill()
            process.join()
            check_whole(settings, hand_ins)
        run_class(tmp_path)
        check_whole(settings, hand_ins)
        with Queries(settings) as queries:
            found = {row.learner: row.standing.score for row in queries.class_table(UNIT)}
            assert found == expected
            assert {row.standing.attempts for row in queries.class_table(UNIT)} == {hand_ins}


def test_workers_end_with_the_process_that_started_them(tmp_path, processes):
    """A killed run leaves no process behind."""
    settings = class_settings(tmp_path)
    hand_in_and_wait(settings, LEARNERS)
    process = processes.Process(target=run_class, args=(tmp_path, 2, True))
    process.start()
    family, until = [], time.monotonic() + PATIENCE_SECONDS
    while len(family) < 2 and process.is_alive() and time.monotonic() < until:
        family = workers_of(process.pid)
        process.join(timeout=0.05)
    process.kill()
    process.join()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)

    assert (len(family), alive) == (2, [])


def test_the_attempts_of_a_killed_run_are_counted_in_it(tmp_path, processes):
    """The dashboard shows how far an abandoned run came."""
    settings = class_settings(tmp_path)
    hand_in_all(settings, 1)
    hand_in_and_wait(settings, LEARNERS[5:])
    process = processes.Process(target=run_class, args=(tmp_path, None, True))
    process.start()
    until = time.monotonic() + PATIENCE_SECONDS
    while process.is_alive() and not _recorded(settings) and time.monotonic() < until:
        process.join(timeout=0.02)
    process.kill()
    process.join()
    run_class(tmp_path)

    with Queries(settings) as queries:
        finished, abandoned = queries.runs(UNIT)
        counted = [each.run for learner in LEARNERS for each in queries.attempts(learner, UNIT)]
    assert (finished.state, abandoned.state) == ("done", "abandoned")
    assert (finished.done, abandoned.done) == (counted.count(finished.id), counted.count(abandoned.id))


def _recorded(settings):
    with Queries(settings) as queries:
        return queries.learner_count() > 2
