"""
A cheap look at an argument: enough to say that nothing in it has changed.

Decides that an object is what it was if it holds the very same parts and its buffers hold the same bytes. It never says
that something changed: what looks different may still be equal, and is then compared in full. The parts that keep their
identity are looked at by themselves. Large buffers are left to the comparison in full, which needs no copy of them.
"""

from __future__ import annotations

from operator import is_
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

COPIED_BYTES = 1 << 20  # a larger buffer is not copied


class _NotCheap(Exception):  # noqa: N818 - a way out, no fault
    """A buffer is not worth a copy, or is of an unknown kind."""


class Glimpse(NamedTuple):
    """What an object held at one moment."""

    parts: tuple[Any, ...]
    buffers: tuple[bytes, ...]

    def shows_the_same(self, other: Glimpse | None) -> bool:
        """Tell whether both show one state."""
        return (
            other is not None
            and len(self.parts) == len(other.parts)
            and all(map(is_, self.parts, other.parts))
            and self.buffers == other.buffers
        )


def glimpse(value: Any) -> Glimpse | None:
    """Look at an object; None if there is no cheap way to."""
    kind = type(value)
    if kind is list:
        return Glimpse(tuple(value), ())
    if kind is dict:
        return Glimpse((*value.keys(), *value.values()), ())
    try:
        if kind is np.ndarray:
            return _array(value)
        if kind is pd.DataFrame or kind is pd.Series:
            return _table(value)
    except _NotCheap:
        pass
    return None


def _array(array: np.ndarray[Any, Any]) -> Glimpse:
    form = f"{array.shape}{array.flags.writeable}".encode()
    return Glimpse((array.dtype, *_parts(array)), (form, *_bytes(array)))


def _table(table: Any) -> Glimpse:
    parts: list[Any] = [getattr(table, "name", None)] if isinstance(table, pd.Series) else []
    buffers: list[bytes] = []
    for axis in table.axes:
        parts += (axis, *axis.names, getattr(axis, "freq", None))
    for block in table._mgr.blocks:  # pandas has no public way to its arrays that makes no new objects
        parts += (block.values, block.values.dtype)
        if hasattr(block.values, "_pa_array"):
            parts.append(block.values._pa_array)  # never changed: a change puts another one in its place
            continue
        array = block.values if isinstance(block.values, np.ndarray) else getattr(block.values, "_ndarray", None)
        if array is None:
            raise _NotCheap
        parts += _parts(array)
        buffers += _bytes(array)
    return Glimpse(tuple(parts), tuple(buffers))


def _parts(array: np.ndarray[Any, Any]) -> list[Any]:
    return array.ravel().tolist() if array.dtype.kind == "O" else []


def _bytes(array: np.ndarray[Any, Any]) -> tuple[bytes, ...]:
    if array.dtype.kind == "O":
        return ()
    if array.nbytes > COPIED_BYTES:
        raise _NotCheap
    return (array.tobytes(),)
