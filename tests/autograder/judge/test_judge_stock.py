import os
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.errors import CourseError, PlatformError
from autograder.judge import stock
from autograder.judge.grading import grade
from autograder.judge.scoring import score
from autograder.judge.seed import hidden_seed
from autograder.model import Outcome
from autograder.submission.rebuild import rebuild

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
TICKS = 0.1  # seconds of processor time that the kernel's whole ticks may hide in one run
BURNS = (
    "import time\ndef double(x):\n    end = time.process_time() + 0.2\n"
    "    while time.process_time() < end:\n        pass\n    return 2 * x"
)
SOON = 5  # seconds for a cell that never ends; all others take a hundredth of it


def graded(small, notebook, *, source=None, cell_seconds=120):
    return grade(
        small.submission(notebook),
        unit=small.unit,
        source=source or small.source,
        released=small.released,
        executor=stock.Stock(cell_seconds=cell_seconds, hidden_seed=""),
        clock=lambda: MOMENT,
    )


def run(small, notebook, *, cell_seconds=120, seed=""):
    rebuilt = rebuild(small.submission(notebook), small.source, small.released)
    ran = stock.run(rebuilt.notebook, cell_seconds=cell_seconds, hidden_seed=seed)
    return ran, {result.check: result for result in score(small.unit, rebuilt.answers, ran.cells)}


def printed(ran, name):
    cell = next(c for c in ran.notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    return "".join(output.get("text", "") for output in cell.outputs)


@pytest.fixture(scope="module")
def honest(small):
    return graded(small, small.filled(double=BURNS))


@pytest.fixture(scope="module")
def curious(small):
    """An answer that prints what a learner's code finds around it."""
    text = (
        "import os, getpass\n"
        "print(sorted(os.environ))\nprint(os.getcwd(), os.listdir('.'), os.environ['HOME'])\n"
        "print(os.environ['NBGRADER_EXECUTION'], os.environ['COURSE_HIDDEN_SEED'])\n"
        "def double(x):\n    import warnings\n    warnings.warn('careful')\n    return 2 * x"
    )
    return run(small, small.filled(double=text), seed="seed-of-the-class")


@pytest.mark.parametrize(
    ("body", "start"),
    [("2 * x if x < 9 else 0", "The visible part of this check passes here"), ("0", "Run the visible check below")],
)
def test_kernel_tells_the_hidden_part_from_the_visible_one(small, body, start):
    """The advice knows in which part of the check the real traceback ended."""
    _, found = run(small, small.filled(double=f"def double(x):\n    return {body}"))

    assert found["plain"].next_step.startswith(start)


def test_right_answers_earn_all_points(honest):
    """The reference scores full marks, and the grade says how, when and from which tests."""
    assert (honest.earned, honest.points) == (4.5, 4.5)
    assert (honest.mode, honest.graded_at, honest.suite_digest) == ("nbgrader", MOMENT, "0" * 64)
    assert honest.grader_version


def test_times_and_memory_are_measured(honest):
    """Each check has wall time, CPU time and peak memory; three calls burn a fifth of a second each."""
    assert all(result.wall_seconds > 0 and result.peak_bytes > 10_000_000 for result in honest.results)
    assert 0.6 - TICKS < honest.cpu_seconds < honest.wall_seconds * os.cpu_count() + TICKS


def test_stored_notebook_agrees_with_nbgrader(honest):
    """Nbgrader reads the same points from the stored notebook, which holds the hidden tests and is valid."""
    notebook = nbformat.reads(honest.autograded.decode(), as_version=4)
    nbformat.validate(notebook)
    checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]

    assert [determine_grade(cell) for cell in checks] == [(1.0, 1.0), (1.5, 1.5), (2.0, 2.0)]
    assert "secret_input" in checks[0].source


def test_released_notebook_scores_zero_and_says_not_attempted(small, tmp_path):
    """An unanswered notebook earns nothing and shows no traceback."""
    found = graded(small, small.released)

    assert found.earned == 0.0
    assert {Outcome.NOT_ATTEMPTED} == {result.outcome for result in found.results}
    assert not any("Traceback" in result.message for result in found.results)


