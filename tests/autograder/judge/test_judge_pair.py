"""The warm pair with real sandboxed processes: what is lost, whose fault it is, what the learner's side can see."""

import os
import signal
import sys
import threading

import psutil
import pytest
from made_up_unit import Part, make_unit

from autograder.errors import CourseError, PlatformError
from autograder.judge.judges import Judges
from autograder.judge.pair import Pair
from autograder.model import Outcome
from autograder.sandbox import modes
from autograder.sandbox.inside.limits import Limits

SEED = "seed-of-the-class-1234567"
LIMITS = Limits(call_seconds=5.0, memory_bytes=256 << 20, output_bytes=20_000, wall_seconds=600.0)
SALVAGE = {
    "first": Part("def first(x):\n    return 2 * x", "assert first(2) == 4"),
    "aborts": Part("import os\ndef aborts():\n    os.abort()", "aborts()"),
    "leaves": Part("def leaves():\n    os._exit(0)", "leaves()"),
    "hangs": Part("def hangs():\n    while True:\n        pass", "hangs()"),
    "grows": Part("def grows():\n    return bytearray(1 << 30)", "grows()"),
    "prints_much": Part("def prints_much():\n    while True:\n        print('x' * 100)", "prints_much()"),
    "crashes": Part("import ctypes\ndef crashes():\n    ctypes.string_at(0)", "crashes()"),
    "last": Part("def last(x):\n    return first(x) + 1", "assert last(1) == 3 and first(3) == 6"),
}
LOOKS = {
    "environment": Part("import os\ndef environment():\n    return dict(os.environ)", "assert environment()"),
    "shows": Part(
        "import sys\nimport matplotlib.pyplot as plt\nprint('printed here')\nprint('to stderr', file=sys.stderr)\n"
        "plt.plot([1, 2])\nplt.show()\ndef shows():\n    print('printed in a call')\n    return 1",
        "assert shows() == 1",
    ),
    "keeps_files": Part(
        "def keeps_files(path):\n    (path / 'b').write_text('two')\n    return (path / 'a').read_text()",
        "from exercises.testing import workspace\nfolder = workspace()\nfolder.write('a', 'one')\n"
        "assert keeps_files(folder.path) == 'one' and folder.read('b') == b'two'",
    ),
    "hashes": Part(
        "def hashes():\n    return hash('text')",
        "from exercises.testing import in_fresh_process\nhere = hashes()\n"
        "assert in_fresh_process('hashes', hash_seed=0) == here != in_fresh_process('hashes', hash_seed=5)",
    ),
    "imports": Part(
        "def imports():\n    return 1",
        "import sys\nassert 'colorsys' in sys.modules\nimport colorsys\n"
        "try:\n    import no_such_module\nexcept ImportError:\n    assert imports() == 1",
    ),
    "draws": Part(
        "def draws(numbers):\n    return list(numbers)",
        "from exercises.testing import hidden_rng\nnumber = int(hidden_rng('draws').integers(10**9))\n"
        "assert draws([number]) == [0], f'{number}'",
    ),
}


def start(unit, *, hidden_seed=SEED, **changes):
    """Start a pair in the strongest mode of this host."""
    given = {"mode": modes.strongest(modes.OWN_WORK), "limits": LIMITS, "cell_seconds": 120.0}
    return Pair(unit.source, Judges(unit.source, hidden_seed=hidden_seed), **given | changes)


@pytest.fixture(scope="module")
def salvage():
    unit = make_unit(SALVAGE)
    pair = start(unit)
    yield unit, pair
    pair.close()


@pytest.fixture(scope="module")
def looks():
    """A unit that looks around, and what became of its reference."""
    unit = make_unit(LOOKS)
    pair = start(unit, limits=Limits(call_seconds=120.0, wall_seconds=600.0))
    yield unit, pair, *unit.observe(pair)
    pair.close()


