"""The learner's side behind the protocol, in jobs of the real worker."""

from collections.abc import Iterator

import pytest
from sandbox_cases import PATIENCE_SECONDS, WORKER

from autograder.protocol.limits import Limits as ProtocolLimits
from autograder.protocol.records import Registry
from autograder.protocol.session import Session
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.keeper import Keeper

SETUP = "import numpy as np\nimport pandas as pd\nfrom exercises import Drift\nBASE = 5\nprint('x' * 4000)"
PATIENT = ProtocolLimits(call_seconds=120.0, cell_seconds=120.0, total_seconds=600.0)
SHORT = Limits(memory_bytes=256 << 20, output_bytes=5_000)


@pytest.fixture(scope="module")
def server(mode) -> Iterator[Keeper]:
    """A warm server of a small unit."""
    unit = {"cells": [["setup-imports", SETUP]]}
    with Keeper(mode=mode, worker=WORKER, unit=unit, limits=SHORT, imports=("pandas",)) as keeper:
        yield keeper


@pytest.fixture
def session(server) -> Iterator[Session]:
    """A line to a fresh job."""
    with server.job() as job:
        session = Session(job.channel, Registry.of(), PATIENT)
        yield session
        session.close()


def test_an_answer_is_called_where_it_was_defined(session):
    """Set-up names are there; records and frames cross."""
    report = session.execute(
        "answer",
        "def drift(frame):\n"
        "    effect = float(frame.x.sum()) + BASE\n"
        "    return Drift(effect=effect, rows=len(frame), alarm=False, reason='ok', worst_bin='a')",
    )
    from pandas import DataFrame

    from exercises import Drift

    assert report.error_name is None
    assert session.get("drift")(DataFrame({"x": [1.0, 2.0]})) == Drift(
        effect=8.0, rows=2, alarm=False, reason="ok", worst_bin="a"
    )


def test_set_up_output_costs_a_learner_nothing(session):
    """What the course prints does not count against the limit."""
    report = session.execute("answer", "print('y' * 4000)")

    assert (report.cut, len(report.output)) == (False, 4001)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("kept = []\nwhile True: kept.append(bytearray(1 << 20))", "MemoryError"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("while True: print('x' * 100)", "TooMuchOutput"),
        ("raise SystemExit", "SystemExit"),
    ],
)
def test_a_cell_that_takes_too_much_is_reported_and_the_next_one_runs(session, source, name):
    """Not fatal: a report, and the process serves on."""
    first = session.execute("first", source)
    session.execute("second", "kept = None\nx = 1 + 1")

    assert (first.error_name, session.get("x")) == (name, 2)


def test_every_job_draws_the_same_numbers(server):
    """A regrade repeats exactly, also where an answer does not seed."""
    drawn = []
    for _ in range(2):
        with server.job() as job:
            session = Session(job.channel, Registry.of(), PATIENT)
            session.execute("answer", "import random\nx = (random.random(), float(np.random.normal()))")
            drawn.append(session.get("x"))
            session.close()

    assert drawn[0] == drawn[1]


def test_databases_work_in_the_private_folder(session):
    """SQLite in WAL mode, with two connections that respect each other."""
    report = session.execute(
        "answer",
        "import sqlite3\none, two = sqlite3.connect('a.db'), sqlite3.connect('a.db', timeout=0)\n"
        "mode = one.execute('pragma journal_mode=wal').fetchone()[0]\none.execute('create table t(x)')\n"
        "one.execute('begin immediate')\n"
        "try: two.execute('begin immediate'); x = 'both'\nexcept sqlite3.OperationalError: x = mode",
    )

    assert (report.error_text, session.get("x")) == ("", "wal")


def test_the_usual_tools_work(session):
    """Threads that end, event loops, temporary files, random bytes, the null device."""
    report = session.execute(
        "answer",
        "import asyncio, concurrent.futures, os, shutil, tempfile, uuid\n"
        "with concurrent.futures.ThreadPoolExecutor(4) as pool: x = sum(pool.map(len, ['a', 'bc']))\n"
        "x += asyncio.run(asyncio.sleep(0, 4)) + len(uuid.uuid4().hex) + open(os.devnull, 'w').write('12')\n"
        "with tempfile.NamedTemporaryFile('w', delete=False) as file: x += file.write('123')\n"
        "shutil.copy2(file.name, 'copy'); x += os.path.getsize('copy')",
    )

    assert (report.error_text, session.get("x")) == ("", 3 + 4 + 32 + 2 + 3 + 3)


def test_a_judge_that_hangs_up_ends_the_job(server):
    """By itself: nothing waits for a kill."""
    job = server.job()
    Session(job.channel, Registry.of(), PATIENT).close()

    assert job.end(wait_seconds=PATIENCE_SECONDS).cause == "exit"
