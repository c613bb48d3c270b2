"""Series, Index, MultiIndex and DataFrame of every dtype that crosses come back exactly."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_values import ZONES, keys, texts

from autograder.protocol.codec import Codec
from autograder.protocol.errors import CannotCross
from autograder.protocol.records import Registry

CODEC = Codec(Registry.of())
NUMPY_DTYPES = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex128",
)
NUMPY_DTYPES += tuple(f"{kind}64[{unit}]" for kind in ("datetime", "timedelta") for unit in ("s", "ms", "us", "ns"))
NULLABLE = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64", "boolean")
STRINGS = (
    pd.StringDtype("pyarrow", na_value=np.nan),
    pd.StringDtype("python", na_value=np.nan),
    pd.StringDtype("pyarrow", na_value=pd.NA),
    pd.StringDtype("python", na_value=pd.NA),
)
TICKS = st.integers(-(2**31), 2**31)


def _plain_column(dtype, size):
    draw = st.lists(st.integers(0, 1) if dtype == "bool" else st.integers(0, 100), min_size=size, max_size=size)
    return draw.map(lambda items: pd.Series(np.array(items, dtype="int64").astype(dtype), dtype=dtype).array)


def _missing(inner, size):
    return st.lists(st.none() | inner, min_size=size, max_size=size)


def columns(size):
    """Draw one column of any dtype that crosses."""
    zoned = st.builds(
        lambda ticks, zone, unit: (
            pd.DatetimeIndex(np.array(ticks, dtype=f"M8[{unit}]"), tz="UTC").tz_convert(zone).array
        ),
        st.lists(TICKS, min_size=size, max_size=size),
        st.sampled_from(ZONES),
        st.sampled_from(["s", "ms", "us", "ns"]),
    )
    categories = st.builds(
        lambda items, ordered: pd.Categorical(items, ordered=ordered),
        _missing(texts, size) | _missing(st.integers(0, 5), size),
        st.booleans(),
    )
    periods = st.lists(st.integers(-500, 500), min_size=size, max_size=size).map(
        lambda items: pd.PeriodIndex.from_ordinals(np.array(items, dtype="int64"), freq="M").array
    )
    intervals = st.lists(st.integers(0, 9), min_size=size, max_size=size).map(
        lambda items: pd.arrays.IntervalArray.from_arrays([0.5 + i for i in items], [2.5 + i for i in items], "left")
    )
    return (
        st.sampled_from(NUMPY_DTYPES).flatmap(lambda dtype: _plain_column(dtype, size))
        | st.sampled_from(NULLABLE).flatmap(
            lambda dtype: _missing(st.integers(0, 1), size).map(lambda items: pd.array(items, dtype=dtype))
        )
        | st.sampled_from(STRINGS).flatmap(
            lambda dtype: _missing(texts, size).map(lambda items: pd.array(items, dtype=dtype))
        )
        | _missing(keys, size).map(lambda items: pd.Series(items, dtype=object).array)
        | zoned
        | categories
        | periods
        | intervals
    )


def indexes(size):
    """Draw one index of any class that crosses."""
    names = st.none() | texts | st.integers() | st.tuples(texts, texts)
    indexed = columns(size).filter(lambda array: array.dtype != "float16")  # pandas has no such index
    made = st.builds(lambda array, name: pd.Index(array, name=name, dtype=array.dtype), indexed, names)
    ranges = st.builds(
        lambda start, step, name: pd.RangeIndex(start, start + step * size, step, name=name),
        st.integers(-99, 99),
        st.sampled_from([1, 2, -3]),
        names,
    )
    times = st.builds(
        lambda freq, zone: pd.date_range("2013-01-01", periods=size, freq=freq, tz=zone),
        st.sampled_from(["D", "h", "MS", "W-MON", "15min", "QE-DEC", "YE-JUN"]),
        st.sampled_from([None, "UTC", "America/New_York"]),
    )
    durations = st.sampled_from(["D", "h", "90s"]).map(lambda freq: pd.timedelta_range("1h", periods=size, freq=freq))
    multi = st.builds(
        lambda first, second, names: pd.MultiIndex.from_arrays([first, second], names=names),
        st.lists(texts, min_size=size, max_size=size),
        st.lists(st.integers(0, 3), min_size=size, max_size=size),
        st.tuples(names, names),
    )
    return made | ranges | times | durations | multi


SIZES = st.integers(0, 6)


def assert_same_index(back, index):
    pd.testing.assert_index_equal(back, index, exact=True)
    assert type(back) is type(index)
    assert getattr(back, "freq", None) == getattr(index, "freq", None)
    assert back.names == index.names


def all_series(size):
    made = lambda array, index, name: pd.Series(array, index=index, name=name, dtype=array.dtype)  # noqa: E731
    return st.builds(made, columns(size), indexes(size), texts)


@st.composite
def frames(draw):
    size, width = draw(SIZES), draw(st.integers(0, 4))
    frame = pd.DataFrame(dict(enumerate(draw(columns(size)) for _ in range(width))), index=draw(indexes(size)))
    frame.columns = draw(indexes(width))
    return frame


def assert_same_series(back, series):
    pd.testing.assert_series_equal(back, series, check_freq=True, check_index_type=True, check_exact=True)
    assert_same_index(back.index, series.index)
    assert back.array.dtype == series.array.dtype


def assert_same_frame(back, frame):
    pd.testing.assert_frame_equal(back, frame, check_freq=True, check_index_type=True, check_column_type=True)
    assert list(back.dtypes) == list(frame.dtypes)
    assert_same_index(back.index, frame.index)
    assert_same_index(back.columns, frame.columns)


def assert_comes_back(value):
    """Compare exactly, and to the byte when it is written again."""
    data = CODEC.encode(value)
    back = CODEC.decode(data)
    if isinstance(value, pd.DataFrame):
        assert_same_frame(back, value)
    elif isinstance(value, pd.Series):
        assert_same_series(back, value)
    else:
        assert_same_index(back, value)
    assert CODEC.encode(back) == data


@given(index=SIZES.flatmap(indexes))
@settings(max_examples=60)
def test_an_index_comes_back_with_class_dtype_names_and_frequency(index):
    """A range stays a range, a frequency stays a frequency."""
    assert_comes_back(index)


@given(series=SIZES.flatmap(all_series))
@settings(max_examples=60)
def test_a_series_comes_back_with_dtype_index_and_name(series):
    """As assert_series_equal compares, and to the byte."""
    assert_comes_back(series)


@given(frame=frames())
@settings(max_examples=40)
def test_a_frame_comes_back_with_dtypes_axes_and_names(frame):
    """Also with columns of one name, and with none."""
    assert_comes_back(frame)


@pytest.mark.deep
@given(value=frames() | SIZES.flatmap(all_series) | SIZES.flatmap(indexes))
@settings(max_examples=3_000, derandomize=False)
def test_thousands_of_tables_come_back(value):
    """Other ones each time."""
    assert_comes_back(value)


COLUMNS = {
    **{dtype: pd.Series(np.array([0, 1, 1]).astype(dtype)) for dtype in NUMPY_DTYPES},
    **{f"{dtype} nullable": pd.Series([1, None, 0], dtype=dtype) for dtype in NULLABLE},
    **{f"{dtype!r} {dtype.storage}": pd.Series(["a", None, "é"], dtype=dtype) for dtype in STRINGS},
    **{str(zone): pd.Series(pd.date_range("2013-03-10", periods=3, freq="h", tz=zone)) for zone in ZONES},
    "categories": pd.Series(pd.Categorical(["a", None, "b"], categories=["b", "a", "c"], ordered=True)),
    "object": pd.Series([1, "a", None], dtype=object),
    "text as object": pd.Series(["a"] * 20, dtype=object),
    "period": pd.Series(pd.period_range("2013-01", periods=3, freq="M")),
    "interval": pd.Series(pd.interval_range(0, 3)),
    "swapped bytes": pd.Series(np.array([1, 2, 3], dtype=">i4")),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_every_dtype_crosses_as_a_column_and_as_an_index(column):
    """Each dtype of the contract by name, whole, cut and empty."""
    for series in (column, column[1:], column[:0], column[::-1]):
        assert_comes_back(series)
        assert_comes_back(pd.DataFrame({"x": series, "y": series}))
        if column.dtype != "float16":  # pandas has no such index
            assert_comes_back(pd.Index(series, name="n"))


def test_a_slice_of_text_carries_only_its_own_rows():
    """Arrow's buffers are cut to what is seen."""
    whole = pd.Series(["x" * 1_000] * 1_000)

    assert len(CODEC.encode(whole.iloc[5:7])) < 3_000
    pd.testing.assert_series_equal(CODEC.decode(CODEC.encode(whole.iloc[5:7])), whole.iloc[5:7])


