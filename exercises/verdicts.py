"""
What a run of a visible check comes to, and its card. Pure: it runs nothing, records nothing and shows nothing.

Decides between *passed*, *not yet* and *not started* from the cell's source and the exception alone.
"""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from exercises.cards import Card, CardKind
from exercises.progress import CheckOutcome
from exercises.testing import split_misconception

CHECK_LINE = re.compile(r"# Check ([a-z0-9_]+)(?: \([^)]*\))?(?:: (?P<title>.*))?")
STUB_TEXTS = ("", "not written yet")  # of nbgrader's stub, which names nothing
HEADS: Mapping[CheckOutcome, tuple[CardKind, str]] = {
    "passed": ("passed", "Passed"),
    "not yet": ("not_yet", "Not yet"),
    "not started": ("not_started", "Not started"),
}


@dataclass(frozen=True, kw_only=True)
class CheckCell:
    """A check cell that is about to run."""

    name: str
    title: str
    asserts: tuple[range, ...]  # lines of every assert, counted from 1
    statements: int  # 0: the cell holds comments alone


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a run of a visible check came to."""

    outcome: CheckOutcome
    message: str = ""  # without the name of the misconception
    misconception: str | None = None
    held: int = 0  # asserts that came before the one that did not hold
    details: str = ""  # Python's own traceback
    hint: bool = True  # a hint may help: the check belongs to an exercise


def read_check(source: str) -> CheckCell | None:
    """Read a cell's source; None if it is no check or no Python."""
    first = source.lstrip().partition("\n")[0]
    found = CHECK_LINE.fullmatch(first.strip())
    if found is None:
        return None
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):  # IPython says what is the matter when it runs the cell
        return None
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    lines = sorted((node.lineno, node.end_lineno or node.lineno) for node in nodes)
    return CheckCell(
        name=found.group(1),
        title=found.group("title") or "",
        asserts=tuple(range(first, last + 1) for first, last in lines),
        statements=len(tree.body),
    )


def judge(cell: CheckCell, error: Exception | None, answer: str) -> Verdict:
    """
    Say what a run of a check came to.

    Args:
        cell: The check.
        error: What it raised, with the traceback from the check cell inwards; None if all held.
        answer: Name of the exercise, for the advice.
    """
    if error is None:
        return Verdict(outcome="passed", held=len(cell.asserts))
    frames = traceback.extract_tb(error.__traceback__)
    here = [frame.lineno or 0 for frame in frames if frames and frame.filename == frames[0].filename]
    failing = (number for number in reversed(here) if any(number in lines for lines in cell.asserts))
    line = next(failing, here[-1] if here else 0)
    held = sum(lines[-1] < line for lines in cell.asserts)
    details = "".join(traceback.format_exception(error)).rstrip()
    text, misconception = split_misconception(str(error))
    in_check = len(here) == len(frames)
    if isinstance(error, NotImplementedError):
        message = text if text not in STUB_TEXTS else f"`{_innermost(error) or answer}` is not written yet"
        return Verdict(outcome="not started", message=_sentence(message), held=held)
    if isinstance(error, NameError) and in_check and not isinstance(error, UnboundLocalError):
        missing = (
            f"`{error.name}` does not exist in this session yet. Run the answer cell first, and the cells above it"
        )
        return Verdict(outcome="not started", message=missing + ".", held=held, hint=False)
    own = not in_check and _is_cell(frames[-1].filename)  # an assert of the answer itself
    if isinstance(error, AssertionError) and not own:
        message = _sentence(text or f"line {line} of this check does not hold")
        return Verdict(outcome="not yet", message=message, misconception=misconception, held=held, details=details)
    return Verdict(outcome="not yet", message=_raised(error, text, frames, answer), held=held, details=details)


def not_run(name: str, ended: str) -> Verdict:
    """Say that a check was not run, because the cell of what it tests ended in an error when it was last run."""
    message = (
        f"the cell that defines `{name}` ended in {ended}, so this check would test your answer of before. "
        "Mend that cell, run it, then run this check again."
    )
    return Verdict(outcome="not yet", message=message, hint=False)


def _raised(error: Exception, text: str, frames: traceback.StackSummary, answer: str) -> str:
    """Say what was raised, and the last line of the learner's own cells that led there."""
    said = f"`{answer}` raised {type(error).__name__}" + (f": {text}" if text else "")
    own = [frame for frame in frames if frame.filename != frames[0].filename and _is_cell(frame.filename)]
    if not own:
        return _sentence(said)
    line = f": `{own[-1].line}`" if own[-1].line else ""
    return f"{_sentence(said)} It happened in `{own[-1].name}`, line {own[-1].lineno} of its cell{line}."


def _innermost(error: Exception) -> str:
    """Return the function that raised, "Monitor.update" for a method; empty for the top of a cell."""
    name = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_qualname
        trace = trace.tb_next
    return "" if name.startswith("<") else name.removesuffix(".__init__")


def _is_cell(filename: str) -> bool:
    return "ipykernel_" in filename or filename.startswith(("<ipython-input", "<cell"))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."


def check_card(cell: CheckCell, verdict: Verdict, *, exercise: str, attempt: int | None) -> Card:
    """Draw the card of one run; *attempt* is None if it could not be counted."""
    total = len(cell.asserts)
    kind, head = HEADS[verdict.outcome]
    foot = [] if attempt is None else [f"Attempt {attempt}"]
    if verdict.outcome == "passed":
        text = _all_hold(total)
        if verdict.hint:  # practice in a lesson is never handed in
            foot.append("hidden parts of this check run when you submit")
    else:
        text = verdict.message
        foot += [f"{verdict.held} of {total} asserts held before this one"] if verdict.held else []
        foot += [f'for a hint run `hint("{exercise}")`'] if verdict.hint else []
    record = {
        "check": cell.name,
        "outcome": verdict.outcome,
        "attempt": attempt,
        "held": verdict.held,
        "asserts": total,
    }
    return Card(
        kind=kind,
        head=head,
        text=text,
        lines=_titled(cell) if verdict.outcome == "passed" else (),
        foot=" \u00b7 ".join(foot),
        details=verdict.details,
        label=f"Result of check {cell.name}",
        record=record,
    )


def later_card(cell: CheckCell) -> Card:
    """Draw the card of a check that shows no code."""
    return Card(
        kind="calm",
        head="Runs when you submit",
        text="this check shows no code. The visible checks above tell whether you are on the way.",
        lines=_titled(cell),
        label=f"Result of check {cell.name}",
        record={"check": cell.name, "outcome": "later"},
    )


def _all_hold(asserts: int) -> str:
    """Say what passed means; the word check is kept for the whole cell."""
    if asserts == 0:
        return "it ran to its end"
    return "its one assert holds" if asserts == 1 else f"all {asserts} asserts hold"


def _titled(cell: CheckCell) -> tuple[str, ...]:
    return (f"The question was: {cell.title}",) if cell.title else ()
