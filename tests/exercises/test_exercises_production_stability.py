"""How far a column has moved: nothing, a little, out of sight."""

import math

import numpy as np
import pytest

from exercises import population_stability

HUNDRED = np.arange(100.0)


def test_equal_columns_have_not_moved():
    """The index of a column with itself is 0, in any order."""
    assert population_stability(HUNDRED, HUNDRED[::-1]) == 0.0


def test_the_sum_over_bins_is_as_in_unit_01():
    """Two bins: .5 and .5 became .8 and .2."""
    moved = population_stability(np.array([1.0, 2.0]), np.array([1.0] * 8 + [2.0] * 2), bins=2)

    assert moved == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4))


def test_bins_come_from_what_was_expected():
    """Expected and observed are not interchangeable."""
    spread = np.linspace(0, 1000, 100)

    assert population_stability(HUNDRED, spread) != pytest.approx(population_stability(spread, HUNDRED))


def test_missing_values_are_a_bin():
    """A column that lost half of its values has moved, though all others are the same."""
    half = np.where(np.arange(100) % 2 == 0, np.nan, HUNDRED)

    assert population_stability(HUNDRED, half) > 1
    assert population_stability(half, half) == 0.0


def test_a_column_out_of_sight_is_far_but_finite():
    """Empty bins cost much, not infinity; a column of nothing but missing values works too."""
    assert 5 < population_stability(HUNDRED, HUNDRED + 1000) < 20
    assert 5 < population_stability(np.full(9, np.nan), HUNDRED) < 20


@pytest.mark.parametrize("pair", [([], [1.0]), ([1.0], [])])
def test_nothing_cannot_be_compared(pair):
    """An empty column has no shares: silence is not stability."""
    with pytest.raises(ValueError, match="at least one row"):
        population_stability(*pair)
