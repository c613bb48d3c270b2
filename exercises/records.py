"""
The records that exercises return: frozen, keyword-only, comparable.

An unknown number is None, never NaN, so that equal records compare equal. Times are UTC Timestamps, durations
Timedeltas, collections tuples, kinds plain strings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class TrainSpec:
    """
    One line of a training plan: which model serves a period, and what it was trained on.

    Attributes:
        serve: Number of the period that is served, 1 or later (period 0 serves nobody).
        train: Periods that the model was trained on, as a range; it ends before `serve`.
        version: 1 for the first model, one more at each retraining.
        cost_rows: Rows read to train for this period; 0 if no model was trained for it.
    """

    serve: int
    train: range
    version: int
    cost_rows: int


@dataclass(frozen=True, kw_only=True)
class BatchScore:
    """
    The score of one batch, taken before its labels could be learned.

    Attributes:
        batch: Number of the batch, from 0.
        rows: Rows in the batch.
        loss: Mean log loss of the batch in nats; None while the model has seen no label, and for an empty batch.
        running_loss: Mean log loss in nats over all rows scored so far, each row weighing the same; None before any.
        labels_seen: Labels that the model had learned from when it scored the batch.
    """

    batch: int
    rows: int
    loss: float | None
    running_loss: float | None
    labels_seen: int


@dataclass(frozen=True, kw_only=True)
class Drift:
    """
    How far one feature has moved from its reference.

    Attributes:
        effect: Population stability index in nats; 0.0 means identical shares.
        rows: Rows of the current data that were compared.
        alarm: True only for reason "shift".
        reason: "ok", "shift" (effect over the threshold) or "too_few" (fewer rows than the minimum).
        worst_bin: Label of the bin that adds most to `effect`.
    """

    effect: float
    rows: int
    alarm: bool
    reason: Literal["ok", "shift", "too_few"]
    worst_bin: str


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """
    How requests would have been answered from a published batch.

    Attributes:
        hit: Share of the requests with a prediction whose inputs were fresh enough, 0.0 to 1.0.
        stale: Share with a prediction whose inputs were too old.
        miss: Share without a prediction. The three sum to 1.0; all are 0.0 if nobody asked.
        requests: How many requests were counted, repeated ones each time.
    """

    hit: float
    stale: float
    miss: float
    requests: int


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """
    One row that got two answers, one when it was asked alone and one in a batch.

    Attributes:
        row: Label of the row in its frame's index.
        one: Probability of the row asked alone; None if that was no number.
        batch: Probability of the row in the batch; None if that was no number.
        variant: How the batch was built: "order", "subset", "columns" or "repeat".
    """

    row: int | str
    one: float | None
    batch: float | None
    variant: Literal["order", "subset", "columns", "repeat"]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """
    A stored prediction that may be served.

    Attributes:
        probability: Probability of a late arrival, 0.0 to 1.0.
        model_version: The version that made it.
        as_of: UTC moment up to which its inputs were known.
        age: Time from `as_of` until it was asked for.
    """

    probability: float
    model_version: str
    as_of: pd.Timestamp
    age: pd.Timedelta


@dataclass(frozen=True, kw_only=True)
class Miss:
    """
    No stored prediction may be served.

    Attributes:
        reason: "expired" (there is one, but too old), "other_version" (only other versions have one) or "unknown".
    """

    reason: Literal["unknown", "expired", "other_version"]


@dataclass(frozen=True, kw_only=True)
class Response:
    """
    What a service answered, and who made the answer.

    Attributes:
        probability: Probability of a late arrival, 0.0 to 1.0.
        source: "model", "cache" or "fallback".
        model_version: Version of the model that made it; None for a fallback.
        reason: Why it is a fallback, for example "late"; None for any other source.
        elapsed: Time from the request's arrival until the answer was ready.
    """

    probability: float
    source: Literal["model", "cache", "fallback"]
    model_version: str | None
    reason: str | None
    elapsed: pd.Timedelta
