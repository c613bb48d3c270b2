"""Unit 01 and its judge, started once for all comparisons."""

import pytest

from autograder.judge.pair import Pair
from autograder.sandbox import modes
from autograder.sandbox.inside.limits import Limits

# shorter than a class's, so that endless mutants are soon over; long enough for a busy machine
CELL_SECONDS = 10
LIMITS = Limits(call_seconds=5.0, wall_seconds=600.0, cpu_seconds=300)


@pytest.fixture(scope="session")
def new_judge():
    """Start judges in the strongest mode of this host; they end with the tests."""
    pairs = []

    def start(source):
        mode = modes.strongest(modes.OWN_WORK)
        pairs.append(Pair(source, mode=mode, limits=LIMITS, cell_seconds=CELL_SECONDS, hidden_seed=""))
        return pairs[-1]

    yield start
    for pair in pairs:
        pair.close()


@pytest.fixture(scope="session")
def unit_01():
    from parity_cases import load_unit_01  # loads nbgrader

    return load_unit_01()


@pytest.fixture(scope="session")
def judge(unit_01, new_judge):
    return new_judge(unit_01.source)
