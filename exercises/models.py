"""
The models of the flights' lessons: a straight line, boosted trees, and a line that learns day by day.

Decides how columns become inputs, and remembers what was trained. Never decides when to train: which rows a model may
learn from is the lesson's own affair, and what a model knows is what it was given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from exercises.flights import CATEGORIES, FEATURES, NUMBERS
from exercises.losses import log_losses

MAX_TRAIN_ROWS = 60_000  # of one training; more costs seconds and teaches nothing new here
THREADS = 1  # on so few rows more threads cost more than they bring, and on a busy machine they wait for each other
Event = tuple[Literal["learn", "score"], int]  # what happens to the flights of which day; 0 is 1 January
RARE = 20  # a category with fewer training rows shares one column with the other rare ones


def linear_model() -> Pipeline:
    """
    Make an untrained logistic regression: numbers filled with medians and standardised, categories one-hot.

    Medians, means, scales and categories are learned from the rows given to `fit`, nowhere else.
    """
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    categories = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=RARE)
    inputs = make_column_transformer((numbers, list(NUMBERS)), (categories, list(CATEGORIES)))
    pipeline: Pipeline = make_pipeline(inputs, LogisticRegression(C=0.1, max_iter=300))
    return pipeline


def tree_model() -> Pipeline:
    """Make untrained boosted trees, 40 of them; they read categories and missing numbers as they are."""
    trees = HistGradientBoostingClassifier(
        max_iter=40,
        learning_rate=0.06,
        max_leaf_nodes=15,
        min_samples_leaf=50,
        categorical_features="from_dtype",
        early_stopping=False,
        random_state=13,
    )
    pipeline: Pipeline = make_pipeline(trees)
    return pipeline


def thinned(decisions: pd.DataFrame) -> pd.DataFrame:
    """Keep at most 60,000 rows, evenly spread, so that no month is left out."""
    if len(decisions) <= MAX_TRAIN_ROWS:
        return decisions
    return decisions.iloc[np.linspace(0, len(decisions) - 1, MAX_TRAIN_ROWS).astype(int)]


def fit(model: Pipeline, decisions: pd.DataFrame) -> Pipeline:
    """Train *model* on the features and labels of *decisions* and return it."""
    rows = thinned(decisions)
    with threadpool_limits(limits=THREADS):
        model.fit(rows[list(FEATURES)], rows["late"])
    return model


def probabilities(model: Pipeline, decisions: pd.DataFrame) -> NDArray[np.float64]:
    """Predict the probability of being late, shape (n,), for each of *decisions*."""
    with threadpool_limits(limits=THREADS):
        late: NDArray[np.float64] = model.predict_proba(decisions[list(FEATURES)])[:, 1]
    return late


class Trained(NamedTuple):
    """One trained model and what it cost."""

    model: Pipeline
    rows: int  # that it was trained on
    seconds: float  # that the training took, real time


class MonthlyModels:
    """Models of one kind, each trained on whole months; every range of months is trained once and remembered."""

    def __init__(self, make_model: Callable[[], Pipeline], decisions: pd.DataFrame) -> None:
        """
        Prepare to train, without training.

        Args:
            make_model: Makes an untrained model.
            decisions: Rows of load_decisions(); only those marked `sample` train, all are scored.
        """
        self._make_model = make_model
        self._by_month = {month: decisions[decisions["month"] == month] for month in range(1, 13)}
        self._trained: dict[range, Trained] = {}

    def trained(self, months: range) -> Trained:
        """Train on the sampled rows of *months*, or give the model that was trained on them before."""
        if months not in self._trained:
            rows = pd.concat([self._by_month[month] for month in months])
            sample = thinned(rows[rows["sample"]])
            start = time.perf_counter()
            model = fit(self._make_model(), sample)
            self._trained[months] = Trained(model, len(sample), time.perf_counter() - start)
        return self._trained[months]

    def probabilities(self, train: range, serve: int) -> NDArray[np.float64]:
        """Predict every decision of month *serve* with the model of the months *train*."""
        return probabilities(self.trained(train).model, self._by_month[serve])

    def losses(self, train: range, serve: int) -> NDArray[np.float64]:
        """Score every decision of month *serve* with the model of the months *train*: log losses in nats."""
        return log_losses(self._by_month[serve]["late"], self.probabilities(train, serve))


class DailyModel:
    """
    A logistic regression that can learn one day's flights at a time and forgets slowly.

    Medians, scales and categories come from January, as they would on 1 February, and stay.
    """

    def __init__(self, decisions: pd.DataFrame) -> None:
        """Prepare the inputs of all *decisions* (rows of load_decisions()); nothing is learned yet."""
        january = decisions[decisions["month"] == 1]
        inputs = linear_model()[0].fit(january[list(FEATURES)])
        self._inputs = inputs.transform(decisions[list(FEATURES)]).tocsr()
        self._late = decisions["late"].to_numpy()
        day = (decisions["date"] - pd.Timestamp("2013-01-01")).dt.days.to_numpy()
        self._ends = np.searchsorted(day, np.arange(366))

    def replay(self, events: Iterable[Event]) -> NDArray[np.float64]:
        """
        Live through *events* in the order given, with a new model.

        Args:
            events: ("learn", day) shows that day's labels to the model; ("score", day) scores that day's flights.

        Returns:
            Log losses in nats of all scored flights, in the order of the events.
        """
        model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.01, random_state=13)
        losses = [np.empty(0)]
        for kind, day in events:
            rows = slice(self._ends[day], self._ends[day + 1])
            if kind == "learn":
                model.partial_fit(self._inputs[rows], self._late[rows], classes=(0, 1))
            else:
                losses.append(log_losses(self._late[rows], model.predict_proba(self._inputs[rows])[:, 1]))
        return np.concatenate(losses)
