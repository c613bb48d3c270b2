"""Well-formed frames of every kind, and a way to spoil them: the seeds of the fuzzing tests."""

import random
from collections import Counter, OrderedDict, deque
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from exercises.errors import DataError
from exercises.records import BatchScore, TrainSpec


def seeds():
    """Return values that together use every tag of the codec."""
    frame = pd.DataFrame(
        {
            "number": [1.5, 2.5, None],
            "moment": pd.date_range("2013", periods=3, freq="D", tz="America/New_York"),
            "text": ["a", None, "é"],
            "kind": pd.Categorical(["x", "y", "x"], ordered=True),
            "count": pd.array([1, None, 3], dtype="Int64"),
            "old": pd.array(["p", None, "q"], dtype=pd.StringDtype("python")),
            "any": np.array([1, "b", None], dtype=object),
        }
    )
    shared = [1, 2]
    return [
        [
            None,
            True,
            False,
            1,
            -(10**30),
            1.5,
            1j,
            "text",
            b"bytes",
            bytearray(b"more"),
            shared,
            (shared, {"x": shared}),
        ],
        {"a": Counter("aab"), "b": OrderedDict(a=1), "c": deque([1], 3), 1: {1, 2}, 2: frozenset("ab")},
        [range(3), slice(1, None), Decimal("1.5"), PurePosixPath("/tmp"), datetime.now(UTC), time(1), timedelta(1)],
        [pd.Timestamp("2013", tz="Europe/Berlin"), pd.Timedelta("1h"), pd.NaT, pd.NA, np.float64(1), np.str_("x")],
        [list(map(float, range(20))), list(range(20)), [str(i) for i in range(20)], tuple(map(float, range(20)))],
        [
            np.arange(6).reshape(2, 3),
            np.asfortranarray(np.ones((2, 3))),
            np.array(["ab", "c"]),
            np.array([True, False]),
        ],
        [np.array([b"ab"]), np.array(["2013"], dtype="M8[D]"), np.array([[1, "a"], [None, 2.5]], dtype=object)],
        frame,
        frame.set_index(["kind", "moment"]),
        frame["text"],
        pd.Series([1, 2], index=pd.timedelta_range("1h", periods=2, freq="h")),
        pd.Series(pd.period_range("2013-01", periods=3, freq="M")),
        pd.Series(pd.interval_range(0, 3)),
        [pd.RangeIndex(1, 9, 2), pd.CategoricalIndex(["a", "b"]), pd.Index(["x", "y"], name="n")],
        [TrainSpec(serve=1, train=range(1), version=1, cost_rows=3), DataError("x", 1), KeyError("k")],
        [BatchScore(batch=0, rows=1, loss=None, running_loss=0.5, labels_seen=0)] * 2,
    ]


def spoil(data, draw: random.Random):
    """Return *data* with a few bytes changed, inserted, removed, copied or cut off."""
    spoiled = bytearray(data)
    for _ in range(draw.choice([1, 1, 1, 2, 3, 8])):
        place = draw.randrange(len(spoiled)) if spoiled else 0
        kind = draw.randrange(7)
        if kind == 0 and spoiled:
            spoiled[place] = draw.randrange(256)
        elif kind == 1 and spoiled:
            spoiled[place] ^= 1 << draw.randrange(8)
        elif kind == 2:
            spoiled[place:place] = draw.randbytes(draw.randrange(1, 9))
        elif kind == 3:
            del spoiled[place : place + draw.randrange(1, 9)]
        elif kind == 4:
            spoiled[place : place + 8] = draw.choice([b"\xff" * 8, b"\x00" * 8, b"\xff\xff\xff\xff\x7f", b"\x80" * 9])
        elif kind == 5:
            other = draw.randrange(len(spoiled)) if spoiled else 0
            spoiled[place:place] = spoiled[other : other + draw.randrange(1, 40)]
        else:
            del spoiled[draw.randrange(len(spoiled) + 1) :]
    return bytes(spoiled)
