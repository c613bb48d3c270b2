"""
The hook in IPython: a visible check ends in a card, is counted, and the answers that were run are remembered.

Decides which cells are checks: those whose first line is `# Check NAME`. A check of an answer whose cell was run again
and ended in an error is not run: it would test the answer of before. Every other cell, and its exceptions, stay
exactly as they are. It never runs under a grader, changes no value, and a progress file that cannot be written never
stops a cell.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from exercises import content, environment, journal
from exercises.cards import Card, show
from exercises.errors import ContentError
from exercises.staleness import Staleness, used_names
from exercises.verdicts import CheckCell, check_card, judge, later_card, not_run, read_check

WRAP = "with __import__('exercises.hook', fromlist=['checking']).checking():\n    pass"


class Hook(ast.NodeTransformer):
    """One shell's hook; IPython calls it before each cell and with each cell's syntax tree."""

    def __init__(self) -> None:
        self.executed: list[tuple[str | None, str]] = []  # (cell id, source) of every cell that was run, in order
        self._next: CheckCell | None = None  # the cell that is about to run, if it is a check
        self._running: CheckCell | None = None
        self._staleness = Staleness()
        self._stale: tuple[str, str] | None = None  # a name that the running check reads, and what ended its cell

    def before_cell(self, info: Any) -> None:
        """Remember the cell and see whether it is a check (IPython's event pre_run_cell)."""
        source = str(info.raw_cell or "")
        self.executed.append((info.cell_id, source))
        self._next = read_check(source)
        self._staleness.before(info.cell_id, source, _names())

    def after_cell(self, result: Any) -> None:
        """Note what the cell left undefined (IPython's event post_run_cell)."""
        early = result.error_before_exec
        self._staleness.after(early or result.error_in_exec, _names(), began=early is None)

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Put a check cell's statements into `with checking():`; their line numbers stay."""
        if self._next is None:
            return node
        self._running, self._next = self._next, None
        wrapped = ast.parse(WRAP)
        block = wrapped.body[0]
        self._stale = self._staleness.among(used_names(node))
        if node.body and self._stale is None and isinstance(block, ast.With):
            block.body = node.body
        return ast.copy_location(ast.Module(body=[block], type_ignores=node.type_ignores), node)

    def finish(self, error: Exception | None) -> bool:
        """Show the card of the check that ran; False if none did."""
        cell, self._running = self._running, None
        stale, self._stale = self._stale, None
        if cell is None:
            return False
        show(later_card(cell) if cell.statements == 0 else _counted_card(cell, error, stale))
        return True


class checking:  # noqa: N801 - reads as a word after "with"
    """The statements of one check cell: whatever ends them becomes a card, except an interrupt."""

    def __enter__(self) -> None:
        """Begin a check."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> bool:
        """Show the card; True keeps the exception from being shown a second time."""
        hook = installed()
        if hook is None or not (error is None or isinstance(error, Exception)):
            return False
        return hook.finish(error)


def installed() -> Hook | None:
    """Return the hook of the running shell, if there is one."""
    shell = environment.shell()
    if shell is None:
        return None
    return next((item for item in shell.ast_transformers if isinstance(item, Hook)), None)


def install() -> None:
    """Put the hook into the running shell, once; does nothing outside IPython and under a grader."""
    shell = environment.shell()
    if shell is None or environment.grading() or installed() is not None:
        return
    hook = Hook()
    shell.ast_transformers.append(hook)
    shell.events.register("pre_run_cell", hook.before_cell)
    shell.events.register("post_run_cell", hook.after_cell)


def uninstall() -> None:
    """Take the hook out of the running shell."""
    hook, shell = installed(), environment.shell()
    if hook is not None and shell is not None:
        shell.ast_transformers.remove(hook)
        shell.events.unregister("pre_run_cell", hook.before_cell)
        shell.events.unregister("post_run_cell", hook.after_cell)


def _names() -> Mapping[str, object]:
    shell = environment.shell()
    return {} if shell is None else shell.user_ns


def _counted_card(cell: CheckCell, error: Exception | None, stale: tuple[str, str] | None) -> Card:
    unit, exercise, has_hints = _place(cell.name)
    verdict = judge(cell, error, exercise) if stale is None else not_run(*stale)
    if not has_hints:
        verdict = dataclasses.replace(verdict, hint=False)
    attempt = journal.note(
        lambda progress: progress.record_attempt(
            unit=unit,
            exercise=exercise,
            check=cell.name,
            outcome=verdict.outcome,
            message=verdict.message,
            misconception=verdict.misconception,
        )
    )
    return check_card(cell, verdict, exercise=exercise, attempt=attempt)


def _place(check: str) -> tuple[str, str, bool]:
    """Return a check's unit, its exercise and whether that has hints; practice in a lesson goes by its own name."""
    unit = environment.unit_name()
    try:
        found = content.exercise_of_check(check, content.load(), unit)
    except ContentError:  # hint() says it when it is asked; a check goes on without
        found = None
    return (unit or "", check, False) if found is None else (found.unit, found.name, True)
