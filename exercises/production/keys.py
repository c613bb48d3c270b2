"""
Keys under which something computed is found again: a prediction, a table, a frozen transformation.

Decides when two things are alike: the same key in every process and on every machine. Never reads or stores one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

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


def stable_hash(value: Any) -> str:
    """
    Make one key of a plain value, the same in every process, unlike Python's own `hash`.

    Args:
        value: None, bool, int, float, text, or lists, tuples and dicts of such, at any depth. The order of a dict does
            not matter, that of a list does. 7 and 7.0 are two values: a whole number and a float.

    Returns:
        Sixteen hexadecimal digits.

    Raises:
        ValueError: If a number is NaN or infinite.
        TypeError: If something is of another type, such as a set, which has no order.
    """
    text = json.dumps(
        value, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=_scalar
    )
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def content_hash(frame: pd.DataFrame) -> str:
    """
    Make one key of all that a frame holds: columns, types, index and every value, in order.

    A file's name or its time says nothing about what is in it; this does. NaN has a key like any other value.

    Returns:
        Sixteen hexadecimal digits.
    """
    import pandas as pd

    digest = hashlib.sha256(repr([(str(name), str(kind)) for name, kind in frame.dtypes.items()]).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())
    return digest.hexdigest()[:DIGITS]


def _scalar(value: Any) -> Any:
    """Turn a scalar of numpy into Python's."""
    if type(value).__module__ == "numpy" and not getattr(value, "shape", True):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no plain value; make it a number, text, list or dict")


def _plain(value: Feature) -> Feature:
    """Turn scalars of numpy into Python's, and whole floats into whole numbers."""
    item: Feature = getattr(value, "item", lambda: value)()
    if not isinstance(item, str | int | float | None):
        raise TypeError(f"{item!r} is no feature; a feature is text, a number, True, False or None")
    return int(item) if isinstance(item, float) and item.is_integer() else item
