"""Units made up for one test: an answer and a check for each exercise, as short as the fact that they show."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.authoring.release import release_notebook
from autograder.judge.executor import Executor, Observed
from autograder.judge.scoring import score
from autograder.model import Check, CheckResult, Exercise, Submission, Unit
from autograder.submission.rebuild import Rebuilt, rebuild

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    """One exercise of one answer and one check, which has the name of the exercise and a point."""

    reference: str
    check: str
    own: Sequence[str] = ()  # cells that the learner adds behind the answer
    answer: str | None = None  # what the learner hands in, if it is not the reference


@dataclass(frozen=True)
class MadeUp:
    """A unit and what one learner hands in for it."""

    parts: Mapping[str, Part]
    unit: Unit
    source: NotebookNode
    released: NotebookNode

    def rebuilt(self, **answers: str) -> Rebuilt:
        """Hand in what the parts say, or other answers."""
        notebook = copy.deepcopy(self.released)
        cells = []
        for cell in notebook.cells:
            cells.append(cell)
            if cell.metadata.course.kind == "answer":
                name = cell.metadata.nbgrader.grade_id.removeprefix("answer_")
                part = self.parts[name]
                cell.source = answers.get(name, part.reference if part.answer is None else part.answer)
                cells += [nbformat.v4.new_code_cell(text) for text in part.own]
        notebook.cells = cells
        data = nbformat.writes(notebook).encode()
        submission = Submission(
            learner="ada",
            unit=self.unit.name,
            notebook=data,
            sha256=hashlib.sha256(data).hexdigest(),
            submitted_at=MOMENT,
            received_at=MOMENT,
        )
        return rebuild(submission, self.source, self.released)

    def observe(self, executor: Executor, **answers: str) -> tuple[dict[str, CheckResult], Observed]:
        """Run the submission; return the verdicts by exercise and all that was observed."""
        handed_in = self.rebuilt(**answers)
        ran = executor.run(handed_in.notebook)
        return {one.check: one for one in score(self.unit, handed_in.answers, ran.cells)}, ran

    def grade(self, executor: Executor, **answers: str) -> dict[str, CheckResult]:
        """Run the submission; return the verdicts by exercise."""
        return self.observe(executor, **answers)[0]


def make_unit(parts: Mapping[str, Part], *, setup: str = "", locked: Mapping[str, str] | None = None) -> MadeUp:
    """
    Make a unit.

    Args:
        parts: Exercise -> its part, in order.
        setup: Code of a set-up cell; none if empty.
        locked: Exercise -> code of a locked cell behind its answer.
    """
    cells = [_cell("setup", "setup-tools", setup)] if setup else []
    for name, part in parts.items():
        cells.append(_cell("answer", f"answer_{name}", part.reference))
        if locked and name in locked:
            cells.append(_cell("locked", f"locked-{name}", locked[name]))
        text = f"# Check {name} (1 point): is it?\n{part.check}"
        cells.append(_cell("check", name, text, points=1.0))
    source: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    source.metadata.kernelspec = NotebookNode(display_name="Python 3", language="python", name="python3")
    exercises = tuple(
        Exercise(
            name=name,
            title=name,
            minutes=1,
            answers=(f"answer_{name}",),
            checks=(Check(name=name, exercise=name, title="is it?", points=1.0, visible=True),),
        )
        for name in parts
    )
    unit = Unit(name="09_made_up", title="Made up", question="?", minutes=1, exercises=exercises)
    released = release_notebook(source)
    for cell in released.cells:  # an answer without solution marks is released as it stands
        if cell.metadata.course.kind == "answer":
            cell.source = 'raise NotImplementedError("not written yet")'
    return MadeUp(parts=parts, unit=unit, source=source, released=released)


def _cell(kind: str, name: str, text: str, **marks: Any) -> NotebookNode:
    cell: NotebookNode = nbformat.v4.new_code_cell(text, id=f"id-{name.replace('_', '-')}")
    solution = kind == "answer"
    cell.metadata.course = NotebookNode(kind=kind)
    cell.metadata.nbgrader = NotebookNode(
        grade="points" in marks,
        grade_id=name,
        locked=not solution,
        schema_version=3,
        solution=solution,
        task=False,
        **marks,
    )
    return cell


def read_parts(path: Path) -> dict[str, Part]:
    """Read parts from a file of cells: `# %% KIND:EXERCISE` with reference, answer, own or check as KIND."""
    cells = re.split(r"(?m)^# %% (reference|answer|own|check):(\w+)\n", path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = {}
    for what, name, text in zip(cells[1::3], cells[2::3], cells[3::3], strict=True):
        part = found.setdefault(name, {"own": []})
        if what == "own":
            part["own"].append(text.strip())
        else:
            part[what] = text.strip()
    return {name: Part(**part) for name, part in found.items()}