def test_attributes_of_a_frame_stay_behind():
    """`attrs` is no part of the contract."""
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["secret"] = 1

    assert CODEC.decode(CODEC.encode(frame)).attrs == {}


def test_a_repeated_hour_keeps_its_offset():
    """The second 1:30 of the night when clocks go back stays the second."""
    zone = ZoneInfo("America/New_York")
    twice = pd.DatetimeIndex(["2013-11-03T05:30", "2013-11-03T06:30"], tz="UTC").tz_convert(zone)

    back = CODEC.decode(CODEC.encode([twice, *twice]))

    assert [moment.utcoffset() for moment in back[1:]] == [moment.utcoffset() for moment in twice]
    pd.testing.assert_index_equal(back[0], twice)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (pd.Series(pd.arrays.SparseArray([0, 1])), "Sparse"),
        (pd.Series(np.array([1.5], dtype=np.longdouble)), "dtype"),
        (pd.DataFrame({"a": [object()]}), "object"),
        (pd.RangeIndex(10**12), "RangeIndex"),
        (pd.Series([1]).to_frame("a").set_index(pd.DatetimeIndex(["2013-01-01"], tz="dateutil/Europe/Berlin")), "zone"),
    ],
)
def test_a_dtype_that_cannot_cross_is_named(value, named):
    """The learner reads which one, and what to use."""
    with pytest.raises(CannotCross, match=named):
        CODEC.encode(value)
