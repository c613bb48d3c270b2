"""A cheap look must never take a changed argument for an unchanged one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.protocol import glimpses
from autograder.protocol.glimpses import glimpse


def frame() -> pd.DataFrame:
    """Return a frame with a column of every kind that has a cheap look."""
    return pd.DataFrame(
        {
            "n": [1.0, 2.0, 3.0],
            "i": [1, 2, 3],
            "t": pd.to_datetime(["2013-01-01", "2013-01-02", "2013-01-03"], utc=True),
            "c": pd.Categorical(["x", "y", "x"]),
            "s": pd.Series(["a", "b", "c"], dtype="str"),
            "o": pd.Series(["a", 1, None], dtype=object),
        }
    )


def dated() -> pd.Series[Any]:
    """Return a series with an index of a frequency."""
    return pd.Series([1.0, 2.0], index=pd.date_range("2013-01-01", periods=2, freq="D"), name="a")


def rename(axis: Any) -> None:
    """Give an index another name in place."""
    axis.name = "other"


CHANGES: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "an item of a list": (lambda: [1, 2], lambda value: value.__setitem__(0, 5)),
    "one more in a list": (lambda: [1, 2], lambda value: value.append(3)),
    "another order in a list": (lambda: [1000, 2000], lambda value: value.reverse()),
    "a value of a dict": (lambda: {"a": 1}, lambda value: value.update(a=2)),
    "a key of a dict": (lambda: {"a": 1}, lambda value: value.update(b=1)),
    "an item of an array": (lambda: np.arange(3.0), lambda value: value.__setitem__(0, 9.0)),
    "the shape of an array": (lambda: np.arange(4.0), lambda value: value.resize((2, 2))),
    "whether an array may be written": (lambda: np.arange(3.0), lambda value: value.setflags(write=False)),
    "an object of an array": (lambda: np.array([None, "a"]), lambda value: value.__setitem__(0, "b")),
    "a number of a frame": (frame, lambda value: value.__setitem__("n", value["n"] + 1)),
    "one cell of numbers": (frame, lambda value: value.loc.__setitem__((0, "n"), 9.0)),
    "one cell of whole numbers": (frame, lambda value: value.iloc.__setitem__((2, 1), 9)),
    "one cell of times": (frame, lambda value: value.loc.__setitem__((0, "t"), value.loc[1, "t"])),
    "one cell of categories": (frame, lambda value: value.loc.__setitem__((0, "c"), "y")),
    "one cell of text": (frame, lambda value: value.loc.__setitem__((0, "s"), "z")),
    "one cell of objects": (frame, lambda value: value.loc.__setitem__((0, "o"), "z")),
    "a column more": (frame, lambda value: value.insert(0, "new", 1)),
    "a column less": (frame, lambda value: value.pop("n")),
    "a row more": (lambda: pd.DataFrame({"a": [1.0]}), lambda value: value.loc.__setitem__(1, [2.0])),
    "labels of columns": (frame, lambda value: setattr(value, "columns", list("abcdef"))),
    "the name of an index": (frame, lambda value: rename(value.index)),
    "one value of a series": (dated, lambda value: value.iloc.__setitem__(0, 5.0)),
    "the name of a series": (dated, lambda value: setattr(value, "name", "b")),
    "the frequency of an index": (dated, lambda value: setattr(value.index, "freq", None)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen(name):
    """Whatever an answer changes in place looks different afterwards."""
    make, change = CHANGES[name]
    value = make()
    before = glimpse(value)
    assert before is not None
    assert before.shows_the_same(glimpse(value))

    change(value)
    assert not before.shows_the_same(glimpse(value))


@pytest.mark.parametrize("use", [lambda f: f.describe(), lambda f: f[f.n > 1].groupby("c", observed=True).n.mean()])
def test_reading_changes_nothing(use):
    """An honest answer that only reads needs no comparison in full."""
    value = frame()
    before = glimpse(value)
    use(value)

    assert before is not None
    assert before.shows_the_same(glimpse(value))


def test_what_has_no_cheap_look():
    """Sets, masked columns and large buffers are compared in full, and so is a copy."""
    large = np.zeros(glimpses.COPIED_BYTES // 8 + 1)

    assert glimpse({1, 2}) is None
    assert glimpse(pd.DataFrame({"a": pd.array([1, None], dtype="Int64")})) is None
    assert glimpse(large) is None
    assert not glimpse(frame()).shows_the_same(None)
    assert not glimpse([object()]).shows_the_same(glimpse(copy.deepcopy([object()])))
