"""
What is asked of every unit: the judge, nbgrader's kernel and calibration's runner give the same verdicts, in the same
words. A file of tests names the unit in a class of its own; here is nothing that pytest collects.
"""

import ast
import random

import pytest
from parity_cases import dealt, differences, load_graded

from autograder.authoring.runner import Candidate, Runner
from autograder.authoring.units import kind
from autograder.judge.judges import Judges
from autograder.judge.pair import Pair
from autograder.judge.stock import Stock
from autograder.sandbox import modes
from autograder.sandbox.inside.limits import Limits

LIMITS = Limits(call_seconds=120.0, wall_seconds=2400.0, cpu_seconds=1200)
MUTANTS = 200
DRAWN = 10  # mistakes and mutants that the short run takes to a kernel
MUTANTS_OF_THE_FAST_RUN = 12


class UnitParity:
    """The comparisons; a subclass gives the unit's name."""

    NAME: str
    # a cell imports the libraries in the kernel; no slow and busy machine takes so long for it. Only mutants of the
    # deep run are endless.
    CELL_SECONDS = 240

    @pytest.fixture(scope="class")
    @classmethod
    def unit(cls):
        return load_graded(cls.NAME)

    @pytest.fixture(scope="class")
    @classmethod
    def judge(cls, unit):
        mode = modes.strongest(modes.OWN_WORK)
        judges = Judges(unit.source, hidden_seed="")
        pair = Pair(unit.source, judges, mode=mode, limits=LIMITS, cell_seconds=cls.CELL_SECONDS)
        yield pair
        pair.close()

    @pytest.fixture(scope="class")
    @classmethod
    def kernel(cls):
        return Stock(cell_seconds=cls.CELL_SECONDS, hidden_seed="")

    @pytest.fixture(scope="class")
    @classmethod
    def against_the_kernel(cls, unit, judge, kernel):
        """Compare the judge with the kernel: subject -> verdicts that differ, but for those that a test explains."""

        def compare(subjects):
            found = {}
            for subject, answers in subjects.items():
                handed_in = unit.rebuilt(answers)
                found[subject] = unit.grade(judge, handed_in), unit.grade(kernel, handed_in)
            return unexplained(unit, found)

        return compare

    def test_reference_alternative_and_blank_have_the_kernels_verdicts(self, unit, judge, against_the_kernel):
        """Both right answers get full marks and the blank notebook none, in both graders, with the same words."""
        subjects = {"reference": {}, "alternative": unit.alternative, "blank": unit.stubs}

        assert against_the_kernel(subjects) == {}
        marks = [earned(unit.grade(judge, unit.rebuilt(answers))) for answers in subjects.values()]
        assert marks == [unit.unit.points, unit.unit.points, 0.0]

    def test_drawn_mistakes_and_mutants_have_the_kernels_verdicts(self, unit, against_the_kernel):
        """A seeded draw of known mistakes and of mutants is judged as in a kernel."""
        faults = unit.mistakes | unit.mutants(MUTANTS)
        drawn = random.Random("parity").sample(sorted(faults), DRAWN)

        assert against_the_kernel(dealt(unit.unit, {name: faults[name] for name in drawn})) == {}

    def test_every_mistake_has_the_fast_runners_verdicts(self, unit, judge):
        """All mistakes and a few mutants are judged as by calibration's runner, which the kernel checks elsewhere."""
        subjects = dealt(unit.unit, unit.mistakes | unit.mutants(MUTANTS_OF_THE_FAST_RUN))
        with Runner(unit.program, jobs=2) as runner:
            runs = list(runner.run([Candidate(cells=unit.program.whole(answers)) for answers in subjects.values()]))
        found = {
            subject: (unit.grade(judge, unit.rebuilt(answers)), unit.score_runs(answers, fast))
            for (subject, answers), fast in zip(subjects.items(), runs, strict=True)
        }

        assert unexplained(unit, found) == {}
        assert not [subject for subject, (ours, _) in found.items() if earned(ours) == unit.unit.points]

    @pytest.mark.deep
    def test_every_mistake_and_up_to_200_mutants_have_the_kernels_verdicts(self, unit, against_the_kernel):
        """Every known mistake and the mutants of the reference, 200 at most, are judged as in a kernel."""
        mutants = unit.mutants(MUTANTS)

        assert MUTANTS / 2 <= len(mutants) <= MUTANTS  # a unit of short answers has fewer
        assert against_the_kernel(dealt(unit.unit, unit.mistakes | mutants)) == {}

    def test_own_cells_of_learners_have_the_kernels_verdicts(self, unit, judge, kernel):
        """Cells that learners add, those that stop too, change no verdict in either grader."""
        name = next(iter(unit.program.reference))
        own = {name: ["print('mine')", "1 / 0", "_ = [1, 2]\nextra = {}", "%time x = 1", "hint('nobody')"]}
        handed_in = unit.rebuilt({}, own)
        pair = unit.grade(judge, handed_in), unit.grade(kernel, handed_in)

        assert differences({"own cells": pair}) == {}
        assert earned(pair[0]) == unit.unit.points


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
    """Add up the points."""
    return sum(result.earned for result in results)
