"""Handing in: the file must be what was run; the reply becomes a receipt and a grade."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from exercises import submit
from exercises.handin import moment, read_reply, reply_cards, result_word, unsaved_answers

Shown = Callable[[], list[str]]

OLD, NEW = "def plan(rows):\n    return 1", "def plan(rows):\n    return 2"
LINES = [
    {
        "check": "static",
        "exercise": "plan",
        "title": "is it trained once?",
        "outcome": "passed",
        "earned": 1.5,
        "points": 1.5,
        "message": "",
        "misconception": None,
        "next_step": "",
    },
    {
        "check": "late",
        "exercise": "plan",
        "title": "are labels late?",
        "outcome": "wrong",
        "earned": 0.0,
        "points": 2.0,
        "message": "Batch 3 was scored too late.",
        "misconception": "train_then_test",
        "next_step": "Draw the queue.",
    },
]
GRADED: dict[str, Any] = {
    "receipt": {"unit": "01_training", "learner": "ada", "submitted_at": "2026-03-01T14:03Z", "sha256": "ab" * 32},
    "state": "graded",
    "reason": "",
    "earned": 1.5,
    "points": 3.5,
    "passed": False,
    "checks": LINES,
    "repairs": ["check static was edited; ours was used"],
}


def _notebook(source: str, cell_id: str = "c1") -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {"nbgrader": {"solution": True, "grade_id": "plan"}},
        "source": source.splitlines(keepends=True),
    }
    return {"cells": [{"cell_type": "markdown", "source": "x"}, cell], "metadata": {}, "nbformat": 4}


def _save(root: Path, source: str) -> None:
    path = root / "var/work/01_training/assignment.ipynb"
    path.write_text(json.dumps(_notebook(source)))


def _command(root: Path, code: str) -> None:
    """Put a command of that name where `python -m` finds it first."""
    (root / "autograder").mkdir()
    (root / "autograder/__init__.py").touch()
    (root / "autograder/__main__.py").write_text(code)


@pytest.mark.parametrize(
    ("executed", "found"),
    [
        ([], ()),
        ([("c1", OLD)], ("plan",)),
        ([("c1", OLD), ("c1", NEW)], ()),
        ([("c1", NEW + "\n")], ()),
        ([("c1", NEW), ("c1", OLD)], ("plan",)),
        ([(None, OLD)], ("plan",)),
        ([("vscode-1", OLD), ("vscode-2", NEW)], ()),
        ([("vscode-1", "x = 1")], ()),
    ],
)
def test_unsaved_answers_are_found(executed: list[tuple[str | None, str]], found: tuple[str, ...]):
    """The last run of a cell, by id or else by what it defines, must be what stands on disk."""
    assert unsaved_answers(_notebook(NEW), executed) == found


@given(sources=st.lists(st.sampled_from([OLD, NEW, "x = 1", "def other(): pass"]), min_size=1))
def test_a_saved_notebook_never_blocks(sources: list[str]):
    """Whatever was run before: if disk holds the last run, there is nothing to save."""
    executed = [("c1", source) for source in sources]

    assert unsaved_answers(_notebook(sources[-1]), executed) == ()


def test_other_cells_do_not_count():
    """Cells that are no answers may differ from disk."""
    notebook = _notebook(NEW)
    notebook["cells"][1]["metadata"] = {}

    assert unsaved_answers(notebook, [("c1", OLD)]) == ()


def test_unsaved_notebook_is_not_handed_in(shell: InteractiveShell, shown: Shown, small_course: Path):
    """A cell that was run and not saved is named; no command runs."""
    _save(small_course, OLD)
    shell.run_cell(NEW, cell_id="c1")
    submit()

    assert shown()[-1].startswith("\u2192 Save the notebook first (Ctrl+S)")
    assert "`plan`" in shown()[-1]


@pytest.mark.parametrize("unit", [None, "01", 1, "01_training"])
def test_receipt_and_grade_are_shown(shell: InteractiveShell, shown: Shown, small_course: Path, unit: str | int | None):
    """The command gets the unit's name; its reply becomes a receipt and a table of every check."""
    _save(small_course, NEW)
    _command(
        small_course,
        f"import json, sys\nassert sys.argv[1:] == ['submit', '01_training', '--json'], sys.argv\n"
        f"print('progress')\nprint(json.dumps({GRADED!r}))",
    )
    submit(unit)
    receipt, grade = shown()

    assert "ab" * 32 in receipt
    assert "unit 01_training, 2026-03-01 14:03:00 UTC, by ada" in receipt
    assert grade.startswith("\u2192 Not yet passed - 1.5 of 3.5 points")
    assert "plan: is it trained once? | \u2713 passed | 1.5 of 1.5" in grade
    for text in ("Batch 3 was scored too late.", "Known mistake: train then test.", "Next: Draw the queue.", "0 of 2"):
        assert text in grade
    assert "ours was used" in grade