def test_wrong_answer_gets_message_misconception_and_no_secret(small, tmp_path):
    """A wrong answer learns the assert's message; neither verdicts nor outputs hold the hidden test."""
    found = graded(small, small.filled(double="def double(x):\n    return x + 2"))
    plain = found.results[0]

    assert (
        plain.outcome,
        plain.misconception,
        plain.message,
    ) == (Outcome.WRONG, "adds_two", "a larger number is not doubled yet")
    notebook = nbformat.reads(found.autograded.decode(), as_version=4)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert "secret" not in str(shown)


def test_kernel_sees_an_empty_folder_and_no_environment_of_ours(curious):
    """The kernel gets an empty folder, a home of its own, and only named variables."""
    text = printed(curious[0], "double")

    assert "autograde seed-of-the-class" in text
    assert "[] /" in text.replace("'", "")
    assert str(Path.home()) + "\n" not in text
    assert not any(
        f"'{name}'" in text for name in os.environ if name.startswith(("COURSE_DB", "PYTEST", "SSH", "USER"))
    )


def test_warning_during_a_check_fails_it_as_in_nbgrader(curious):
    """Stderr fails a check here as there; the message repeats the warning, not the test's line."""
    result = curious[1]["plain"]

    assert (result.outcome, result.earned) == (Outcome.ERROR, 0.0)
    assert "UserWarning: careful" in result.message


def test_folder_and_processes_are_gone_afterwards(curious):
    """Nothing of a run is left: no folder and no kernel."""
    folder = printed(curious[0], "double").split("\n")[1].split(" ")[0]
    children = psutil.Process().children(recursive=True)
    _, left = psutil.wait_procs([child for child in children if is_of_a_run(child)], timeout=120)

    assert not Path(folder).exists()
    assert left == []


def test_what_a_cell_leaves_among_temporary_files_goes_with_the_run(small):
    """A kernel is killed at its end, so nothing in it can tidy up."""
    answer = "import tempfile\nprint(tempfile.mkdtemp())\ndef double(x):\n    return 2 * x"
    ran, _ = run(small, small.filled(double=answer))
    place = Path(printed(ran, "double").strip())

    assert (place.is_absolute(), place.exists()) == (True, False)


def is_of_a_run(process):
    try:
        return "course-run-" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # another test's, which has just ended
        return False


def test_endless_loop_costs_its_own_check_alone(small):
    """A check over the time limit is told as such, and the other exercise is graded."""
    _, results = run(small, small.filled(double="def double(x):\n    while x:\n        pass"), cell_seconds=SOON)

    assert [result.outcome for result in results.values()] == [Outcome.TIME, Outcome.TIME, Outcome.PASSED]


def test_loop_that_ignores_interrupts_ends_the_run(small, monkeypatch):
    """A cell that cannot be interrupted is over its time; what follows did not run."""
    monkeypatch.setattr(stock, "OUTPUT_SECONDS", SOON)  # so long it is waited for once more
    text = (
        "def double(x):\n    while x:\n        try:\n            while x:\n                pass\n"
        "        except BaseException:\n            pass"
    )
    _, results = run(small, small.filled(double=text), cell_seconds=SOON)

    assert [result.outcome for result in results.values()] == [Outcome.TIME, Outcome.NOT_RUN, Outcome.NOT_RUN]


def test_dead_process_is_told_apart_from_what_did_not_run(small):
    """The check during which the process died is killed, later ones did not run."""
    _, results = run(small, small.filled(double="import os\ndef double(x):\n    os._exit(0)"))

    assert [result.outcome for result in results.values()] == [Outcome.KILLED, Outcome.NOT_RUN, Outcome.NOT_RUN]


