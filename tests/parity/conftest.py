"""Judges for made-up units."""

import pytest

from autograder.judge.judges import Judges
from autograder.judge.pair import Pair
from autograder.sandbox import modes
from autograder.sandbox.inside.limits import Limits

pytest.register_assert_rewrite("parity_unit")

# no answer here runs for ever: time must never decide, on a slow and busy machine neither
CELL_SECONDS = 120
LIMITS = Limits(call_seconds=120.0, wall_seconds=1200.0, cpu_seconds=600)


@pytest.fixture(scope="session")
def new_judge():
    """Start judges in the strongest mode of this host; they end with the tests."""
    pairs = []

    def start(source):
        mode = modes.strongest(modes.OWN_WORK)
        pairs.append(Pair(source, Judges(source, hidden_seed=""), mode=mode, limits=LIMITS, cell_seconds=CELL_SECONDS))
        return pairs[-1]

    yield start
    for pair in pairs:
        pair.close()
