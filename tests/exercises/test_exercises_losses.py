"""log_losses is the one loss of the course."""

import math

import numpy as np
import pandas as pd
import pytest

from exercises.losses import CLIP, log_losses


def test_losses_cost_of_single_answers():
    """Right and sure costs little, undecided log 2, mistaken and sure much."""
    got = log_losses([1, 0, 1, 0], [0.9, 0.1, 0.5, 0.9])

    assert got == pytest.approx([-math.log(0.9), -math.log(0.9), math.log(2), -math.log(0.1)])


def test_losses_certainty_is_clipped_on_both_sides():
    """A certain mistake costs as much as a probability of one in a million, on either side, never infinity."""
    got = log_losses([1, 0, 1, 0], [0.0, 1.0, 1.0, 0.0])

    assert got == pytest.approx([-math.log(CLIP)] * 2 + [-math.log1p(-CLIP)] * 2)


def test_losses_agree_with_scikit_learn():
    """The mean is scikit-learn's log_loss."""
    from sklearn.metrics import log_loss

    rng = np.random.default_rng(5)
    y, p = rng.integers(0, 2, 1000), rng.random(1000)

    assert log_losses(y, p).mean() == pytest.approx(log_loss(y, p))


def test_losses_take_series_and_booleans():
    """Series with foreign indexes and boolean truths are read by position."""
    got = log_losses(pd.Series([True, False], index=[7, 3]), pd.Series([0.2, 0.2], index=[1, 2]))

    assert got == pytest.approx([-math.log(0.2), -math.log(0.8)])


def test_losses_unknown_probability_costs_nan():
    """NaN goes through, so that a caller must decide about it."""
    assert np.isnan(log_losses([1, 0], [float("nan"), 0.5])).tolist() == [True, False]


def test_losses_of_nothing_are_nothing():
    """Empty columns give an empty array."""
    assert log_losses([], []).shape == (0,)


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([1, 0], [0.5], "equal length"),
        ([[1, 0]], [[0.5, 0.5]], "equal length"),
        ([1, 2], [0.5, 0.5], "besides 0 and 1"),
        ([1, float("nan")], [0.5, 0.5], "missing label"),
        ([1, 0], [0.5, 1.2], "outside 0 to 1"),
        ([1, 0], [-0.1, 0.5], "predict_proba"),
    ],
)
def test_losses_refuse_what_is_no_probability(y, p, message):
    """Unequal lengths, labels besides 0 and 1, and scores that are no probabilities are refused."""
    with pytest.raises(ValueError, match=message):
        log_losses(y, p)