def test_command_that_breaks_says_so(shell: InteractiveShell, shown: Shown, small_course: Path):
    """A command without a reply shows its last words and that nothing is lost."""
    _save(small_course, NEW)
    _command(small_course, "import sys\nprint('first', file=sys.stderr)\nsys.exit('disk is full')")
    submit()

    assert "ended with code 1: disk is full" in shown()[0]
    assert "Your notebook is untouched" in shown()[0]


def test_missing_notebook_says_start(shell: InteractiveShell, shown: Shown):
    """Without a working copy the card names the command that makes one."""
    submit()

    assert "`course start` makes it" in shown()[0]


def test_unreadable_notebook_is_named(shell: InteractiveShell, shown: Shown, small_course: Path):
    """A notebook that is no JSON is not handed in."""
    (small_course / "var/work/01_training/assignment.ipynb").write_text("{")
    submit()

    assert "cannot be read" in shown()[0]


def test_outside_a_unit_it_asks_which(
    shell: InteractiveShell, shown: Shown, small_course: Path, monkeypatch: pytest.MonkeyPatch
):
    """A notebook elsewhere must name the unit."""
    monkeypatch.chdir(small_course)
    submit()

    assert 'submit("01")' in shown()[0]


def test_grader_hands_nothing_in(shell: InteractiveShell, shown: Shown, monkeypatch: pytest.MonkeyPatch):
    """Under a grader the last cell of a notebook does nothing."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    submit()

    assert shown() == []


@pytest.mark.parametrize(
    "text", ["", "no json", "{}", "[]", '{"state": "graded", "checks": [{}]}', '{"state": "graded"']
)
def test_unreadable_reply_is_refused(text: str):
    """A reply that lacks its fields is an error, not an empty grade."""
    with pytest.raises(ValueError, match=r"."):
        read_reply(text)


def test_refusal_shows_its_reason():
    """A refused submission has no receipt, only a reason."""
    (card,) = reply_cards(read_reply(json.dumps({"state": "refused", "reason": "two cells are called plan"})))

    assert repr(card) == "\u2192 Not accepted - two cells are called plan"


def test_class_hand_in_has_a_receipt_alone():
    """In a class the grade comes later."""
    reply = read_reply(json.dumps({**GRADED, "state": "handed in", "checks": [], "reason": "Graded on Friday."}))
    (card,) = reply_cards(reply)

    assert card.head == "Handed in"
    assert "Graded on Friday." in repr(card)


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        ("passed", "\u2713 passed"),
        ("partial", "\u25d0 in part"),
        ("wrong", "\u2192 not yet"),
        ("error", "\u2192 not yet"),
        ("not attempted", "\u25cb not started"),
        ("time", "\u2192 not yet (time)"),
        ("platform fault", "\u2192 not yet (platform fault)"),
    ],
)
def test_outcomes_are_words(outcome: str, word: str):
    """Every outcome has a word and an icon, and none says wrong or failed."""
    assert result_word(outcome) == word


def test_same_advice_is_given_once():
    """Several checks of one blank answer say it once; the others point up."""
    blank = [LINES[1] | {"check": name, "outcome": "not attempted"} for name in ("a", "b", "c")]
    _, card = reply_cards(read_reply(json.dumps({**GRADED, "checks": [*blank, LINES[0]]})))

    assert card.table is not None
    assert [row[2].partition("\n")[0] for row in card.table.rows] == [
        "Batch 3 was scored too late.",
        "As above.",
        "As above.",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-03-01T15:03:04.5+01:00", "2026-03-01 14:03:04 UTC"),
        ("2026-03-01T15:03:04", "2026-03-01T15:03:04"),
        ("noon", "noon"),
    ],
)
def test_times_are_written_in_utc(text: str, written: str):
    """An aware time is shown in UTC; anything else is not guessed at."""
    assert moment(text) == written
