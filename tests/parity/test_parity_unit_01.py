"""The judge against nbgrader's kernel and calibration's runner, on unit 01: the same verdicts, in the same words."""

import ast
import random

import pytest
from parity_cases import dealt, differences

from autograder.authoring.runner import Candidate, Runner
from autograder.authoring.units import kind
from autograder.judge.stock import Stock

CELL_SECONDS = 10  # as the judge of these tests
KERNEL = Stock(cell_seconds=CELL_SECONDS, hidden_seed="")
MUTANTS = 200
DRAWN = 10  # mistakes and mutants that the short run takes to a kernel
MUTANTS_OF_THE_FAST_RUN = 12


@pytest.fixture(scope="session")
def against_the_kernel(unit_01, judge):
    """Compare the judge with the kernel: subject -> verdicts that differ, but for those that a test explains."""

    def compare(subjects):
        found = {}
        for subject, answers in subjects.items():
            handed_in = unit_01.rebuilt(answers)
            found[subject] = unit_01.grade(judge, handed_in), unit_01.grade(KERNEL, handed_in)
        return unexplained(unit_01, found)

    return compare


def unexplained(unit, found):
    """Leave out what only nbgrader's kernel can do: an answer reads a name that a test cell made."""
    names = names_of_tests(unit.source)
    kept = {}
    for subject, pairs in differences(found).items():
        unlike = [
            (ours, theirs) for ours, theirs in pairs if not any(f"name '{name}' is not" in ours[3] for name in names)
        ]
        if unlike:
            kept[subject] = unlike
    return kept


def names_of_tests(source):
    """Every name that a test cell binds, in loops too."""
    trees = [ast.parse(cell.source) for cell in source.cells if kind(cell) == "check"]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def earned(results):
    return sum(result.earned for result in results)


def test_reference_alternative_and_blank_have_the_kernels_verdicts(unit_01, judge, against_the_kernel):
    """Both right answers get full marks and the blank notebook none, in both graders, with the same words."""
    subjects = {"reference": {}, "alternative": unit_01.alternative, "blank": unit_01.stubs}

    assert against_the_kernel(subjects) == {}
    marks = [earned(unit_01.grade(judge, unit_01.rebuilt(answers))) for answers in subjects.values()]
    assert marks == [unit_01.unit.points, unit_01.unit.points, 0.0]


def test_drawn_mistakes_and_mutants_have_the_kernels_verdicts(unit_01, against_the_kernel):
    """A seeded draw of known mistakes and of mutants is judged as in a kernel."""
    faults = unit_01.mistakes | unit_01.mutants(MUTANTS)
    drawn = random.Random("parity").sample(sorted(faults), DRAWN)

    assert against_the_kernel(dealt(unit_01.unit, {name: faults[name] for name in drawn})) == {}


def test_every_mistake_has_the_fast_runners_verdicts(unit_01, judge):
    """All mistakes and a few mutants are judged as by calibration's runner, which is held to the kernel elsewhere."""
    faults = unit_01.mistakes | unit_01.mutants(MUTANTS_OF_THE_FAST_RUN)
    subjects = dealt(unit_01.unit, faults)
    with Runner(unit_01.program, jobs=2) as runner:
        runs = list(runner.run([Candidate(cells=unit_01.program.whole(answers)) for answers in subjects.values()]))
    found = {
        subject: (unit_01.grade(judge, unit_01.rebuilt(answers)), unit_01.score_runs(answers, fast))
        for (subject, answers), fast in zip(subjects.items(), runs, strict=True)
    }

    assert unexplained(unit_01, found) == {}
    assert not [subject for subject, (ours, _) in found.items() if earned(ours) == unit_01.unit.points]


@pytest.mark.deep
def test_every_mistake_and_up_to_200_mutants_have_the_kernels_verdicts(unit_01, against_the_kernel):
    """Every known mistake and the mutants of the reference, 200 at most, are judged as in a kernel."""
    mutants = unit_01.mutants(MUTANTS)

    assert MUTANTS * 0.9 <= len(mutants) <= MUTANTS
    assert against_the_kernel(dealt(unit_01.unit, unit_01.mistakes | mutants)) == {}


def test_own_cells_of_learners_have_the_kernels_verdicts(unit_01, judge):
    """Cells that learners add, those that stop too, change no verdict in either grader."""
    name = next(iter(unit_01.program.reference))
    own = {name: ["print('mine')", "1 / 0", "_ = [1, 2]\nextra = {}", "%time x = 1", "hint('nobody')"]}
    handed_in = unit_01.rebuilt({}, own)
    pair = unit_01.grade(judge, handed_in), unit_01.grade(KERNEL, handed_in)

    assert differences({"own cells": pair}) == {}
    assert earned(pair[0]) == unit_01.unit.points
