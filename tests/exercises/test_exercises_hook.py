"""The hook in a real IPython shell: cards for checks, nothing changed elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from exercises import hook
from exercises.progress import Progress

Shown = Callable[[], list[str]]
CHECK = '# Check plain_case (2 points): is it right at all?\nassert prequential([1]) == 1, "One row gave another count"'
STUB = 'def prequential(rows):\n    raise NotImplementedError("prequential is not written yet")'


def _progress() -> Progress:
    return Progress(Path(os.environ["COURSE_PROGRESS"]))


def test_three_outcomes_one_card_each(shell: InteractiveShell, shown: Shown):
    """Not run, stub, wrong and right answers end in the four cards in turn, and no cell raises."""
    answers = ("pass", STUB, "def prequential(rows):\n    return 7", "prequential = len")
    results = []
    for answer in answers:
        shell.run_cell(answer)
        results.append(shell.run_cell(CHECK))

    assert all(result.success for result in results)
    assert [text.splitlines()[0] for text in shown()] == [
        "\u25cb Not started - `prequential` does not exist in this session yet. Run the answer cell first,"
        " and the cells above it.",
        "\u25cb Not started - prequential is not written yet.",
        "\u2192 Not yet - One row gave another count.",
        "\u2713 Passed - its one assert holds",
    ]
    assert "Attempt 4" in shown()[-1]


def test_runs_are_recorded_under_their_exercise(shell: InteractiveShell, shown: Shown):
    """The progress file knows unit, exercise, check and message."""
    shell.run_cell("prequential = sum")
    shell.run_cell(CHECK.replace("[1]", "[5]"))
    (attempt,) = _progress().attempts()

    assert (attempt.unit, attempt.exercise, attempt.check) == ("01_training", "prequential", "plain_case")
    assert (attempt.outcome, attempt.message) == ("not yet", "One row gave another count.")


def test_other_exceptions_stay_as_they_are(shell: InteractiveShell, shown: Shown, capsys: pytest.CaptureFixture[str]):
    """A cell that is no check raises and shows its traceback exactly as before."""
    result = shell.run_cell('raise AssertionError("mine")')

    assert isinstance(result.error_in_exec, AssertionError)
    assert capsys.readouterr().out.endswith(": mine\n")
    assert shown() == []


def test_values_are_still_displayed(shell: InteractiveShell):
    """The last expression of another cell is its result."""
    assert shell.run_cell("1 + 1").result == 2


def test_names_of_a_check_are_kept(shell: InteractiveShell, shown: Shown):
    """What a check cell defines is there afterwards, as in any cell."""
    shell.run_cell("# Check plain_case\nfound = 3")

    assert shell.user_ns["found"] == 3


def test_hidden_check_shows_a_calm_card(shell: InteractiveShell, shown: Shown):
    """A cell of comments alone is answered too, and not counted."""
    shell.run_cell("# Check weights (2 points): does each row weigh the same?\n# This check runs when you submit.")

    assert shown()[0].startswith("i Runs when you submit")
    assert _progress().attempts() == ()


def test_an_interrupt_is_no_verdict(shell: InteractiveShell, shown: Shown):
    """Stopping a check by hand shows no card and counts nothing."""
    result = shell.run_cell("# Check plain_case\nraise KeyboardInterrupt")

    assert isinstance(result.error_in_exec, KeyboardInterrupt)
    assert shown() == []


def test_after_an_interrupt_the_next_check_counts(shell: InteractiveShell, shown: Shown):
    """A stopped check leaves nothing behind that a later cell could stumble over."""
    shell.run_cell("# Check plain_case\nraise KeyboardInterrupt")
    shell.run_cell("x = 1")
    shell.run_cell("# Check labels_late\nassert x")

    assert len(shown()) == 1
    assert [attempt.check for attempt in _progress().attempts()] == ["labels_late"]


def test_a_check_that_is_no_python_is_python_s_matter(shell: InteractiveShell, shown: Shown):
    """A broken check cell shows the ordinary SyntaxError."""
    result = shell.run_cell("# Check plain_case\nassert (")

    assert isinstance(result.error_before_exec, SyntaxError)
    assert shown() == []


def test_line_numbers_are_the_cell_s_own(shell: InteractiveShell, shown: Shown):
    """The wrapped check still reports the line that the learner sees."""
    shell.run_cell("# Check plain_case\nx = 1\n\nassert x == 2")

    assert "line 4 of this check does not hold" in shown()[0]


def test_top_level_await_works_in_a_check(shell: InteractiveShell, shown: Shown):
    """Async checks run as in any IPython cell."""
    shell.run_cell("import asyncio")
    shell.run_cell("# Check plain_case\nassert (await asyncio.sleep(0, 5)) == 5")

    assert shown()[0].startswith("\u2713 Passed")


def test_broken_progress_stops_no_cell(shell: InteractiveShell, shown: Shown, small_course: Path):
    """With a damaged file the checks go on, uncounted, and one notice a session says so."""
    (small_course / "progress.sqlite").write_bytes(b"damaged" * 500)
    shell.run_cell("prequential = len")
    shell.run_cell(CHECK)
    shell.run_cell(CHECK)

    assert [text.partition(" - ")[0] for text in shown()] == [
        "i Progress is not recorded",
        "\u2713 Passed",
        "\u2713 Passed",
    ]


def test_broken_content_stops_no_check(shell: InteractiveShell, shown: Shown, small_course: Path):
    """Without readable content the card says what it knows, and offers no hint that it cannot give."""
    (small_course / "content/01_training.json").write_text("{")
    shell.run_cell("prequential = id")
    shell.run_cell(CHECK)

    assert "Not yet - One row gave another count." in shown()[0]
    assert "hint(" not in shown()[0]


RIGHT = "def prequential(rows):\n    return len(rows)"


@pytest.mark.parametrize(
    ("broken", "ended"),
    [
        ("def prequential(rows):\n    return len(rows", "SyntaxError in line 2"),
        ("def prequential(rows):\nreturn 1", "IndentationError in line 2"),
        ("prequential = lambda rows: len(rows", "SyntaxError in line 1"),
        ("import no_such_module\n" + RIGHT, "ModuleNotFoundError"),
    ],
)
def test_a_check_does_not_test_the_answer_of_before(shell: InteractiveShell, shown: Shown, broken: str, ended: str):
    """An answer cell that was run again and ended in an error passes nothing; the card says what to do."""
    shell.run_cell(RIGHT)
    shell.run_cell(CHECK)
    shell.run_cell(broken)
    shell.run_cell(CHECK)

    first, second = shown()
    assert first.startswith("\u2713 Passed")
    assert second.splitlines()[0] == (
        f"\u2192 Not yet - the cell that defines `prequential` ended in {ended}, so this check would test your answer"
        " of before. Mend that cell, run it, then run this check again."
    )
    assert [attempt.outcome for attempt in _progress().attempts()] == ["passed", "not yet"]


def test_a_mended_answer_is_tested_again(shell: InteractiveShell, shown: Shown):
    """In its own cell or in another."""
    for source in (RIGHT, RIGHT + ")", RIGHT, CHECK):
        shell.run_cell(source)

    assert shown()[0].startswith("\u2713 Passed")


def test_a_cell_that_lost_the_name_itself_is_known_by_its_id(shell: InteractiveShell, shown: Shown):
    """The keyword may be what is misspelt."""
    shell.run_cell(RIGHT, cell_id="answer")
    shell.run_cell(RIGHT.replace("def", "deff"), cell_id="answer")
    shell.run_cell(CHECK, cell_id="check")

    assert "the cell that defines `prequential` ended in SyntaxError in line 1" in shown()[0]


def test_an_answer_that_was_defined_before_its_cell_ended_is_tested(shell: InteractiveShell, shown: Shown):
    """What stands below the definition, a try of it that raises, makes it no older."""
    shell.run_cell("def prequential(rows):\n    return 7")
    shell.run_cell(RIGHT + "\nprequential(None)")
    shell.run_cell(CHECK)

    assert shown()[0].startswith("\u2713 Passed")


def test_a_broken_cell_of_other_names_stops_no_check(shell: InteractiveShell, shown: Shown):
    """Only what a check reads can be too old for it."""
    own = CHECK.replace("prequential([1])", "[prequential([row]) for row in [1]][0]")
    for source in (RIGHT, "row = 1\nother = 2", "other = (", "row = (", "prequential([1)", own):
        shell.run_cell(source)

    assert shown()[0].startswith("\u2713 Passed")


def test_hook_is_installed_once(shell: InteractiveShell):
    """Importing again adds no second card."""
    hook.install()

    assert sum(isinstance(item, hook.Hook) for item in shell.ast_transformers) == 1


def test_under_a_grader_nothing_is_hooked(bare_shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch):
    """A run of nbgrader's own sees plain asserts that raise."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    hook.install()

    assert hook.installed() is None
    assert not bare_shell.run_cell("# Check plain_case\nassert False, 'x'").success


def test_uninstalled_hook_leaves_the_shell_bare(shell: InteractiveShell):
    """Taking the hook out gives plain exceptions back."""
    hook.uninstall()

    assert hook.installed() is None
    assert not shell.run_cell("# Check plain_case\nassert False, 'x'").success
