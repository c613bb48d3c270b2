"""The one loss of the whole course. Decides what a probability costs; never averages, weights or rounds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CLIP = 1e-6  # a certain answer that is mistaken costs 13.8 nats, not infinity


def log_losses(y: Any, p: Any) -> NDArray[np.float64]:
    """
    Say what each probability cost, now that the truth is known.

    A mean of the result is the log loss. Saying .5 always costs log(2) = .693 nats.

    Args:
        y: Truths, 0 or 1 (or False and True), shape (n,).
        p: Probabilities of 1, shape (n,); clipped to [1e-6, 1 - 1e-6]. NaN gives NaN: an unknown answer has no cost.

    Returns:
        Cost of each row in nats, shape (n,), never negative; lower is better.

    Raises:
        ValueError: If the shapes differ, a truth is neither 0 nor 1, or a probability lies outside 0 to 1.
    """
    truth = np.asarray(y, dtype=np.float64)
    probability = np.asarray(p, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != probability.shape:
        raise ValueError(f"y has shape {truth.shape} and p {probability.shape}; give two columns of equal length")
    if not np.isin(truth, (0.0, 1.0)).all():
        raise ValueError("y holds something besides 0 and 1; a missing label must be left out, not scored")
    if ((probability < 0) | (probability > 1)).any():
        raise ValueError("p holds something outside 0 to 1; take predict_proba(X)[:, 1], not the decision function")
    clipped = np.clip(probability, CLIP, 1 - CLIP)
    costs: NDArray[np.float64] = -np.where(truth == 1, np.log(clipped), np.log1p(-clipped))
    return costs
