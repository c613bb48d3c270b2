"""
The weather as it was known at another moment than the decision's.

Decides which observation was the newest by a given moment. It never looks past that moment.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from exercises.flights import MAX_WEATHER_AGE, NUMBERS, load_weather

WEATHER = NUMBERS[NUMBERS.index("temp") :]  # the features that change by the hour


def weather_at(decisions: pd.DataFrame, moment: Any) -> pd.DataFrame:
    """
    Replace the weather of *decisions* by the newest observed by *moment*.

    Args:
        decisions: Rows with `origin` and the weather's columns; left as they are.
        moment: One UTC Timestamp for all rows, or a Series of them, one a row.

    Returns:
        The same rows in the same order, with the same index and columns; weather that is over three hours old at the
        moment is NaN.
    """
    weather = load_weather()[["origin", "time_hour", *WEATHER]].sort_values("time_hour")
    asked = decisions.drop(columns=list(WEATHER)).assign(time_hour=moment, place=range(len(decisions)))
    asked["time_hour"] = asked["time_hour"].astype(weather["time_hour"].dtype)
    known = pd.merge_asof(
        asked.sort_values("time_hour", kind="stable"), weather, on="time_hour", by="origin", tolerance=MAX_WEATHER_AGE
    )
    ordered = known.sort_values("place").set_axis(decisions.index)
    return ordered[list(decisions.columns)]