def test_flood_of_output_is_cut(small):
    """Endless output is stopped at the cap, told as such, and not kept; what follows runs if its rest came in time."""
    text = "def double(x):\n    while x > 0:\n        print('x' * 10_000, flush=True)\n    return 2 * x"
    ran, results = run(small, small.filled(double=text))
    flooded, *others = [result.outcome for result in results.values()]

    assert flooded is Outcome.OUTPUT
    assert others in ([Outcome.PASSED, Outcome.PASSED], [Outcome.NOT_RUN, Outcome.NOT_RUN])
    assert len(printed(ran, "plain")) <= stock.MAX_OUTPUT_BYTES


def test_huge_allocation_is_over_the_memory_limit(small):
    """More memory than the limit is told as such, and the machine is spared."""
    _, results = run(
        small, small.filled(double="def double(x):\n    return 2 * x if x < 0 else len(bytearray(8 << 30))")
    )

    assert [result.outcome for result in results.values()] == [Outcome.MEMORY, Outcome.PASSED, Outcome.PASSED]


def test_many_slow_cells_end_the_run(small, monkeypatch):
    """All cells together have a limit too; what comes after it did not run."""
    monkeypatch.setattr(stock, "MAX_CELLS_SECONDS", 0)
    ran, results = run(small, small.filled())

    assert {result.outcome for result in results.values()} == {Outcome.NOT_RUN}
    assert [cell.name for cell in ran.cells if cell.ran] == ["setup-tools"]


def test_tags_that_skip_the_tests_earn_nothing(small, tmp_path):
    """skip-execution on every cell, raised points and emptied tests give no point for no code."""
    notebook = small.filled(double="pass", total="pass")
    for cell in notebook.cells:
        cell.metadata.tags = ["skip-execution", "raises-exception"]
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source, cell.metadata.nbgrader.points = "100.0", 100
    found = graded(small, notebook)

    assert (found.earned, found.points) == (0.0, 4.5)
    assert len(found.repairs) > 5


def test_partial_credit_and_own_line(small):
    """Partial credit is taken from the last line; an exception names the learner's line."""
    notebook = small.filled(
        double="def double(x):\n    y = 0\n    return x / y", total="def total(x):\n    return len(x)"
    )
    _, results = run(small, notebook)

    assert (results["share"].outcome, results["share"].earned) == (Outcome.PARTIAL, 1.0)
    assert "ZeroDivisionError: division by zero (line 3 of your cell `double`)" in results["plain"].message


def test_answer_that_does_not_compile_is_named(small):
    """A syntax error in the answer is reported from there, not as a missing name."""
    _, results = run(small, small.filled(double="def double(x)\n    return 2 * x"))

    assert "Your cell `double` stopped in line 1 with SyntaxError" in results["plain"].message


def test_magics_and_own_cells_run(small):
    """A learner's helper cell, a magic and a late definition count as under Run All."""
    notebook = small.filled(double="%%time\ndef double(x):\n    return helper(x)")
    notebook.cells.insert(4, NotebookNode(cell_type="code", metadata={}, source="helper = lambda x: 2 * x", outputs=[]))
    _, results = run(small, notebook)

    assert {Outcome.PASSED} == {result.outcome for result in results.values()}


def test_broken_setup_cell_is_the_authors_fault(small, tmp_path, cell_of):
    """A set-up cell of ours that stops is no learner's fault."""
    source = nbformat.from_dict(small.source)
    cell_of(source, "setup-tools").source = "import no_such_module"

    with pytest.raises(CourseError, match="set-up cell setup-tools"):
        graded(small, small.filled(), source=source)


def test_kernel_that_does_not_start_is_the_platforms_fault(small, monkeypatch):
    """A kernel that cannot start costs no points: it is the operator's matter."""
    monkeypatch.setattr("sys.executable", "/nonexistent/python")

    with pytest.raises(PlatformError, match="course doctor"):
        run(small, small.filled())


def test_hidden_seed_depends_on_secret_and_tests(small):
    """Without a secret the public default is used; with one the seed is the same for each regrade."""
    assert hidden_seed("", small.unit) == ""
    assert hidden_seed("a", small.unit) == hidden_seed("a", small.unit) != hidden_seed("b", small.unit)
