"""What runs a rebuilt notebook, and what is observed meanwhile: one interface for nbgrader's kernel and the judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nbformat import NotebookNode

from autograder.model import CellRun


@dataclass(frozen=True, kw_only=True)
class Observed:
    """A notebook that ran, and what was observed of each of its named code cells."""

    notebook: NotebookNode
    cells: tuple[CellRun, ...]
    wall_seconds: float  # of all cells, without the start of a kernel or server
    cpu_seconds: float
    peak_bytes: int


class Executor(Protocol):
    """Runs the code cells of a rebuilt notebook and writes their outputs into it."""

    @property
    def mode(self) -> str:
        """What is recorded with each grade: "nbgrader" or the sandbox mode."""

    def run(self, notebook: NotebookNode) -> Observed:
        """
        Run *notebook*.

        Raises:
            PlatformError: If our own machinery failed; no points are lost.
            CourseError: If a test cell of the course is at fault.
        """