def test_each_death_costs_its_check_and_says_how(salvage):
    """An abort, an exit, a crash, an endless loop, too much memory, too much output: the rest is graded."""
    unit, pair = salvage
    found = unit.grade(pair)

    assert {name: one.outcome for name, one in found.items()} == {
        "first": Outcome.PASSED,
        "aborts": Outcome.KILLED,
        "leaves": Outcome.KILLED,
        "hangs": Outcome.TIME,
        "grows": Outcome.MEMORY,
        "prints_much": Outcome.OUTPUT,
        "crashes": Outcome.KILLED,
        "last": Outcome.PASSED,
    }


def test_an_answer_cell_that_kills_its_process_costs_its_own_checks(salvage):
    """What stops while it is defined is told; the answers above and below are graded."""
    unit, pair = salvage
    found = unit.grade(pair, aborts="import os\nos.abort()", leaves="import os\nos._exit(0)", hangs="exit()")

    assert found["first"].outcome is found["last"].outcome is Outcome.PASSED
    assert {found[name].earned for name in ("aborts", "leaves", "hangs")} == {0.0}


def test_several_submissions_at_once_do_not_meet(salvage):
    """Threads bring submissions side by side; each gets its own verdicts."""
    unit, pair = salvage
    quiet = {name: "unwritten = 1" for name in SALVAGE if name not in ("first", "last")}
    found = {}

    def bring(number):
        last = f"def last(x):\n    return first(x) + {number}"
        found[number] = unit.grade(pair, **quiet, last=last)["last"].outcome

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {0: Outcome.WRONG, 1: Outcome.PASSED, 2: Outcome.WRONG, 3: Outcome.WRONG}


def test_the_whole_submission_has_a_limit(salvage):
    """Checks that come after the time of a submission are over it too."""
    unit, _ = salvage
    pair = start(unit, limits=Limits(call_seconds=0.6, wall_seconds=1.0))
    slow = {name: f"def {name}(x=0):\n    while True:\n        pass" for name in SALVAGE}
    found = unit.grade(pair, **slow)
    pair.close()

    assert {Outcome.TIME} == {one.outcome for one in found.values()}


def test_the_learners_process_has_neither_seed_nor_environment_of_ours(looks):
    """The secret that hidden inputs are drawn from, and everything of the grader's environment, stay outside."""
    unit, pair, _, _ = looks
    looking = (
        "import os\nours = [name for name in os.environ if name.startswith(('COURSE', 'NBGRADER', 'USER', 'SSH'))]\n"
        f"def environment():\n    raise ValueError(ours, {SEED[:9]!r} + {SEED[9:]!r} in str(os.environ))"
    )
    message = unit.grade(pair, environment=looking)["environment"].message

    assert message.startswith("Your answer stopped with ValueError: (['NBGRADER_EXECUTION'], False)")


def test_hidden_inputs_are_drawn_from_the_seed(looks):
    """The same class draws the same numbers, another class others."""
    unit, pair, _, _ = looks
    other = start(unit, hidden_seed="another class")
    drawn = [unit.grade(judge)["draws"].message for judge in (pair, pair, other)]
    other.close()

    assert drawn[0] == drawn[1] != drawn[2]


def test_what_checks_import_is_loaded_once_by_the_server(looks):
    """A judge has the modules of its checks when it is forked; one that is missing is the check's own matter."""
    _, _, results, _ = looks

    assert results["imports"].outcome is Outcome.PASSED


def test_files_and_fresh_processes_work_in_the_sandbox(looks):
    """A workspace is a private folder of the learner's; another hash seed is another server."""
    _, _, results, _ = looks

    assert {results[name].outcome for name in ("keeps_files", "hashes")} == {Outcome.PASSED}


def test_what_a_cell_shows_stands_in_the_notebook(looks):
    """Printed text of both streams and a figure are in the outputs of the learner's cell."""
    _, _, _, observed = looks
    cell = next(cell for cell in observed.notebook.cells if cell.metadata.nbgrader.grade_id == "answer_shows")
    texts = {output.name: output.text for output in cell.outputs if output.output_type == "stream"}
    pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]

    assert (texts["stdout"], texts["stderr"]) == ("printed here\n", "to stderr\n")
    assert len(pictures) == 1


