"""
A made-up class that hands in one unit: right, half right, wrong, blank, broken and mended submissions.

Decides who hands in what and what each must get, so that a demonstration can be compared with what was expected. The
same seed makes the same class, byte for byte. Nobody in it exists. Never grades.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import nbformat
from nbformat import NotebookNode

from autograder.authoring.mistakes import Mistake, read_alternative, read_mistakes
from autograder.authoring.program import read_program
from autograder.authoring.release import release_notebook
from autograder.authoring.units import kind, load_source, load_unit
from autograder.errors import CourseError
from autograder.gradebook.files import timestamp_text
from autograder.gradebook.queries import AttemptView
from autograder.model import Outcome, Unit
from autograder.settings import Settings

DUE = datetime(2026, 3, 2, 22, tzinfo=UTC)  # all but one hand in before
FIRST_NAMES = """
adaeze amara anh aroha bao bilal chiara dario davi elif emeka farid fatou freja gael hana hiro ines isla jamila jonas
kaya kofi laila leilani lucia malik mateo mei milan nadia nils noor olena omar paloma priya quinn rafael ravi rosa sanna
selam sofia soren tala tariq thandi tomas uma viktor wanjiru xiomara yara yuki zainab zofia
"""
BIRDS = "avocet bunting curlew dunlin finch gannet heron ibis jackdaw kestrel lark martin"
MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")

Edit = Callable[[NotebookNode], NotebookNode]
Answers = Mapping[str, str]  # grade_id -> source


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """One made-up submission and what must become of it."""

    learner: str
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
class _Draft:
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


def write_class(settings: Settings, unit: str, *, seed: int = 2013, size: int = 40) -> tuple[HandedIn, ...]:
    """
    Hand in a made-up class's notebooks below `settings.submitted`.

    Args:
        settings: Where to; set `due` to `DUE` for the unit to see somebody late.
        unit: Name of a unit with alternative.py and mistakes/.
        seed: Chooses the names, and who does what.
        size: Learners; enough for each kind and each mistake.

    Returns:
        What each handed in and must get, by learner.

    Raises:
        CourseError: If the unit's known answers are missing or too many for the class.
    """
    chance = random.Random(seed)
    released = release_notebook(load_source(settings, unit))
    drafts = _drafts(settings, unit, size)
    chance.shuffle(drafts)
    names = [f"{first}-{bird}" for first in FIRST_NAMES.split() for bird in BIRDS.split()]
    learners = sorted(chance.sample(names, size))
    return tuple(
        _hand_in(settings, unit, released, learner, draft, DUE - timedelta(minutes=chance.randint(1, 4000)))
        for learner, draft in zip(learners, drafts, strict=True)
    )


def _drafts(settings: Settings, unit: str, size: int) -> list[_Draft]:
    found = load_unit(settings, unit)
    folder = settings.course / unit
    reference = {
        name: _unmarked(source) for name, source in read_program(load_source(settings, unit)).reference.items()
    }
    alternative = dict(read_alternative(folder, found.exercises))
    drafts = list(_ways(found, reference, alternative))
    mistakes = read_mistakes(folder)
    for made in _deal(mistakes, size - len(drafts)):
        answers = dict(reference)
        for mistake in made:
            answers |= mistake.answers
        story = "; ".join(mistake.title for mistake in made) or "the course's own answers"
        missed = frozenset(check for mistake in made for check in mistake.caught_by)
        drafts.append(_Draft(story=story, answers=answers, not_passed=missed))
    return drafts


def _ways(unit: Unit, reference: Answers, alternative: Answers) -> Iterator[_Draft]:
    """List the ways to hand in that are about the notebook, not about an idea."""
    every = frozenset(check.name for check in unit.checks)
    begun = unit.exercises[: max(1, len(unit.exercises) // 2)]
    half = {name: reference[name] for exercise in begun for name in exercise.answers}
    rest = every - {check.name for exercise in begun for check in exercise.checks}
    for _ in range(3):
        yield _Draft(story="the course's own answers", answers=reference)
    for _ in range(2):
        yield _Draft(story="other answers, right as well", answers=alternative)
    yield _Draft(story="right, a day late", answers=reference, late=True)
    yield _Draft(story="right, the file renamed", answers=alternative, file_name="My homework.ipynb", mended=True)
    yield _Draft(story="right, answer cells copied", answers=reference, edit=_copied_answers, mended=True)
    yield _Draft(story="right, an own cell with a test's id", answers=reference, edit=_doubled_test, mended=True)
    yield _Draft(story="right, another metadata version", answers=reference, edit=_other_schema, mended=True)
    yield _Draft(story="the first exercises only", answers=half, not_passed=rest)
    yield _Draft(story="nothing written", not_passed=every)
    yield _Draft(story="nothing written, tests emptied and skipped", edit=_emptied, not_passed=every, mended=True)
    yield _Draft(story="a file that is no notebook", data=b'{"cells": [{"cell_type": "code", "sour', state="refused")


def _deal(mistakes: Sequence[Mistake], learners: int) -> list[list[Mistake]]:
    """Give each mistake to somebody, at most one of an exercise to each, as evenly as can be."""
    hands: list[list[Mistake]] = [[] for _ in range(learners)]
    for mistake in sorted(mistakes, key=lambda each: (each.exercise, each.misconception)):
        free = [hand for hand in hands if all(other.exercise != mistake.exercise for other in hand)]
        if not free:
            raise CourseError(
                f"{mistake.path}: {learners} learners for all mistakes are too few; make the class larger"
            )
        min(free, key=len).append(mistake)
    return hands


def _hand_in(
    settings: Settings, unit: str, released: NotebookNode, learner: str, draft: _Draft, submitted_at: datetime
) -> HandedIn:
    folder = settings.submitted / learner / unit
    folder.mkdir(parents=True, exist_ok=True)
    data = draft.data
    if data is None:
        notebook = draft.edit(_answered(released, draft.answers))
        data = (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode()
    (folder / draft.file_name).write_bytes(data)
    moment = DUE + timedelta(days=1) if draft.late else submitted_at
    (folder / "timestamp.txt").write_text(timestamp_text(moment), encoding="utf-8")
    return HandedIn(
        learner=learner,
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
