"""The judge against nbgrader's kernel, on answers of every habit; and where they differ, the table of reasons."""

from pathlib import Path

import pytest
from made_up_unit import make_unit, read_parts

from autograder.judge.stock import Stock

HERE = Path(__file__).parent
SETUP = "import numpy as np\nimport pandas as pd\n\n\ndef half(x):\n    return x / 2"

STDERR = "nbgrader fails a check for anything on stderr; what an answer says there is no evidence that it is wrong"
SHARED = "nbgrader's tests and answers share one namespace, so that each can make the other pass or fail"
DIFFERENT = {  # exercise -> (judge's outcome, kernel's outcome, reason)
    "warns": ("passed", "error", STDERR),
    "prints_to_stderr": ("passed", "error", STDERR),
    "logs": ("passed", "error", STDERR),
    "runs_a_command": (
        "error",
        "passed",
        "a graded answer starts no programs: the rule of the sandbox, and it says so",
    ),
    "reads_a_name_of_the_test": ("error", "passed", SHARED),
    "defines_what_only_the_test_uses": ("error", "passed", SHARED),
    "breaks_a_tool_of_the_test": ("passed", "error", SHARED),
    "keeps_a_public_log": ("wrong", "passed", "a name's value is a copy: a test calls, and looks at no mutable global"),
    "reads_history": ("wrong", "passed", "there is no history of cells where none were typed"),
    "exits": ("error", "error", "words only: a kernel shows no line for SystemExit, the judge does"),
    "asks": ("error", "error", "words only: nobody can answer input() in either, and each says so in its way"),
}


@pytest.fixture(scope="module")
def graded(new_judge):
    """Grade a file of answers in both: (judge's results, kernel's results, judge's cells, kernel's cells)."""
    known = {}

    def grade(file):
        if file not in known:
            unit = make_unit(read_parts(HERE / file), setup=SETUP)
            ours, in_judge = unit.observe(new_judge(unit.source))
            theirs, in_kernel = unit.observe(Stock(cell_seconds=120, hidden_seed=""))
            known[file] = ours, theirs, in_judge.cells, in_kernel.cells
        return known[file]

    return grade


def words(result):
    return result.outcome.value, result.earned, result.message, result.misconception


def test_answers_of_every_habit_have_the_kernels_verdicts(graded):
    """Printing, plotting, raising, magics, helpers, files, threads, changed arguments: the same verdicts and words."""
    ours, theirs, _, _ = graded("peculiar_answers.txt")

    assert {name: words(one) for name, one in ours.items()} == {name: words(one) for name, one in theirs.items()}
    assert {"passed", "partial", "wrong", "error"} == {one.outcome.value for one in ours.values()}


def test_learners_cells_end_as_in_a_kernel(graded):
    """Each cell of the learner, the added ones too, runs to its end or stops with the same error in the same line."""
    ours, _, in_judge, in_kernel = graded("peculiar_answers.txt")
    ends = [
        [(run.name, run.error_name, run.error_line) for run in cells if run.name not in ours | {"setup-tools": None}]
        for cells in (in_judge, in_kernel)
    ]

    assert ends[0] == ends[1]
    assert [name for name, error, _ in ends[0] if error == "ZeroDivisionError"]


def test_known_differences_are_these_and_no_others(graded):
    """Each difference from the kernel stands in the table with its reason, and is there."""
    ours, theirs, _, _ = graded("different_answers.txt")
    found = {
        name: (one.outcome.value, theirs[name].outcome.value)
        for name, one in ours.items()
        if words(one) != words(theirs[name])
    }

    assert found == {name: (judge, kernel) for name, (judge, kernel, _) in DIFFERENT.items()}
