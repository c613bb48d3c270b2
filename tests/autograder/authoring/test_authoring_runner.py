"""What the calibration's own runner observes of a cell."""

import os
import select
import tempfile

import pytest

from autograder.authoring.program import Program
from autograder.authoring.runner import ENVIRONMENT, Candidate, Runner, _Worker
from autograder.errors import CourseError
from autograder.model import Outcome

PROGRAM = Program(
    setup=(("setup-a", "import warnings\nloaded = [1]"),),
    body=(("answer", "f", "def f(x):\n    return 1 / x"), ("check", "c", "assert f(1) == 1, 'no'")),
)


@pytest.fixture(scope="module")
def runner():
    with Runner(PROGRAM, jobs=2) as started:
        yield started


def run(runner, *cells, **options):
    named = [(name, source) for name, source in cells]
    (runs,) = runner.run([Candidate(cells=named, **options)])
    return runs


def test_a_cell_that_passes_shows_nothing(runner):
    """No error, no warning, no limit."""
    (cell,) = run(runner, ("c", "assert loaded == [1], 'set-up ran'"))

    assert (cell.error_name, cell.stderr, cell.limit, cell.value) == (None, False, None, None)


def test_an_assertion_keeps_its_message(runner):
    """The learner's message arrives."""
    (cell,) = run(runner, ("c", "assert False, 'Look at x'"))

    assert (cell.error_name, cell.error_message) == ("AssertionError", "Look at x")


def test_an_error_in_an_answer_names_its_line(runner):
    """A test that fails inside of the answer points to the answer."""
    _, cell = run(runner, *[(name, source) for _, name, source in PROGRAM.body[:1]], ("c", "f(0)"))

    assert (cell.error_name, cell.error_cell, cell.error_line) == ("ZeroDivisionError", "f", 2)


def test_an_assertion_of_a_stub_is_the_checks_own(runner):
    """A test's stub that refuses what the answer does with it speaks for the test."""
    stub = "class Stub:\n    def __rtruediv__(self, x):\n        assert False, 'Not like this'\nf(Stub())"
    _, cell = run(runner, *[(name, source) for _, name, source in PROGRAM.body[:1]], ("c", stub))

    assert (cell.error_message, cell.error_cell) == ("Not like this", None)


def test_a_warning_counts_as_nbgrader_counts_it(runner):
    """Whatever is written to stderr is seen."""
    (cell,) = run(runner, ("c", "warnings.warn('careful')"))

    assert (cell.stderr, cell.error_message) == (True, "UserWarning: careful")


def test_a_syntax_error_is_an_error(runner):
    """A cell that does not parse did not pass."""
    (cell,) = run(runner, ("c", "assert ("))

    assert cell.error_name == "SyntaxError"


def test_the_last_number_of_a_check_is_its_points(runner):
    """Partial credit, as nbgrader means it; an answer's last value is none."""
    cells = run(runner, ("f", "0.5"), ("c", "0.5"))

    assert [cell.value for cell in cells] == [None, 0.5]


def test_a_check_that_ends_in_no_number_is_the_authors_error(runner):
    """Nbgrader would give full marks for it."""
    with pytest.raises(CourseError, match="ends in \"'done'\", which is no plain number"):
        run(runner, ("c", "'done'"))


@pytest.mark.parametrize("ceiling", [{"seconds": 3.0}, {"cpu_seconds": 1}])
def test_an_endless_loop_ends_with_its_time(runner, ceiling):
    """A mutant may loop for ever; the calibration goes on."""
    first, cell = run(runner, ("f", "1"), ("c", "while True:\n    pass"), **ceiling)

    assert (first.limit, cell.name, cell.limit) == (None, "c", Outcome.TIME)


def test_a_process_that_dies_is_seen(runner):
    """The cell that killed the process is named."""
    (cell,) = run(runner, ("c", "import os\nos._exit(3)"))

    assert cell.limit == Outcome.KILLED


def test_memory_has_a_ceiling(runner):
    """An allocation without bounds is an error of the candidate, not of the machine."""
    (cell,) = run(runner, ("c", "x = bytearray(16 << 30)"))

    assert cell.error_name == "MemoryError"


