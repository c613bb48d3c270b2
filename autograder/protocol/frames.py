"""
How Series, Index, MultiIndex and DataFrame cross: column by column, with axes, names and frequency in our own header.

Decides that `attrs` and flags stay behind. An index travels with its exact class, so that a range stays a range.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks  # type: ignore[import-not-found]
from pandas.tseries.frequencies import to_offset

from autograder.protocol.columns import read_column, write_column
from autograder.protocol.decoder import Decoder, Reader
from autograder.protocol.encoder import Encoder, Write
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.limits import RANGE_ITEMS

INDEX, RANGE_INDEX, TIME_INDEX, MULTI_INDEX, SERIES, FRAME = range(60, 66)
FREQUENCY_CHARS = 24
FRAME_COLUMNS = 20_000
LABELS: Any = pd.Index
READY_KINDS = "biufcO"  # of numpy: times and text have types of their own in pandas


def _write_index(encoder: Encoder, index: pd.Index) -> None:
    encoder.out.append(INDEX)
    encoder.key(index.name)
    encoder.plain_only += 1
    write_column(encoder, index.array)
    encoder.plain_only -= 1


def _write_range(encoder: Encoder, index: pd.RangeIndex) -> None:
    if len(index) > RANGE_ITEMS:
        raise CannotCross(f"a RangeIndex of {len(index)} rows cannot cross; keep to {RANGE_ITEMS}")
    encoder.out.append(RANGE_INDEX)
    encoder.key(index.name)
    for number in (index.start, index.stop, index.step):
        encoder.value(int(number))


def _write_times(encoder: Encoder, index: pd.DatetimeIndex | pd.TimedeltaIndex) -> None:
    name = "" if index.freq is None else index.freq.freqstr
    if index.freq is not None and (len(name) > FREQUENCY_CHARS or to_offset(name) != index.freq):
        raise CannotCross(f"an index of frequency {name} cannot cross; set index.freq = None")
    encoder.out.append(TIME_INDEX)
    encoder.key(index.name)
    encoder.text(name)
    write_column(encoder, index.array)


def _write_multi(encoder: Encoder, index: pd.MultiIndex) -> None:
    encoder.out.append(MULTI_INDEX)
    encoder.count(index.nlevels)
    for name, level, codes in zip(index.names, index.levels, index.codes, strict=True):
        encoder.key(name)
        encoder.key(level)
        write_column(encoder, np.asarray(codes))


def _write_series(encoder: Encoder, series: pd.Series[Any]) -> None:
    encoder.out.append(SERIES)
    encoder.key(series.name)
    encoder.value(series.index)
    write_column(encoder, series.array)


def _write_frame(encoder: Encoder, frame: pd.DataFrame) -> None:
    if frame.shape[1] > FRAME_COLUMNS:
        raise CannotCross(f"a DataFrame of {frame.shape[1]} columns cannot cross; keep to {FRAME_COLUMNS}")
    encoder.out.append(FRAME)
    encoder.value(frame.columns)
    encoder.value(frame.index)
    columns: Any = frame
    for array in columns._iter_column_arrays():  # the public ways make a Series of each column
        write_column(encoder, array)


def _read_name(decoder: Decoder) -> Any:
    name = decoder.value()
    hash(name)
    return name


def _read_index(decoder: Decoder) -> Any:
    name = _read_name(decoder)
    array: Any = read_column(decoder)
    if type(array) is pd.arrays.ArrowStringArray:  # the labels of almost every frame
        return LABELS._simple_new(array, name)
    return pd.Index(array, name=name, dtype=array.dtype, copy=False, tupleize_cols=False)


def _read_range(decoder: Decoder) -> Any:
    name = _read_name(decoder)
    parts = []
    for _ in range(3):
        number = decoder.value()
        if type(number) is not int:
            raise ProtocolError("an index of something else than whole numbers")
        parts.append(number)
    if len(range(*parts)) > RANGE_ITEMS:
        raise ProtocolError("an index that is too long")
    start, stop, step = parts
    return pd.RangeIndex(start, stop, step, name=name)


def _read_times(decoder: Decoder) -> Any:
    name, frequency = _read_name(decoder), decoder.text()
    if len(frequency) > FREQUENCY_CHARS:
        raise ProtocolError("an unknown frequency")
    array = read_column(decoder)
    index = pd.Index(array, name=name, dtype=array.dtype, copy=False)
    if not isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex):
        raise ProtocolError("an index of times without times")
    if frequency:
        times: Any = index
        times.freq = to_offset(frequency)
    return index


def _read_multi(decoder: Decoder) -> Any:
    names: list[Any] = []
    levels: list[Any] = []
    codes: list[Any] = []
    for _ in range(decoder.items(3)):
        names.append(_read_name(decoder))
        level, code = decoder.value(), read_column(decoder)
        if not isinstance(level, pd.Index) or not isinstance(code, np.ndarray) or code.dtype.kind != "i":
            raise ProtocolError("a level that is none")
        levels.append(level)
        codes.append(code)
    return pd.MultiIndex(levels=levels, codes=codes, names=names, verify_integrity=True)


def _read_labels(decoder: Decoder) -> Any:
    labels = decoder.value()
    if not isinstance(labels, pd.Index):
        raise ProtocolError("labels that are no index")
    return labels


def _read_series(decoder: Decoder) -> Any:
    name, index, array = _read_name(decoder), _read_labels(decoder), read_column(decoder)
    if len(array) != len(index):
        raise ProtocolError("values and labels of different length")
    return pd.Series(array, index=index, name=name, dtype=array.dtype, copy=False)


def _read_frame(decoder: Decoder) -> Any:
    columns, index = _read_labels(decoder), _read_labels(decoder)
    if len(columns) > min(FRAME_COLUMNS, decoder.end - decoder.pos):
        raise ProtocolError("announces columns that are not here")
    decoder.spend(20 * len(columns))
    arrays = [read_column(decoder) for _ in range(len(columns))]
    if any(len(array) != len(index) for array in arrays):
        raise ProtocolError("columns and rows of different length")
    if all(map(_is_ready, arrays)):
        return _assembled(arrays, index, columns)
    ready = (
        pd.Series(array, index=index, dtype=object, copy=False) if array.dtype == object else array for array in arrays
    )  # without this, pandas would guess that objects which are all text are a column of text
    frame = pd.DataFrame(dict(enumerate(ready)), index=index, copy=False)
    frame.columns = columns
    return frame


def _is_ready(array: Any) -> bool:
    """Tell whether a column can be a block of a frame as it is, because pandas would not look into it or convert it."""
    kind = type(array)
    return (kind is np.ndarray and array.dtype.kind in READY_KINDS) or kind is pd.arrays.ArrowStringArray


def _assembled(arrays: list[Any], index: Any, columns: Any) -> Any:
    """Make a frame of columns that are ready; `pd.DataFrame` would look at each of them, which costs most of a call."""
    blocks = [
        (array.reshape(1, -1) if type(array) is np.ndarray else array, np.array([place]))
        for place, array in enumerate(arrays)
    ]
    return create_dataframe_from_blocks(blocks, index=index, columns=columns)


WRITERS: dict[type, Write] = {
    pd.Index: _write_index,
    pd.CategoricalIndex: _write_index,
    pd.IntervalIndex: _write_index,
    pd.PeriodIndex: _write_index,
    pd.RangeIndex: _write_range,
    pd.DatetimeIndex: _write_times,
    pd.TimedeltaIndex: _write_times,
    pd.MultiIndex: _write_multi,
    pd.Series: _write_series,
    pd.DataFrame: _write_frame,
}
SHARED: frozenset[type] = frozenset({pd.Series, pd.DataFrame})
READERS: dict[int, Reader] = {
    INDEX: Reader(_read_index, work=80),
    RANGE_INDEX: Reader(_read_range, work=40),
    TIME_INDEX: Reader(_read_times, work=120),
    MULTI_INDEX: Reader(_read_multi, work=200),
    SERIES: Reader(_read_series, work=120, shared=True),
    FRAME: Reader(_read_frame, work=300, shared=True),
}
