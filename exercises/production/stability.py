"""How far a column of numbers has moved. Decides bins and shares; never decides whether that is too far."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST_SHARE = 1e-4  # an empty bin would make the logarithm infinite


def population_stability(expected: Any, observed: Any, *, bins: int = 10) -> float:
    """
    Measure how far a feature has moved from what was expected, as the drift monitor of unit 01 does.

    Args:
        expected: Numbers to compare with, shape (n,); NaN counts as a bin of its own.
        observed: Numbers, shape (m,); the lengths may differ.
        bins: Bins with equal shares of *expected*; the outer two are open.

    Returns:
        Population stability index in nats; 0.0 means that the binned shares are identical.

    Raises:
        ValueError: If either is empty.
    """
    before, now = (np.asarray(values, dtype=np.float64) for values in (expected, observed))
    if not len(before) or not len(now):
        raise ValueError("population_stability needs at least one row on both sides")
    known = before[~np.isnan(before)]
    edges = np.unique(np.quantile(known, np.arange(1, bins) / bins)) if len(known) else np.array([])
    r, c = _shares(before, edges), _shares(now, edges)
    return float(((c - r) * np.log(c / r)).sum())


def _shares(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each bin, that of the missing values last."""
    places = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="left"))
    shares: NDArray[np.float64] = np.bincount(places, minlength=len(edges) + 2) / len(values)
    return np.maximum(shares, SMALLEST_SHARE)