def test_candidates_do_not_meet(runner):
    """Whatever one candidate does to the set-up's objects, the next one finds them new."""
    run(runner, ("f", "loaded.append(2)"))
    (cell,) = run(runner, ("c", "assert loaded == [1], loaded"))

    assert cell.error_name is None


def test_results_come_in_order(runner):
    """Candidates run side by side; their results do not change places."""
    candidates = [Candidate(cells=[("c", str(number))]) for number in range(12)]

    assert [runs[0].value for runs in runner.run(candidates)] == list(range(12))


def test_the_first_error_can_end_a_run(runner):
    """One failing check is enough to kill a mutant."""
    runs = run(runner, ("c", "assert False, 'x'"), ("f", "1"), until=frozenset({"c"}))

    assert [cell.name for cell in runs] == ["c"]


def test_hidden_inputs_are_drawn_from_the_seed_given():
    """A class's own secret reaches the candidates."""
    cell = ("c", "import os\nassert os.environ['COURSE_HIDDEN_SEED'] == 's', 'seed'")
    with Runner(PROGRAM, jobs=1, hidden_seed="s") as seeded:
        (seen,) = run(seeded, cell)

    assert seen.error_name is None


def test_a_set_up_that_raises_is_the_authors_error():
    """Nothing can be said about checks then."""
    broken = Program(setup=(("setup-a", "import nowhere_to_be_found"),), body=PROGRAM.body)

    with pytest.raises(CourseError, match="set-up cell 'setup-a' raises ModuleNotFoundError"), Runner(broken, jobs=1):
        pass


def test_a_set_up_that_starts_threads_is_the_authors_error():
    """A fork would wait for ever for what a lost thread holds."""
    thread = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    threaded = Program(setup=(("setup-a", thread),), body=PROGRAM.body)

    with pytest.raises(CourseError, match="leave 2 threads running; start none there"), Runner(threaded, jobs=1):
        pass


PATIENCE_SECONDS = 120.0
STARTS_ANOTHER = """
import os, signal
os.open({pipe!r}, os.O_WRONLY)
if not os.fork():
    signal.pause()
"""


@pytest.mark.parametrize("last", ["pass", "while True:\n    pass", "os.kill(os.getpid(), 9)"])
def test_nothing_is_left_of_a_calibration(monkeypatch, tmp_path, last):
    """Neither a folder nor a process, whether candidates end, are ended, or start processes of their own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    pipe = tmp_path / "held"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with Runner(PROGRAM, jobs=2) as runner:
        write = "from pathlib import Path\nimport tempfile\nPath(tempfile.mkdtemp(), 'a').write_text('a')"
        run(runner, ("f", write), ("c", STARTS_ANOTHER.format(pipe=str(pipe))), ("d", last), cpu_seconds=1)

    ended = select.poll()
    ended.register(held, 0)  # hung up once nobody holds the other end
    try:
        assert ended.poll(PATIENCE_SECONDS * 1000)
        assert list(temporary.iterdir()) == []
    finally:
        os.close(held)


def test_a_worker_that_is_ended_in_a_candidate_takes_it_along(monkeypatch, tmp_path):
    """An interrupt at the terminal leaves neither the candidate that ran nor its folder."""
    pipe = tmp_path / "held"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    endless = f"import os\nos.write(os.open({str(pipe)!r}, os.O_WRONLY), b'!')\nwhile True: pass"
    seen = select.poll()
    seen.register(held, select.POLLIN)
    try:
        with _Worker(ENVIRONMENT) as worker:
            worker.send({"setup": []})
            worker.receive()
            worker.send({"cells": [["c", endless]], "seconds": 600, "cpu_seconds": None, "until": []})
            assert seen.poll(PATIENCE_SECONDS * 1000)
            os.read(held, 1)

        assert seen.poll(PATIENCE_SECONDS * 1000) == [(held, select.POLLHUP)]
        assert [path.name for path in tmp_path.iterdir()] == ["held"]
    finally:
        os.close(held)
