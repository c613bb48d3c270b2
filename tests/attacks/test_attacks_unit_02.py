"""Attacks by stores, stubs and clocks, where unit 02 reads and asks them: a class beside honest learners."""

import shutil
import tempfile
from pathlib import Path

import pytest
from attack_class import HONEST, gains, read_attacks, run_class

from autograder.sandbox import modes

ATTACKS = read_attacks(("inference",))


@pytest.fixture(scope="module")
def school():
    """Grade the class once, in the strongest mode."""
    offer = modes.try_mode("M1")
    if not offer.works:
        pytest.skip(f"M1: {offer.reason}")
    folder = tempfile.mkdtemp(dir="/var/tmp", prefix="course-attacks-02-")
    try:
        yield run_class("M1", Path(folder), ATTACKS, unit="02_inference")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_by_a_store_or_a_stub_gains_nothing(school, attack):
    """It earns no point, reads no secret, is no fault of ours, and the verdict says what happened."""
    seen = school.seen[attack.name]

    assert gains(attack, seen) == [], f"{seen.attempt.state} {seen.attempt.reason} {seen.text[-3000:]}"


def test_honest_learners_of_unit_02_are_graded(school):
    """Between the attackers the reference gets all points and the blank notebook none."""
    points = {learner: school.seen[learner].attempt.score for learner in HONEST}

    assert points == {HONEST[0]: school.material.unit.points, HONEST[1]: 0.0}
    assert set(school.afterwards) == {school.material.unit.points}


def test_files_outside_of_unit_02_are_unchanged(school):
    """Bytes, modes, times and names are what they were, and no process is left."""
    before, after = school.outside_before, school.outside_after

    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()
    assert school.processes_after <= school.processes_before
    assert school.left_over == []


def test_unit_02_has_attacks_of_its_own():
    """At least ten, each with a docstring that says its aim."""
    assert len(ATTACKS) >= 10
    assert all(attack.text.lstrip().startswith('"""') for attack in ATTACKS)
