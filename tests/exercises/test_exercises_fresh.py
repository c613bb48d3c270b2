"""Calling an answer in a fresh interpreter: what is replayed, what crosses, what is said when it cannot."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from exercises.fresh import executed_sources
from exercises.testing import in_fresh_process

ANSWER = """
import os
SCALE = 10
def scaled(x):
    return x * SCALE
def ordered():
    return list({"alpha", "beta", "gamma", "delta", "epsilon", "zeta"})
def seed():
    return os.environ["PYTHONHASHSEED"]
def breaks(kind):
    if kind == "exit":
        os._exit(3)
    if kind == "data":
        from exercises import DataError
        raise DataError("no file")
    if kind == "own":
        class Own(Exception): pass
        raise Own("mine")
    if kind == "stop":
        raise StopIteration("early")
    if kind == "function":
        return lambda: 1
    raise ValueError("bad kind")
"""


@pytest.fixture
def notebook(bare_shell: InteractiveShell) -> InteractiveShell:
    bare_shell.run_cell(ANSWER, store_history=True)
    return bare_shell


def test_answer_runs_elsewhere_with_its_seed(notebook: InteractiveShell):
    """The call sees the notebook's other names and the hash seed that the test chose."""
    assert in_fresh_process("scaled", 4) == 40
    assert in_fresh_process("seed", hash_seed=5) == "5"


def test_another_seed_orders_sets_otherwise(notebook: InteractiveShell):
    """Text hashes differ between seeds: what depends on the order of a set is found out."""
    orders = {tuple(in_fresh_process("ordered", hash_seed=seed)) for seed in (1, 2, 3)}

    assert len(orders) > 1


@pytest.mark.parametrize(
    ("kind", "error", "text"),
    [
        ("value", ValueError, "^bad kind$"),
        ("own", RuntimeError, "Own: mine"),
        ("stop", RuntimeError, "StopIteration: early"),
        ("exit", RuntimeError, "ended with code 3"),
        ("function", TypeError, "cannot cross"),
    ],
)
def test_exceptions_cross_by_name(notebook: InteractiveShell, kind: str, error: type[Exception], text: str):
    """Built-in types arrive as themselves, others and control flow as RuntimeError, a crash with its code."""
    with pytest.raises(error, match=text):
        in_fresh_process("breaks", kind)


def test_exceptions_of_the_course_cross(notebook: InteractiveShell):
    """The exceptions of exercises arrive as themselves."""
    from exercises import DataError

    with pytest.raises(DataError, match="no file"):
        in_fresh_process("breaks", "data")


def test_missing_name_is_explained(notebook: InteractiveShell):
    """A name that no cell defines says so, with the first exception of the replay."""
    notebook.run_cell("1 / 0", store_history=True)

    with pytest.raises(LookupError, match=r"no executed cell defines 'other'.*ZeroDivisionError"):
        in_fresh_process("other")


def test_arguments_must_be_values(notebook: InteractiveShell):
    """A function of the test cannot cross, and the message says what can."""
    with pytest.raises(TypeError, match="pass numbers, text, tables"):
        in_fresh_process("scaled", lambda: 1)


def test_outside_a_notebook_it_says_why(monkeypatch: pytest.MonkeyPatch):
    """Without IPython nothing remembers the cells."""
    InteractiveShell.clear_instance()

    with pytest.raises(LookupError, match="needs a notebook"):
        in_fresh_process("scaled", 1)


def test_magics_are_replayed(notebook: InteractiveShell):
    """A cell with a magic works in the replay too."""
    notebook.run_cell("%precision 3\ndef after():\n    return 1", store_history=True)

    assert in_fresh_process("after") == 1


def test_checks_and_old_versions_are_not_replayed(bare_shell: InteractiveShell):
    """Test cells stay out, and of a definition that was run twice only the last version goes in."""
    for source in (
        "def f():\n    return 1",
        "x = 1",
        "# Check f (1 point): ?\nassert f() == 1",
        "def f():\n    return 2",
        "def broken(:",
        "y = in_fresh_process('f')",
    ):
        bare_shell.history_manager.store_inputs(bare_shell.execution_count, source)

    assert executed_sources() == ("x = 1", "def f():\n    return 2", "def broken(:")
