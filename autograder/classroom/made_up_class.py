"""
What made-up learners hand in for a unit: right, half right, mistaken, blank, late, broken, hostile, clumsy.

Decides what each is and what it must get, so that a demonstration can be compared with what was expected. Who hands in
what is decided in `made_up_course`. Never grades.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import nbformat
from nbformat import NotebookNode

from autograder.authoring.mistakes import Mistake, read_alternative, read_mistakes
from autograder.authoring.program import read_program
from autograder.authoring.release import release_notebook
from autograder.authoring.units import kind, load_source, load_unit
from autograder.gradebook.files import timestamp_text
from autograder.gradebook.queries import AttemptView
from autograder.model import Outcome
from autograder.settings import Settings

MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")

Edit = Callable[[NotebookNode], NotebookNode]
Answers = Mapping[str, str]  # grade_id -> source


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """One made-up submission and what must become of it."""

    learner: str
    unit: str
    story: str  # what the learner did, for the table
    state: str = "graded"  # or refused
    not_passed: frozenset[str] = frozenset()  # exactly these checks earn less than all their points
    mended: bool = False  # the rebuild or the collection has something to tell
    late: bool = False

    def difference(self, found: AttemptView | None) -> str:
        """Say where the gradebook differs from what was expected; empty if it does not."""
        if found is None:
            return "nothing is in the gradebook"
        if found.state != self.state:
            return f"{found.state} instead of {self.state}: {found.reason}"
        missed = frozenset(result.check for result in found.results if result.outcome is not Outcome.PASSED)
        if self.state == "graded" and missed != self.not_passed:
            more = ", ".join(sorted(missed - self.not_passed)) or "none"
            fewer = ", ".join(sorted(self.not_passed - missed)) or "none"
            return f"not passed against expectation: {more}; passed against expectation: {fewer}"
        if self.mended and not found.repairs:
            return "nothing was said about what was mended"
        if self.late and not found.late_seconds:
            return "was not late"
        return ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A submission without a name yet."""

    story: str
    answers: Answers = field(default_factory=dict)
    edit: Edit = copy.deepcopy
    data: bytes | None = None  # instead of a notebook
    file_name: str = "assignment.ipynb"
    state: str = "graded"
    not_passed: frozenset[str] = frozenset()
    mended: bool = False
    late: bool = False


class Repertoire:
    """
    All that may be handed in for one unit.

    Raises:
        CourseError: If the unit's known answers are missing.
    """

    def __init__(self, settings: Settings, unit: str) -> None:
        source = load_source(settings, unit)
        self.unit = load_unit(settings, unit)
        self.released = release_notebook(source)
        self._reference = {name: _unmarked(text) for name, text in read_program(source).reference.items()}
        self._alternative = dict(read_alternative(settings.course / unit, self.unit.exercises))
        self._mistakes = read_mistakes(settings.course / unit)
        self._every = frozenset(check.name for check in self.unit.checks)

    @property
    def right(self) -> tuple[Draft, ...]:
        """Answers that earn all points."""
        return (
            Draft(story="the course's own answers", answers=self._reference),
            Draft(story="other answers, right as well", answers=self._alternative),
        )

    @property
    def late(self) -> Draft:
        """Right, after the due time."""
        return Draft(story="right, a day late", answers=self._reference, late=True)

    @property
    def clumsy(self) -> tuple[Draft, ...]:
        """Right answers in notebooks that must be mended."""
        ways = (
            Draft(story="right, the file renamed", file_name="My homework.ipynb"),
            Draft(story="right, answer cells copied", edit=_copied_answers),
            Draft(story="right, an own cell with a test's id", edit=_doubled_test),
            Draft(story="right, another metadata version", edit=_other_schema),
        )
        return tuple(replace(way, answers=self._reference, mended=True) for way in ways)

    @property
    def blank(self) -> Draft:
        """Nothing at all."""
        return Draft(story="nothing written", not_passed=self._every)

    @property
    def hostile(self) -> tuple[Draft, ...]:
        """What must earn nothing and stop nobody."""
        first = self.unit.exercises[0].answers[0]
        leave = {first: "import os\n\nos._exit(0)"}
        return (
            Draft(story="tests emptied and skipped", edit=_emptied, not_passed=self._every, mended=True),
            Draft(story="a file that is no notebook", data=b'{"cells": [{"cell_type": "code", "sour', state="refused"),
            Draft(story="leaves the process with status 0", answers=leave, not_passed=self._every),
        )

    def partly(self, exercises: int) -> Draft:
        """Answer the first *exercises* only, at least one and never all."""
        begun = self.unit.exercises[: max(1, min(exercises, len(self.unit.exercises) - 1))]
        half = {name: self._reference[name] for exercise in begun for name in exercise.answers}
        done = {check.name for exercise in begun for check in exercise.checks}
        story = f"{len(begun)} of {len(self.unit.exercises)} exercises"
        return Draft(story=story, answers=half, not_passed=self._every - done)

    def mistaken(self, first: int, count: int) -> Draft:
        """Make known mistakes, at most one of an exercise, from the *first* of the list on; right without any."""
        made: list[Mistake] = []
        for place in range(len(self._mistakes)):
            mistake = self._mistakes[(first + place) % len(self._mistakes)]
            if len(made) < count and all(other.exercise != mistake.exercise for other in made):
                made.append(mistake)
        answers = dict(self._reference)
        for mistake in made:
            answers |= mistake.answers
        story = "; ".join(mistake.title for mistake in made) or "the course's own answers"
        missed = frozenset(check for mistake in made for check in mistake.caught_by)
        return Draft(story=story, answers=answers, not_passed=missed)


