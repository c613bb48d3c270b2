"""Values of every type of the contract, drawn by hypothesis, and what "the same value" means."""

import math
from collections import Counter, OrderedDict, deque
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exercises.errors import DataError, ExerciseError
from exercises.records import BatchScore, Drift, TrainSpec

ZONES = [
    *(ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Asia/Kathmandu", "UTC")),
    UTC,
    timezone(timedelta(hours=-3, minutes=-30)),
]
zones = st.sampled_from(ZONES)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(timezones=st.none() | zones, allow_imaginary=False)
units = st.sampled_from(["s", "ms", "us", "ns"])
pandas_moments = st.builds(
    lambda moment, unit: pd.Timestamp(moment).as_unit(unit),
    st.datetimes(
        min_value=pd.Timestamp("1700-01-02").to_pydatetime(),
        max_value=pd.Timestamp("2200-01-01").to_pydatetime(),
        timezones=st.none() | zones,
    ),
    units,
)
pandas_durations = st.builds(
    lambda duration, unit: pd.Timedelta(duration).as_unit(unit), st.timedeltas(timedelta(-9000), timedelta(9000)), units
)
numbers = st.integers() | st.integers(-(10**400), 10**400) | st.floats() | st.complex_numbers()
decimals = st.decimals(allow_nan=False) | st.sampled_from([Decimal("NaN"), Decimal("-Infinity"), Decimal("0E-10")])
keys = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | texts
    | st.binary(max_size=8)
    | st.dates()
    | moments
    | st.tuples(texts, st.integers())
)
scalar_dtypes = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="?")
    | hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64))
    | hnp.complex_number_dtypes(endianness="?", sizes=(64, 128))
    | hnp.datetime64_dtypes(endianness="?")
    | hnp.timedelta64_dtypes(endianness="?")
    | hnp.byte_string_dtypes(min_len=1)
)
text_dtypes = hnp.unicode_string_dtypes(min_len=1, endianness="?")
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
arrays = scalar_dtypes.flatmap(lambda dtype: hnp.arrays(dtype, shapes)) | text_dtypes.flatmap(
    lambda dtype: hnp.arrays(
        dtype, shapes, elements=hnp.from_dtype(dtype, alphabet=st.characters(exclude_categories=["Cs"]))
    )
)
scalars = arrays.map(lambda array: array.ravel()[0] if array.size else np.float64(0.5))
losses = st.none() | st.floats()
records = (
    st.builds(
        TrainSpec, serve=st.integers(), train=st.builds(range, st.integers(0, 9)), version=numbers, cost_rows=keys
    )
    | st.builds(BatchScore, batch=st.integers(), rows=st.integers(), loss=losses, running_loss=losses, labels_seen=keys)
    | st.builds(Drift, effect=st.floats(), rows=keys, alarm=st.booleans(), reason=texts, worst_bin=texts)
)
errors = st.builds(
    lambda kind, arguments: kind(*arguments),
    st.sampled_from([ValueError, KeyError, DataError, ExerciseError, RuntimeError]),
    st.lists(st.none() | st.integers() | texts, max_size=3),
)
leaves = (
    keys
    | numbers
    | decimals
    | st.binary(max_size=20).map(bytearray)
    | st.times(timezones=st.none() | st.just(UTC))
    | st.timedeltas()
    | pandas_moments
    | pandas_durations
    | st.sampled_from([pd.NaT, pd.NA, *ZONES])
    | st.builds(
        lambda start, length, step: range(start, start + length, step),
        st.integers(),
        st.integers(0, 10**7),
        st.integers(1, 9),
    )
    | st.builds(slice, st.none() | st.integers(), st.none() | texts)
    | texts.filter(lambda text: "\0" not in text).map(PurePosixPath)
    | st.sets(keys, max_size=4)
    | st.frozensets(keys, max_size=4)
    | arrays
    | scalars
    | records
    | errors
)


def object_array(items):
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = item
    return array


def _containers(inner):
    return (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=4).map(OrderedDict)
        | st.dictionaries(keys, st.integers(), max_size=4).map(Counter)
        | st.builds(deque, st.lists(inner, max_size=3), st.none() | st.integers(3, 5))
        | st.lists(inner, max_size=3).map(object_array)
    )


values = st.recursive(leaves, _containers, max_leaves=8)
long_lists = (
    st.lists(st.floats(), min_size=16, max_size=40)
    | st.lists(st.integers(), min_size=16, max_size=40)
    | st.lists(texts, min_size=16, max_size=40)
    | st.lists(st.booleans(), min_size=16, max_size=40)
)


def same(a, b):
    """Tell whether two values are the same by type, place by place; NaN is the same as NaN."""
    if a is b or type(a) is not type(b):
        return a is b
    if isinstance(a, np.ndarray):
        return _same_arrays(a, b)
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, OrderedDict | dict):
        return (
            list(map(type, a)) == list(map(type, b)) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
        )
    if isinstance(a, list | tuple | deque):
        return len(a) == len(b) and all(map(same, a, b)) and getattr(a, "maxlen", 0) == getattr(b, "maxlen", 0)
    if isinstance(a, float):
        return math.copysign(1, a) == math.copysign(1, b) and (a == b or (math.isnan(a) and math.isnan(b)))
    if isinstance(a, Exception):
        return same(a.args, b.args)
    if hasattr(a, "__dataclass_fields__"):
        return all(same(getattr(a, name), getattr(b, name)) for name in a.__dataclass_fields__)
    return _same_others(a, b)


def _same_arrays(a, b):
    if (a.dtype, a.shape, a.flags.writeable) != (b.dtype, b.shape, b.flags.writeable):
        return False
    if a.dtype.kind == "O":
        return all(map(same, a.ravel().tolist(), b.ravel().tolist()))
    return a.tobytes() == b.tobytes()


def _same_others(a, b):
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, Decimal):
        return str(a) == str(b)
    if isinstance(a, pd.Timestamp | pd.Timedelta):
        return a == b and a.unit == b.unit and str(getattr(a, "tz", None)) == str(getattr(b, "tz", None))
    if hasattr(a, "tzinfo"):
        return a == b and a.fold == b.fold and (a.tzinfo is b.tzinfo or a.tzinfo == b.tzinfo)
    return a is b or a == b
