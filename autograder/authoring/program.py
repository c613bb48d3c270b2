"""
Which cells of an assignment run, in which order, for one set of answers.

Decides what *alone* and *in reverse* mean. Pure: never runs a cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.authoring.units import kind

Cell = tuple[str, str]  # name, source
Answers = Mapping[str, str]  # grade_id -> source


@dataclass(frozen=True, kw_only=True)
class Program:
    """The code cells of one instructor's notebook."""

    setup: tuple[Cell, ...]
    body: tuple[tuple[str, str, str], ...]  # kind, name, source of every other code cell, in order

    @property
    def reference(self) -> dict[str, str]:
        """The author's answers."""
        return {name: source for what, name, source in self.body if what == "answer"}

    @property
    def checks(self) -> tuple[str, ...]:
        """Names of the checks, in order."""
        return tuple(name for what, name, _ in self.body if what == "check")

    def whole(self, answers: Answers) -> tuple[Cell, ...]:
        """Order the cells as a submission runs."""
        return tuple((name, self._source(what, name, source, answers)) for what, name, source in self.body)

    def only(self, answers: Answers, checks: tuple[str, ...]) -> tuple[Cell, ...]:
        """Order answers and locked cells first, then just these checks in just this order."""
        sources = {name: source for what, name, source in self.body if what == "check"}
        first = tuple(
            (name, self._source(what, name, source, answers))
            for what, name, source in self.body
            if what in {"answer", "locked"}
        )
        return first + tuple((check, sources[check]) for check in checks)

    @staticmethod
    def _source(what: str, name: str, source: str, answers: Answers) -> str:
        return answers.get(name, source) if what == "answer" else source


def read_program(source: NotebookNode) -> Program:
    """Read the code cells of an instructor's notebook."""
    setup, body = [], []
    for cell in source.cells:
        if cell.cell_type != "code":
            continue
        what = kind(cell)
        name = cell.metadata.nbgrader["grade_id"] if "nbgrader" in cell.metadata else cell.id
        if what == "setup":
            setup.append((name, cell.source))
        else:
            body.append((what, name, cell.source))
    return Program(setup=tuple(setup), body=tuple(body))