def hand_in(
    settings: Settings, repertoire: Repertoire, learner: str, draft: Draft, *, at: datetime, note: str
) -> HandedIn:
    """Write one submission in nbgrader's layout, with a *note* of its own in it, in place of an earlier one."""
    folder = settings.submitted / learner / repertoire.unit.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = draft.data
    if data is None:
        notebook = draft.edit(_answered(repertoire.released, draft.answers))
        notebook.cells.append(nbformat.v4.new_markdown_cell(note, id="own-note"))
        data = (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode()
    (folder / draft.file_name).write_bytes(data)
    (folder / "timestamp.txt").write_text(timestamp_text(at), encoding="utf-8")
    return HandedIn(
        learner=learner,
        unit=repertoire.unit.name,
        story=draft.story,
        state=draft.state,
        not_passed=draft.not_passed,
        mended=draft.mended,
        late=draft.late,
    )


def _answered(released: NotebookNode, answers: Answers) -> NotebookNode:
    notebook = copy.deepcopy(released)
    for cell in _of_kind(notebook, "answer"):
        cell.source = answers.get(cell.metadata.nbgrader["grade_id"], cell.source)
    return notebook


def _unmarked(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.strip() not in MARKS)


def _of_kind(notebook: NotebookNode, what: str) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if kind(cell) == what]


def _copied_answers(notebook: NotebookNode) -> NotebookNode:
    """Copy the first answer below itself, as Ctrl-C and Ctrl-V do: the grade_id comes along, the cell id does not."""
    answer = _of_kind(notebook, "answer")[0]
    twin = copy.deepcopy(answer)
    twin.id = "copied-answer"
    notebook.cells.insert(notebook.cells.index(answer) + 1, twin)
    return notebook


def _doubled_test(notebook: NotebookNode) -> NotebookNode:
    """Add an empty cell that claims to be the first check."""
    twin = copy.deepcopy(_of_kind(notebook, "check")[0])
    twin.id, twin.source = "doubled-test", "pass"
    notebook.cells.append(twin)
    return notebook


def _other_schema(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["schema_version"] = 1
    return notebook


def _emptied(notebook: NotebookNode) -> NotebookNode:
    """Try what earns full marks elsewhere: no test code, and a tag that keeps cells from running."""
    for cell in _of_kind(notebook, "check"):
        cell.source = ""
        cell.metadata["tags"] = ["skip-execution"]
    return notebook
