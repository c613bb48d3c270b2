"""Attacks on the grader: a file each, named after its aim; all of a mode are one class beside honest learners."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from attack_class import AIMS, HONEST, Attack, gains, read_attacks, run_class

from autograder.sandbox import modes

ATTACKS = read_attacks()
MODES = ("M1", pytest.param("M2", marks=pytest.mark.deep), pytest.param("M3", marks=pytest.mark.deep))


@pytest.fixture(scope="module", params=MODES)
def school(request):
    """Grade the class once in each mode."""
    offer = modes.try_mode(request.param)
    if not offer.works:
        pytest.skip(f"{request.param}: {offer.reason}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_ATTACKED", "CANARY-environment-" + os.urandom(8).hex())
        folder = tempfile.mkdtemp(dir="/var/tmp", prefix="course-attacks-")
        try:
            yield run_class(request.param, Path(folder), ATTACKS)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.aim}-{attack.name}")
def test_an_attack_gains_nothing(school, attack):
    """It earns no point, reads no secret, is no fault of ours, and the verdict says what happened."""
    seen = school.seen[attack.name]

    assert gains(attack, seen) == [], f"{seen.attempt.state} {seen.attempt.reason} {seen.text[-3000:]}"


def test_the_rest_of_the_class_is_graded(school):
    """Honest learners between the attackers get what they earned, and nothing stops or is quarantined."""
    points = {learner: school.seen[learner].attempt.score for learner in HONEST}

    assert points == {HONEST[0]: school.material.unit.points, HONEST[1]: 0.0}
    assert (school.report.faults, school.report.cancelled) == (0, False)
    assert len(school.seen) == len(ATTACKS) + len(HONEST)


def test_nothing_outside_was_changed(school):
    """Bytes, modes, times and names of the course, the submissions and the packages are what they were."""
    before, after = school.outside_before, school.outside_after

    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()


def test_no_process_is_left(school):
    """After the class the servers have as many processes as before it; after their end none is left."""
    assert school.processes_after <= school.processes_before
    assert school.left_over == []


def test_the_same_servers_grade_on(school):
    """After all attacks both pairs of servers give a reference all its points."""
    assert set(school.afterwards) == {school.material.unit.points}


def test_what_an_attack_wins_inside_a_call_is_seen(tmp_path_factory):
    """Prints of a call are not kept; the suite hears of them all the same, or every such attack would seem beaten."""
    text = '"""Win."""\n\n\ndef retrain_plan(*_, **__):\n    print("WON: it was called")\n'
    winner = Attack(path=Path("wins_inside_a_call.py"), aim="score", text=text)
    school = run_class(modes.strongest(modes.OWN_WORK), tmp_path_factory.mktemp("winner"), [winner])

    assert gains(winner, school.seen[winner.name]) == ["what it wanted"]


def test_every_aim_has_attacks():
    """At least three files for each aim, and no attack's name is used twice."""
    counts = {aim: len([attack for attack in ATTACKS if attack.aim == aim]) for aim in AIMS}

    assert min(counts.values()) >= 3, counts
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.text.lstrip().startswith('"""') for attack in ATTACKS)
