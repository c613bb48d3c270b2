"""
Submissions of one unit and their verdicts, three ways: the judge, nbgrader's kernel, calibration's fast runner.

The exercises of a unit do not use each other's answers, so one submission carries a fault in each of them: a kernel,
which costs seconds, then compares four mistakes at once.
"""

from __future__ import annotations

import copy
import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.authoring.mistakes import read_alternative, read_mistakes
from autograder.authoring.mutate import mutants
from autograder.authoring.program import Program, read_program
from autograder.authoring.release import release_notebook
from autograder.authoring.units import kind, load_source, load_unit
from autograder.judge.executor import Executor
from autograder.judge.scoring import score
from autograder.model import Answer, CellRun, CheckResult, Submission, Unit
from autograder.settings import load_settings
from autograder.submission.rebuild import Rebuilt, rebuild

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)

FOLDER = re.compile(r"/\S*/course-\w+")  # of a workspace: a new name each time, which an error may quote

Answers = Mapping[str, str]  # grade_id -> source
Verdict = tuple[str, str, float, str, str | None]  # check, outcome, points earned, message, misconception


@dataclass(frozen=True)
class Graded:
    """One unit with all that is needed to grade it."""

    unit: Unit
    source: NotebookNode
    released: NotebookNode
    course: Path

    @cached_property
    def program(self) -> Program:
        return read_program(self.source)

    @cached_property
    def stubs(self) -> dict[str, str]:
        return {cell.metadata.nbgrader.grade_id: cell.source for cell in self.released.cells if kind(cell) == "answer"}

    @cached_property
    def alternative(self) -> Answers:
        return read_alternative(self.course, self.unit.exercises)

    @cached_property
    def mistakes(self) -> dict[str, Answers]:
        return {mistake.name: mistake.answers for mistake in read_mistakes(self.course)}

    def mutants(self, number: int) -> dict[str, Answers]:
        """Draw faults of the reference, the same ones each time."""
        reference = self.program.reference
        faults = [
            mutant
            for exercise in self.unit.exercises
            for mutant in mutants(exercise.name, {answer: reference[answer] for answer in exercise.answers})
        ]
        drawn = random.Random(self.unit.name).sample(faults, min(number, len(faults)))
        return {
            f"{one.exercise}, line {one.line}: {one.text} {one.mutation}": {one.answer: one.source} for one in drawn
        }

    def rebuilt(self, answers: Answers, own: Mapping[str, Sequence[str]] | None = None) -> Rebuilt:
        """
        Hand in the released notebook with these answers and rebuild it.

        Args:
            answers: What is missing is the reference.
            own: Cells that the learner adds: grade_id -> sources behind that cell.
        """
        notebook = copy.deepcopy(self.released)
        cells = []
        for cell in notebook.cells:
            cells.append(cell)
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if kind(cell) == "answer":
                cell.source = {**self.program.reference, **answers}[name]
            cells += [nbformat.v4.new_code_cell(text) for text in (own or {}).get(name, ())]
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

    def grade(self, executor: Executor, handed_in: Rebuilt) -> list[CheckResult]:
        """Run a submission in one of the executors and score it; it can be used again."""
        ran = executor.run(copy.deepcopy(handed_in.notebook))
        return list(score(self.unit, handed_in.answers, ran.cells))

    def score_runs(self, answers: Answers, runs: Sequence[CellRun]) -> list[CheckResult]:
        """Score what the fast runner observed."""
        given = [
            Answer(name=name, source=text, attempted=text != self.stubs[name])
            for name, text in {**self.program.reference, **answers}.items()
        ]
        return list(score(self.unit, given, runs))


def load_graded(name: str) -> Graded:
    settings = load_settings()
    source = load_source(settings, name)
    return Graded(
        unit=load_unit(settings, name),
        source=source,
        released=release_notebook(source),
        course=settings.course / name,
    )


def verdicts(results: Sequence[CheckResult]) -> list[Verdict]:
    """Return what must be the same whoever grades."""
    return [
        (one.check, one.outcome.value, one.earned, FOLDER.sub("/tmp/course-x", one.message), one.misconception)
        for one in results
    ]


def differences(found: Mapping[str, tuple[list[CheckResult], list[CheckResult]]]) -> dict[str, list[Any]]:
    """Return subject -> pairs of verdicts that are not the same."""
    pairs = {
        subject: [pair for pair in zip(*map(verdicts, both), strict=True) if pair[0] != pair[1]]
        for subject, both in found.items()
    }
    return {subject: unlike for subject, unlike in pairs.items() if unlike}


def dealt(unit: Unit, faults: Mapping[str, Answers]) -> dict[str, Answers]:
    """Put faults together, at most one of an exercise into each submission."""
    owner = {answer: exercise.name for exercise in unit.exercises for answer in exercise.answers}
    hands: list[tuple[list[str], dict[str, str], set[str]]] = []
    for name, answers in faults.items():
        exercises = {owner[answer] for answer in answers}
        hand = next((one for one in hands if not one[2] & exercises), None)
        if hand is None:
            hand = ([], {}, set())
            hands.append(hand)
        hand[0].append(name)
        hand[1].update(answers)
        hand[2].update(exercises)
    return {" + ".join(names): answers for names, answers, _ in hands}
