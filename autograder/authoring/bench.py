"""
One unit on the bench: its cells, its stubs and the grader's scoring rule, ready for every trial.

Decides how a run is scored: as if a learner had handed in these answers. Never runs a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.program import Answers, Program, read_program
from autograder.authoring.release import release_notebook
from autograder.authoring.units import kind, load_source, load_unit
from autograder.errors import CourseError
from autograder.model import Answer, CellRun, CheckResult, Unit
from autograder.settings import Settings

UNIT_CPU_SECONDS = 2.0  # of all checks for the reference; a unit may promise less in its header

Score = Callable[[Unit, Sequence[Answer], Sequence[CellRun]], Sequence[CheckResult]]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What every trial needs."""

    unit: Unit
    folder: Path
    program: Program
    stubs: Answers  # what the released notebook holds
    cpu_limit: float
    score: Score

    def results(self, answers: Answers, runs: Sequence[CellRun]) -> dict[str, CheckResult]:
        """Score one run: check -> result."""
        full = {**self.program.reference, **answers}
        given = [
            Answer(name=name, source=source, attempted=source != self.stubs[name]) for name, source in full.items()
        ]
        return {result.check: result for result in self.score(self.unit, given, runs)}


def set_up(settings: Settings, name: str, score: Score) -> Bench:
    """
    Put a built unit on the bench.

    Raises:
        CourseError: If it has no exercises, or was not built.
    """
    unit = load_unit(settings, name)
    if not unit.exercises:
        raise CourseError(f"{name}: has no exercises; there is nothing to calibrate")
    source = load_source(settings, name)
    released = release_notebook(source)
    return Bench(
        unit=unit,
        folder=settings.course / name,
        program=read_program(source),
        stubs={cell.metadata.nbgrader["grade_id"]: cell.source for cell in released.cells if kind(cell) == "answer"},
        cpu_limit=float(source.metadata.course.get("cpu_seconds", UNIT_CPU_SECONDS)),
        score=score,
    )
