"""Keys under which a prediction is found again. Decides when two requests are alike; never reads or stores one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

DIGITS = 16  # hexadecimal, 64 bits: among a billion keys any two are alike with a chance of 1 in 37
Feature = str | float | bool | None


def feature_hash(features: Mapping[str, Feature]) -> str:
    """
    Make one key of all features, so that an answer for other features can never be taken for this one.

    Args:
        features: Name -> text, number, bool or None. Their order does not matter, and 7 and 7.0 are the same number.

    Returns:
        Sixteen hexadecimal digits, the same in every process and on every machine.

    Raises:
        ValueError: If a feature is NaN or infinite: it equals nothing, so its answer would never be found again.
        TypeError: If a feature is of another type.
    """
    plain = {str(name): _plain(value) for name, value in features.items()}
    text = json.dumps(plain, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _plain(value: Feature) -> Feature:
    """Turn scalars of numpy into Python's, and whole floats into whole numbers."""
    item: Feature = getattr(value, "item", lambda: value)()
    if not isinstance(item, str | int | float | None):
        raise TypeError(f"{item!r} is no feature; a feature is text, a number, True, False or None")
    return int(item) if isinstance(item, float) and item.is_integer() else item
