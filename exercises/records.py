"""
The records that exercises return: frozen, keyword-only, comparable.

An unknown number is None, never NaN, so that equal records compare equal. Times are UTC Timestamps, durations
Timedeltas, collections tuples, kinds plain strings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
