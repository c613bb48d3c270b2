"""Keys of cached predictions: alike for like requests only, everywhere."""

import numpy as np
import pandas as pd
import pytest

from exercises import content_hash, feature_hash, stable_hash

FRAME = pd.DataFrame({"temp": [60.5, np.nan], "carrier": ["UA", None], "hour": [7, 8]}, index=[4, 9])


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


def test_a_stable_hash_is_the_same_tomorrow():
    """It is no secret of one process, as Python's own hash of text is."""
    assert stable_hash({"code": "v1", "bins": [1, 2.5]}) == "4de10ab96655e930"


def test_a_stable_hash_ignores_the_order_of_a_dict_only():
    """Settings are the same in any order; a list in another order is another list."""
    assert stable_hash({"a": 1, "b": {"c": 2, "d": None}}) == stable_hash({"b": {"d": None, "c": 2}, "a": 1})
    assert stable_hash([1, 2]) != stable_hash([2, 1])
    assert stable_hash((1, 2)) == stable_hash([1, 2])


@pytest.mark.parametrize("other", [1.0, "1", True, [1], None, {"a": 1}])
def test_other_values_have_another_stable_hash(other):
    """Nothing else is taken for the whole number 1."""
    assert stable_hash(other) != stable_hash(1)


def test_scalars_of_numpy_hash_as_numbers():
    """A figure computed by numpy is a figure."""
    assert stable_hash({"mean": np.float64(0.5), "rows": np.int64(7)}) == stable_hash({"mean": 0.5, "rows": 7})


def test_what_has_no_order_or_equals_nothing_is_refused():
    """A set would hash in another order tomorrow, NaN would never be found again, an object has no content."""
    for value in ({"JFK", "LGA"}, np.array([1, 2]), object()):
        with pytest.raises(TypeError, match="plain value"):
            stable_hash(value)
    with pytest.raises(ValueError, match="Out of range"):
        stable_hash([float("nan")])


def test_equal_frames_have_equal_content():
    """A copy has the key of its original, with missing values too, and the key is the same tomorrow."""
    assert content_hash(FRAME) == content_hash(FRAME.copy()) == "316f270c0a7068c6"


@pytest.mark.parametrize(
    "changed",
    [
        FRAME.assign(hour=[7, 9]),
        FRAME.assign(temp=[60.5, 60.5]),
        FRAME.rename(columns={"temp": "temp_c"}),
        FRAME[["carrier", "temp", "hour"]],
        FRAME.iloc[::-1],
        FRAME.head(1),
        FRAME.reset_index(drop=True),
        FRAME.astype({"hour": "float64"}),
    ],
    ids=["value", "missing", "name", "columns", "order", "rows", "index", "type"],
)
def test_other_frames_have_other_content(changed):
    """One cell, one name, one type or the order of rows: the key is another."""
    assert content_hash(changed) != content_hash(FRAME)
