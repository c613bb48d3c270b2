"""What a run of a visible check comes to."""

from __future__ import annotations

import dataclasses
import linecache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.testing import because
from exercises.verdicts import CheckCell, check_card, judge, later_card, read_check

CHECK = '# Check plain_case (1.5 points): is it right?\nassert f(1) == 1, "one"\nassert f(2) == 2, "two"\n'


def _cell(source: str) -> CheckCell:
    cell = read_check(source)
    assert cell is not None
    return cell


def _run(source: str, answer: str = "") -> Exception | None:
    """Run an answer and a check as cells of a notebook; return what the check raised."""
    space: dict[str, object] = {}
    for name, text in (("/tmp/ipykernel_1/1.py", answer), ("/tmp/ipykernel_1/2.py", source)):
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        try:
            exec(compile(text, name, "exec"), space)
        except Exception as error:  # noqa: BLE001 - handed on to be judged
            return error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
    return None


@pytest.mark.parametrize(
    ("line", "name", "title"),
    [
        ("# Check a_1 (1.5 points): is it: right?", "a_1", "is it: right?"),
        ("# Check a (1 point): x", "a", "x"),
        ("# Check a", "a", ""),
    ],
)
def test_first_line_names_the_check(line: str, name: str, title: str):
    """Name and title come from the first line; points may be there or not."""
    cell = _cell(line + "\npass")

    assert (cell.name, cell.title) == (name, title)


@pytest.mark.parametrize(
    "source", ["", "x = 1", "# Checks a", "x = 1\n# Check a", "# Check a b", "# Check a\nassert ("]
)
def test_other_cells_are_no_checks(source: str):
    """Only a first line of that form, above valid Python, makes a check."""
    assert read_check(source) is None


@given(asserts=st.integers(0, 20), others=st.integers(0, 5))
def test_asserts_are_counted_wherever_they_stand(asserts: int, others: int):
    """Asserts count also inside loops; other statements do not."""
    body = "\n".join(["pass"] * others + ["for i in range(3):\n    assert i >= 0"] * asserts)
    cell = _cell("# Check a\n" + body)

    assert len(cell.asserts) == asserts


def test_no_exception_is_a_pass():
    """A check that ran to its end has passed with all its asserts."""
    verdict = judge(_cell(CHECK), _run(CHECK, "def f(x): return x"), "plan")

    assert (verdict.outcome, verdict.held) == ("passed", 2)


def test_message_of_the_assert_is_the_verdict():
    """A failing assert gives its message, and how many held before."""
    verdict = judge(_cell(CHECK), _run(CHECK, "def f(x): return 1"), "plan")

    assert (verdict.outcome, verdict.message, verdict.held) == ("not yet", "two.", 1)
    assert "AssertionError" in verdict.details


def test_misconception_is_kept_apart():
    """The name of a known mistake is recorded and not shown."""
    verdict = judge(_cell(CHECK), AssertionError(because("leak", "Batch 3 leaked")), "plan")

    assert (verdict.message, verdict.misconception) == ("Batch 3 leaked.", "leak")


def test_stub_is_not_started():
    """NotImplementedError of the released stub is no attempt that went astray."""
    answer = 'def f(x):\n    raise NotImplementedError("f is not written yet")'
    verdict = judge(_cell(CHECK), _run(CHECK, answer), "plan")

    assert (verdict.outcome, verdict.message, verdict.details) == ("not started", "f is not written yet.", "")


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ('def f(x):\n    raise NotImplementedError("not written yet")', "f"),
        ("class f:\n    def __init__(self, x):\n        raise NotImplementedError()", "f"),
        ("class M:\n    def go(self):\n        raise NotImplementedError()\ndef f(x):\n    return M().go()", "M.go"),
        ("f = property", "plan"),
    ],
)
def test_nameless_stub_is_named(answer: str, name: str):
    """Where the stub names nothing, the function that raised is named, or else the exercise."""
    check = CHECK if "raise" in answer else "# Check a\nraise NotImplementedError"
    verdict = judge(_cell(check), _run(check, answer), "plan")

    assert verdict.message == f"`{name}` is not written yet."


def test_missing_answer_says_run_the_cell():
    """A name that the check wants and that does not exist means that the answer cell was not run."""
    verdict = judge(_cell(CHECK), _run(CHECK), "plan")

    assert verdict.outcome == "not started"
    assert "`f` does not exist in this session yet. Run the answer cell first" in verdict.message


