"""The lessons' models learn only from the rows that they were given."""

import numpy as np
import pandas as pd
import pytest

from exercises import models
from exercises.flights import FEATURES, load_decisions
from exercises.losses import log_losses

FIRST = range(1, 2)


@pytest.fixture(scope="module")
def decisions() -> pd.DataFrame:
    return load_decisions(quick=True)


@pytest.fixture(scope="module")
def monthly(decisions) -> models.MonthlyModels:
    return models.MonthlyModels(models.linear_model, decisions)


@pytest.fixture(scope="module")
def daily(decisions) -> models.DailyModel:
    return models.DailyModel(decisions)


@pytest.mark.parametrize("make", [models.linear_model, models.tree_model])
def test_models_beat_a_constant_on_what_they_saw(make, decisions):
    """Each model takes the features as they are, gaps included, and learns something."""
    january = decisions[decisions["month"] == 1]
    p = models.probabilities(models.fit(make(), january), january)

    assert log_losses(january["late"], p).mean() < log_losses(january["late"], np.full(len(p), p.mean())).mean() - 0.01


@pytest.mark.parametrize("make", [models.linear_model, models.tree_model])
def test_models_read_nothing_besides_the_features(make, decisions):
    """Other columns, even the label of the served rows, change no probability."""
    january, july = (decisions[decisions["month"] == month] for month in (1, 7))
    model = models.fit(make(), january)

    assert np.array_equal(
        models.probabilities(model, july), models.probabilities(model, july.assign(late=0, row=0)[[*FEATURES]])
    )


def test_models_take_a_carrier_never_seen(decisions):
    """A carrier without training rows gets a probability, not an error."""
    january = decisions[decisions["month"] == 1]
    model = models.fit(models.linear_model(), january[january["carrier"] != "UA"])
    p = models.probabilities(model, january[january["carrier"] == "UA"])

    assert ((p > 0) & (p < 1)).all()


def test_models_train_on_evenly_spread_rows_at_most(decisions, monkeypatch):
    """Over the limit, evenly spread rows train, so that no month is left out; below it, all."""
    monkeypatch.setattr(models, "MAX_TRAIN_ROWS", 1000)
    some = models.thinned(decisions)

    assert len(some) == 1000
    assert set(some["month"]) == set(range(1, 13))
    assert (models.thinned(decisions.head(900)).index == decisions.head(900).index).all()


def test_monthly_models_train_on_the_sample_of_their_months_once(monthly, decisions):
    """A range of months is trained on its sampled rows, and the second call trains nothing."""
    first = monthly.trained(FIRST)

    assert first.rows == ((decisions["month"] == 1) & decisions["sample"]).sum()
    assert first.seconds > 0
    assert monthly.trained(range(1, 2)).model is first.model


def test_monthly_models_score_every_decision_of_a_month(monthly, decisions):
    """The losses of a served month are those of all its decisions, in order."""
    july = decisions[decisions["month"] == 7]
    losses = monthly.losses(FIRST, 7)

    assert np.array_equal(losses, log_losses(july["late"], monthly.probabilities(FIRST, 7)))
    assert losses.shape == (len(july),)


def test_daily_model_scores_before_it_learns(daily):
    """Learning a day before scoring it gives another, lower loss than scoring it first."""
    start = [("learn", day) for day in range(31)]
    honest = daily.replay([*start, ("score", 31), ("learn", 31)])
    leaky = daily.replay([*start, ("learn", 31), ("score", 31)])

    assert honest.shape == leaky.shape
    assert leaky.mean() < honest.mean()


def test_daily_model_starts_anew_each_time(daily):
    """Two replays of the same events give the same losses."""
    events = [("learn", 0), ("score", 1), ("learn", 1), ("score", 2)]

    assert np.array_equal(daily.replay(events), daily.replay(events))


def test_daily_model_scores_each_flight_of_a_day(daily, decisions):
    """A scored day gives one loss for each of its flights."""
    day = (decisions["date"] - pd.Timestamp("2013-01-01")).dt.days

    assert len(daily.replay([("learn", 0), ("score", 364)])) == (day == 364).sum()
    assert daily.replay([("learn", 0)]).shape == (0,)