def test_costs_are_measured(looks):
    """Time and memory of the submission are known, and each check has its own."""
    _, _, results, observed = looks

    assert observed.peak_bytes > 1 << 20
    assert 0 < observed.cpu_seconds < observed.wall_seconds * 4
    assert all(one.wall_seconds > 0 for one in results.values())


def test_a_set_up_cell_that_stops_is_the_authors_fault():
    """Nothing starts, and the cell is named."""
    unit = make_unit({"one": Part("def one():\n    return 1", "assert one() == 1")}, setup="1 / 0")

    with pytest.raises(CourseError, match=r"(?s)setup-tools.*ZeroDivisionError"):
        start(unit)


@pytest.mark.parametrize("ending", ["import numpy as np\nnp.float64(one())", "[one()]", "'text'"])
def test_a_check_that_ends_in_no_plain_number_is_the_authors_fault(ending):
    """Stock nbgrader would give full marks; here nobody gets any before it is mended."""
    unit = make_unit({"one": Part("def one():\n    return 0.0", ending)})
    pair = start(unit)
    try:
        with pytest.raises(CourseError, match="no plain number of points"):
            unit.grade(pair)
    finally:
        pair.close()


def test_a_killed_server_is_a_fault_of_the_platform():
    """It costs no points; the pair says so at each later submission too."""
    unit = make_unit({"one": Part("def one():\n    return 1", "assert one() == 1")})
    pair = start(unit)
    os.kill(pair._keepers[0]._process.pid, signal.SIGKILL)
    pair._keepers[0]._reader.join()  # until the last of its processes is gone, a submission could still be graded
    try:
        for _ in range(2):
            with pytest.raises(PlatformError):
                unit.grade(pair)
    finally:
        pair.close()


def test_killed_judges_are_a_fault_of_the_platform():
    """The judges' server is ours: without it there is no verdict."""
    unit = make_unit({"one": Part("def one():\n    return 1", "assert one() == 1")})
    pair = start(unit)
    pair._judges._process.kill()
    pair._judges._process.wait()
    try:
        for _ in range(2):
            with pytest.raises(PlatformError):
                unit.grade(pair)
    finally:
        pair.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere systems add threads of their own")
def test_judges_are_forked_from_a_server_of_one_thread():
    """A lock that another thread holds at the fork would never be released in the judge."""
    pair = start(make_unit({"one": Part("def one():\n    return 1", "import pyarrow\nassert one() == 1")}))
    try:
        assert psutil.Process(pair._judges._process.pid).num_threads() == 1
    finally:
        pair.close()


def test_a_unit_that_starts_a_thread_for_all_judges_is_the_authors_to_mend():
    """It is told when the servers start, not by a check that hangs one day."""
    waits = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    unit = make_unit({"one": Part("def one():\n    return 1", "assert one() == 1")}, setup=waits)
    judges = Judges(unit.source, hidden_seed=SEED)
    try:
        with pytest.raises(CourseError, match="starts a thread"):
            judges.wait()
    finally:
        judges.close()


def test_an_interrupt_at_the_terminal_does_not_reach_the_judges():
    """They would end with a traceback each, and the submissions in work with them."""
    pair = start(make_unit({"one": Part("def one():\n    return 1", "assert one() == 1")}))
    try:
        assert os.getpgid(pair._judges._process.pid) != os.getpgid(0)
    finally:
        pair.close()


def test_a_closed_pair_starts_no_server_for_a_submission_in_work():
    """It would be left behind: nobody closes the pair a second time."""
    pair = start(make_unit({"one": Part("def one():\n    return 1", "assert one() == 1")}))
    pair.close()

    with pytest.raises(PlatformError, match="were closed"):
        pair._keeper(5)