def test_own_exception_names_place_and_line():
    """An exception of the answer says what was raised, in which function and at which line of its cell."""
    answer = "\ndef f(x):\n    y = x\n    return missing + y\n"
    verdict = judge(_cell(CHECK), _run(CHECK, answer), "plan")

    assert verdict.outcome == "not yet"
    assert "`plan` raised NameError: name 'missing' is not defined." in verdict.message
    assert "in `f`, line 4 of its cell: `return missing + y`." in verdict.message


def test_assert_without_message_says_its_line():
    """Even a bare assert tells where it stands."""
    source = "# Check a\nassert f(1) == 2"
    verdict = judge(_cell(source), _run(source, "def f(x): return x"), "plan")

    assert verdict.message == "line 2 of this check does not hold."


@pytest.mark.parametrize(
    "failing", ["assert (\n    f(1)\n    == 2\n), (\n    'long'\n)", "assert f(1) == 2, (\n    f'{missing()}'\n)"]
)
def test_long_assert_does_not_count_itself(failing: str):
    """An assert over several lines is not among those that held, wherever in it the exception came from."""
    source = f"# Check a\nassert f(1) == 1, (\n    'x'\n)\n{failing}\nassert f(3) == 3"
    verdict = judge(_cell(source), _run(source, "def f(x): return x\ndef missing(): raise KeyError(1)"), "plan")

    assert (verdict.outcome, verdict.held) == ("not yet", 1)


def test_assert_of_the_answer_is_the_answer_s():
    """An assert that learners wrote themselves is told apart from the check's."""
    verdict = judge(_cell(CHECK), _run(CHECK, "def f(x):\n    assert x > 5\n    return x"), "plan")

    assert verdict.message == "`plan` raised AssertionError. It happened in `f`, line 2 of its cell: `assert x > 5`."


def test_assert_of_a_library_is_the_check_s():
    """A check may compare by NumPy's own asserts; their message is the check's."""
    source = "# Check a\nimport numpy.testing as npt\nnpt.assert_array_equal([f(1)], [2], 'one row')"
    verdict = judge(_cell(source), _run(source, "def f(x): return x"), "plan")

    assert (verdict.outcome, "one row" in verdict.message) == ("not yet", True)
    assert "raised" not in verdict.message


def test_assert_in_a_loop_counts_those_above():
    """An assert in a loop counts what stands above it, not its rounds."""
    source = "# Check a\nassert f(1)\nfor i in range(3):\n    assert f(i) < 2, 'loop'\nassert f(9)"
    verdict = judge(_cell(source), _run(source, "def f(x): return x"), "plan")

    assert (verdict.message, verdict.held) == ("loop.", 1)


@pytest.mark.parametrize(("attempt", "text"), [(1, "Attempt 1"), (2, "Attempt 2")])
def test_attempt_is_in_the_text(attempt: int, text: str):
    """The same message twice still differs, so that a screen reader reads it."""
    verdict = judge(_cell(CHECK), AssertionError("same"), "plan")
    shown = repr(check_card(_cell(CHECK), verdict, exercise="plan", attempt=attempt))

    assert text in shown
    assert 'for a hint run `hint("plan")`' in shown


@pytest.mark.parametrize(("exercise", "told"), [(True, True), (False, False)])
def test_passed_card_speaks_of_hidden_parts_of_exercises_alone(exercise: bool, told: bool):
    """A pass before submission is a pass of the visible part; practice in a lesson has no other."""
    verdict = dataclasses.replace(judge(_cell(CHECK), None, "plan"), hint=exercise)
    shown = repr(check_card(_cell(CHECK), verdict, exercise="plan", attempt=1))

    assert ("hidden parts of this check run when you submit" in shown) is told


def test_uncounted_attempt_leaves_the_number_out():
    """Without a progress file the card goes without a number."""
    verdict = judge(_cell(CHECK), None, "plan")

    assert "Attempt" not in repr(check_card(_cell(CHECK), verdict, exercise="plan", attempt=None))


def test_check_without_asserts_passes_in_words():
    """A check that only has to run says so instead of '0 of 0'."""
    cell = _cell("# Check a\nf(1)")
    shown = repr(check_card(cell, judge(cell, None, "plan"), exercise="plan", attempt=1))

    assert "it ran to its end" in shown


def test_hidden_check_gets_a_calm_card():
    """A check without visible code says when it runs."""
    cell = _cell("# Check a (2 points): is it right?\n# This check runs when you submit.")

    assert cell.statements == 0
    assert repr(later_card(cell)).startswith("i Runs when you submit")
