"""The weather as it was known at another moment."""

import pandas as pd
import pytest

from exercises.flights import load_decisions
from exercises.weather import WEATHER, weather_at


@pytest.fixture(scope="module")
def some() -> pd.DataFrame:
    return load_decisions(quick=True).iloc[5000:40000:700]


def test_weather_at_the_decision_is_that_of_the_decision(some):
    """At the moment of the decision nothing changes: rows, order, index, columns and values."""
    pd.testing.assert_frame_equal(weather_at(some, some["decided_at"]), some)


def test_weather_at_one_moment_is_one_weather_an_airport(some):
    """All rows of an airport get the same observation, and nothing but the weather changes."""
    then = weather_at(some, pd.Timestamp("2013-05-01T04:00:00Z"))

    assert (then.groupby("origin", observed=True)[list(WEATHER)].nunique() <= 1).to_numpy().all()
    assert then.drop(columns=list(WEATHER)).equals(some.drop(columns=list(WEATHER)))


def test_weather_never_comes_from_later(some):
    """A second before the hour only the hour before is known."""
    before = weather_at(some, pd.Timestamp("2013-05-01T03:59:59Z"))
    hour_before = weather_at(some, pd.Timestamp("2013-05-01T03:00:00Z"))

    pd.testing.assert_frame_equal(before, hour_before)


def test_weather_that_is_too_old_is_missing(some):
    """Before the first observation of the year nothing is known."""
    assert weather_at(some, pd.Timestamp("2012-12-01T00:00:00Z"))[list(WEATHER)].isna().all().all()
