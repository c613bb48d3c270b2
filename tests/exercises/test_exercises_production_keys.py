"""Keys of cached predictions: alike for like requests only, everywhere."""

import numpy as np
import pytest

from exercises import feature_hash


def test_a_key_is_sixteen_hexadecimal_digits_and_stable():
    """A key written today is found again by another process tomorrow."""
    assert feature_hash({"carrier": "UA", "hour": 7}) == "f2eab429dd0f4868"


def test_the_order_of_features_does_not_matter():
    """A request and a row of a frame may name their features in another order."""
    assert feature_hash({"hour": 7, "carrier": "UA"}) == feature_hash({"carrier": "UA", "hour": 7})


@pytest.mark.parametrize("seven", [7.0, np.int64(7), np.float64(7.0)])
def test_equal_numbers_have_equal_keys(seven):
    """A batch reads 7 from a frame, a request brings 7.0: one flight."""
    assert feature_hash({"hour": seven}) == feature_hash({"hour": 7})


@pytest.mark.parametrize(
    "other", [{"hour": 8}, {"hour": "7"}, {"day": 7}, {"hour": 7, "temp": None}, {"hour": 7.5}, {}]
)
def test_other_features_have_another_key(other):
    """An answer for other features is never found."""
    assert feature_hash(other) != feature_hash({"hour": 7})


@pytest.mark.parametrize("unknown", [float("nan"), float("inf")])
def test_what_equals_nothing_has_no_key(unknown):
    """NaN equals nothing, so nothing could be found again."""
    with pytest.raises(ValueError, match="Out of range"):
        feature_hash({"temp": unknown})


def test_a_foreign_type_is_refused():
    """A list is not a feature."""
    with pytest.raises(TypeError):
        feature_hash({"temps": [1.0]})
