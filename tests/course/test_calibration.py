"""The exercises grade what they say: calibration of every unit, and the same verdicts in nbgrader's own kernel."""

from pathlib import Path

import pytest

from autograder.authoring.calibrate import calibrate
from autograder.judge.scoring import score
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load_settings(ROOT, {"USER": "author"})
WITH_EXERCISES = sorted(path.parent.name for path in SETTINGS.course.glob("*/assignment.py"))
MUTANTS = 8  # an exercise, in make test
MISTAKES = 2  # that run in nbgrader's kernel, in make test


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_a_unit_calibrates(name):
    """Reference, alternative, blank, mistakes, order and a sample of mutants: nothing is left to do."""
    report = calibrate(SETTINGS, name, score=score, mutants_per_exercise=MUTANTS)
    slow = next(row.problems for row in report.rows if row.subject == "CPU of the checks")

    assert [problem for problem in report.problems if problem not in slow] == []


@pytest.mark.deep
@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_a_unit_calibrates_with_all_mutants(name):
    """At most one mutant in twenty is alive without an argument, and no check takes more CPU than its unit promises."""
    assert calibrate(SETTINGS, name, score=score).problems == ()


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_nbgraders_kernel_agrees_on_a_sample(name, disagreements):
    """Reference, alternative, blank and two mistakes: the same verdicts and the same words in a real kernel."""
    assert disagreements(SETTINGS, name, MISTAKES) == {}


@pytest.mark.deep
@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_nbgraders_kernel_agrees_on_every_mistake(name, disagreements):
    """What calibration says of a mistake is what a learner will read."""
    assert disagreements(SETTINGS, name, None) == {}
