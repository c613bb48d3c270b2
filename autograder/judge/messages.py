"""
What a learner is told about a check. Pure.

Speaks of what was asked and what came: never shows source, inputs or frames of a test. Says "not yet", never "wrong".
"""

from __future__ import annotations

import re

from autograder.model import CellRun, Check, Exercise, Outcome
from autograder.submission.markdown import plain_text

MAX_CHARACTERS = 600
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_NUMBER = re.compile(r"(?<![A-Za-z_\d])[-+]?\d+(?:[,_]\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ADDRESS = re.compile(r" \((?:<[^<>\n]*>|[^()\s]+), line \d+\)$")  # which Python adds to a SyntaxError

_LIMITS = {
    Outcome.TIME: "it ran longer than the time limit and was stopped",
    Outcome.MEMORY: "it used more memory than the limit",
    Outcome.OUTPUT: "it printed more than the limit",
    Outcome.KILLED: "the process ended in the middle of it",
    Outcome.PLATFORM_FAULT: "our grader broke down; this costs you nothing and is tried again",
}
_NEXT_STEPS = {
    Outcome.TIME: "Look for a loop that does not end, or work that is repeated for every row.",
    Outcome.MEMORY: "Look for a list or a frame that grows with every step.",
    Outcome.OUTPUT: "Take the print calls out of your function.",
    Outcome.KILLED: "Look for exit() or very deep recursion, and run the notebook once with Restart and Run All.",
    Outcome.PLATFORM_FAULT: "Nothing to do for you; your instructor sees it.",
}
STUB_TEXT = "not written yet"  # of the stub in a released answer


def masked(message: str) -> str:
    """Mask quoted text and numbers, so that one mistake gives one message whatever its inputs were."""
    return _NUMBER.sub("#", _QUOTED.sub("'...'", message))


def clipped(message: str) -> str:
    """Make a message fit for a page and a terminal: no control characters, one paragraph, bounded."""
    text = " ".join(plain_text(message).split())
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 3] + "..."


def not_attempted(exercise: Exercise) -> str:
    """Say that the answer is as it was released."""
    return f"{_cells(exercise)} not written yet."


def assertion(message: str) -> str:
    """Say which assertion of the test did not hold."""
    return clipped(message) or "One of the conditions of this check does not hold yet."


def raised(run: CellRun, exercise: Exercise) -> str:
    """Say what the answer raised, with the learner's own line if there is one."""
    what = f"{run.error_name}: {run.error_message}" if run.error_message else str(run.error_name)
    if run.error_cell is not None:
        where = f"line {run.error_line} of your cell {_cell(run.error_cell)}"
        if run.error_name == "NotImplementedError" and run.error_message == STUB_TEXT:
            return f"A part of your answer is not written yet ({where})."
        return clipped(f"Your answer stopped with {what}") + f" ({where})."
    return clipped(f"The check could not use what {_cells(exercise, verb='')} gave back: {what}") + "."


def cell_stopped(run: CellRun) -> str:
    """Say that the answer cell itself did not run to its end, so that nothing is defined."""
    if run.limit is not None:
        return f"Your cell {_cell(run.name)} did not run to its end: {_LIMITS[run.limit]}."
    line = f" in line {run.error_line}" if run.error_line is not None else ""
    what = _ADDRESS.sub("", run.error_message) if line else run.error_message
    return clipped(f"Your cell {_cell(run.name)} stopped{line} with {run.error_name}: {what}") + "."


def rerun_cell(run: CellRun) -> str:
    """Say what to do about an answer cell that did not run to its end."""
    return f"Run the cell {_cell(run.name)} on its own until it ends without an error, then the check below it."


def warned(run: CellRun) -> str:
    """Say that something was written to stderr, which nbgrader counts like an error."""
    what = f": {run.error_message}" if run.error_message else ""
    return clipped(f"Your answer gave a warning while the check ran, and a check must run without{what}") + "."


def limit(outcome: Outcome) -> str:
    """Say which limit ended the check."""
    return f"The check did not finish: {_LIMITS[outcome]}."


def not_run(culprit: CellRun | None) -> str:
    """Say why there is no evidence, with the cell that ended the process if one did."""
    if culprit is None:
        return "This check did not run."
    return f"This check did not run, because the run ended earlier, in the cell {_cell(culprit.name)}."


def partly(earned: float, points: float) -> str:
    """Say how much of a check with partial credit is there."""
    return f"{earned:g} of {points:g} points: some of the cases do not come out right yet."


def next_step(outcome: Outcome, exercise: Exercise, check: Check, *, hidden: bool | None) -> str:
    """Give one thing to do now, where no known misconception says more; *hidden*: which part of the check stopped."""
    if outcome in _NEXT_STEPS:
        return _NEXT_STEPS[outcome]
    if outcome is Outcome.NOT_ATTEMPTED:
        return f'Write the answer, run the cell below it, then hand in again; `hint("{exercise.name}")` gives a nudge.'
    if outcome is Outcome.NOT_RUN:
        return "Run the notebook once with Restart and Run All, and hand in again."
    nudge = f'`hint("{exercise.name}")` gives a nudge.'
    if not check.visible or hidden:
        return f"Try your answer on a small case of your own; {nudge}"
    if hidden is None:
        return (
            "Run the visible check below your answer; if it passes there, a hidden part of it asks more. "
            f"In either case {nudge}"
        )
    return f"Run the visible check below your answer; {nudge}"


def from_hidden_part(text: str) -> str:
    """Put before a next step why the learner's own card of this check says that it passed."""
    return f"The visible part of this check passes here; a hidden part of it does not yet. {text}"


def _cell(name: str) -> str:
    return "that you added" if name.startswith("own-") else f"`{name}`"


def _cells(exercise: Exercise, verb: str = "is") -> str:
    if len(exercise.answers) == 1:
        return f"`{exercise.answers[0]}` {verb}".strip()
    listed = " and ".join(f"`{name}`" for name in exercise.answers)
    return f"{listed} {'are' if verb else ''}".strip()
