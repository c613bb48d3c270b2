"""
What a lesson does with a fitted recipe, well and badly: train in passes, scale by batch, rewrite by hand.

A recipe is a fitted ColumnTransformer whose first part fills and scales the numbers (a SimpleImputer, then a
StandardScaler) and whose second part gives each category a column. Decides how its memory is read, and never fits it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from math import exp
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, SGDClassifier

from exercises.flights import CATEGORIES, FEATURES, NUMBERS

BATCH_ROWS = 500
NO_SPREAD = 1e-9  # equal values differ by less, because their mean is rounded
Fill = Callable[[Any, float], float]  # (value or None, what fills a gap) -> number


def memory_of(recipe: ColumnTransformer) -> pd.DataFrame:
    """Read what the *recipe* remembers of each number: columns `gap` (fills one), `mean` and `spread`."""
    numbers: Any = recipe.transformers_[0][1]
    imputer, scaler = numbers
    remembered = {"gap": imputer.statistics_, "mean": scaler.mean_, "spread": scaler.scale_}
    return pd.DataFrame(remembered, index=list(NUMBERS))


def inputs_by_batch(recipe: ColumnTransformer, rows: pd.DataFrame, batches: Any) -> NDArray[np.float64]:
    """
    Turn *rows* into inputs as a refitted recipe would: numbers scaled by mean and spread of their own batch.

    Args:
        recipe: Fitted; fills the gaps and gives the categories their columns.
        rows: Raw rows; left as they are.
        batches: Which batch each row belongs to, shape (n,).

    Returns:
        Inputs of the same shape as the recipe's; a number without spread in its batch is only centred.
    """
    inputs: NDArray[np.float64] = recipe.transform(rows[list(FEATURES)]).copy()
    filled = rows[list(NUMBERS)].astype("float64").fillna(memory_of(recipe)["gap"])
    groups = filled.groupby(np.asarray(batches))
    spread = groups.transform("std", ddof=0)
    inputs[:, : len(NUMBERS)] = (filled - groups.transform("mean")) / spread.where(spread > NO_SPREAD, 1.0)
    return inputs


def train_in_passes(
    inputs_of: Callable[[NDArray[np.intp]], NDArray[np.float64]], late: NDArray[Any], *, passes: int
) -> tuple[SGDClassifier, list[float]]:
    """
    Train a line on shuffled batches of about 500 rows, several times over all rows.

    Args:
        inputs_of: Gives the inputs of the rows at these places; asked once for each batch in each pass.
        late: Labels, 0 or 1, shape (n,).
        passes: How often all rows are read.

    Returns:
        The model, and the processor seconds since the start after 0, 1, 2, ... passes.
    """
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.01, average=True, random_state=13)
    rng, seconds, start = np.random.default_rng(13), [0.0], time.process_time()
    for _ in range(passes):
        for places in np.array_split(rng.permutation(len(late)), max(1, len(late) // BATCH_ROWS)):
            model.partial_fit(inputs_of(places), late[places], classes=(0, 1))
        seconds.append(time.process_time() - start)
    return model, seconds


def rewrite(recipe: ColumnTransformer, line: LogisticRegression) -> Callable[[Mapping[str, Any], Fill], float]:
    """
    Write *recipe* and *line* anew without scikit-learn, as another team would for a fast service.

    Returns:
        A function of a question (feature -> value, None for a gap) and of a way to fill gaps; it gives the
        probability of being late. Only the way to fill gaps can make it differ from the originals.
    """
    memory = {name: tuple(map(float, row)) for name, row in zip(NUMBERS, memory_of(recipe).to_numpy(), strict=True)}
    weights = dict(zip(recipe.get_feature_names_out(), map(float, line.coef_[0]), strict=True))
    rare = {name: weights.get(f"{name}_infrequent_sklearn", 0.0) for name in CATEGORIES}
    intercept = float(line.intercept_[0])

    def answer(question: Mapping[str, Any], fill: Fill) -> float:
        total = intercept
        for name, (gap, mean, spread) in memory.items():
            total += weights[name] * (fill(question[name], gap) - mean) / spread
        for name in CATEGORIES:
            total += weights.get(f"{name}_{question[name]}", rare[name])
        return 1 / (1 + exp(-total))

    return answer
