"""
How one column of pandas crosses: raw buffers for numbers and times, codes and categories, value and mask, and text in
Arrow's layout, validated in full.

Decides the dtypes of pandas that cross. Arrow's metadata about pandas is never written and never read.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import pyarrow

from autograder.protocol.arrays import read_buffer, read_dtype, write_buffer, write_dtype
from autograder.protocol.decoder import Decoder
from autograder.protocol.encoder import Encoder
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.plain import items_as_utf8
from autograder.protocol.times import read_unit, read_zone, write_unit, write_zone

pa: Any = pyarrow  # its own stubs miss much of it
NUMPY, ZONED, CATEGORIES, MASKED, STRING, PERIOD, INTERVAL = range(7)
INT64 = np.dtype("i8")
MASKED_DTYPES = (
    *("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"),
    *("Float32", "Float64", "boolean"),
)
MASKED_TYPES = tuple(type(pd.api.types.pandas_dtype(name)) for name in MASKED_DTYPES)
CLOSED = ("left", "right", "both", "neither")
PERIOD_NAME_CHARS = 16
FEW_TEXTS = 16  # in an array of Arrow's: up to here Arrow's own functions cost more than Python's


def write_column(encoder: Encoder, array: Any) -> None:
    """Write a one-dimensional array of numpy or pandas."""
    if type(array) is pd.arrays.NumpyExtensionArray:
        array = array.to_numpy()
    dtype = array.dtype
    if isinstance(dtype, np.dtype):
        encoder.out.append(NUMPY)
        write_dtype(encoder, dtype)
        encoder.count(len(array))
        write_buffer(encoder, np.asarray(array))
    elif type(dtype) is pd.DatetimeTZDtype:
        encoder.out.append(ZONED)
        write_unit(encoder, dtype.unit)
        write_zone(encoder, dtype.tz)
        _write_ints(encoder, array.asi8)
    elif type(dtype) is pd.CategoricalDtype:
        _write_categorical(encoder, array)
    elif type(dtype) in MASKED_TYPES:
        _write_masked(encoder, array)
    elif type(dtype) is pd.StringDtype:
        _write_strings(encoder, array)
    elif type(dtype) is pd.PeriodDtype:
        encoder.out.append(PERIOD)
        encoder.text(dtype.name.removeprefix("period[").removesuffix("]"))
        _write_ints(encoder, array.asi8)
    elif type(dtype) is pd.IntervalDtype:
        encoder.out.append(INTERVAL)
        encoder.out.append(CLOSED.index(array.closed))
        write_column(encoder, array.left.array)
        write_column(encoder, array.right.array)
    else:
        raise CannotCross(f"a column of dtype {dtype} cannot cross; use a dtype of numpy or of pandas itself")


def read_column(decoder: Decoder) -> Any:
    """Read a one-dimensional array of numpy or pandas."""
    kind = decoder.byte()
    if kind >= len(READ):
        raise ProtocolError("a column of an unknown kind")
    return READ[kind](decoder)


def _write_ints(encoder: Encoder, values: np.ndarray[Any, Any]) -> None:
    encoder.count(len(values))
    write_buffer(encoder, values)


def _read_ints(decoder: Decoder) -> Any:
    return read_buffer(decoder, INT64, (decoder.items(8),))


def _read_numpy(decoder: Decoder) -> Any:
    dtype = read_dtype(decoder)
    return read_buffer(decoder, dtype, (decoder.items(1 if dtype.kind == "O" else dtype.itemsize),))


def _read_zoned(decoder: Decoder) -> Any:
    unit, zone = read_unit(decoder), read_zone(decoder)
    if zone is None:
        raise ProtocolError("times of a zone, without the zone")
    moments = _read_ints(decoder).view(f"M8[{unit}]")
    return pd.DatetimeIndex(moments, tz="UTC").tz_convert(zone).array


def _write_categorical(encoder: Encoder, array: Any) -> None:
    encoder.out.append(CATEGORIES)
    encoder.out.append(array.ordered)
    encoder.key(array.categories)
    write_dtype(encoder, array.codes.dtype)
    _write_ints(encoder, array.codes)


def _read_categorical(decoder: Decoder) -> Any:
    ordered, categories, dtype = decoder.flag(), decoder.value(), read_dtype(decoder)
    if not isinstance(categories, pd.Index) or isinstance(categories, pd.MultiIndex) or dtype.kind != "i":
        raise ProtocolError("categories that are none")
    codes = read_buffer(decoder, dtype, (decoder.items(dtype.itemsize),))
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(categories, ordered))


def _write_masked(encoder: Encoder, array: Any) -> None:
    encoder.out.append(MASKED)
    encoder.out.append(MASKED_DTYPES.index(array.dtype.name))
    numpy_dtype = array.dtype.numpy_dtype
    mask = np.asarray(array.isna())
    values = array.to_numpy(dtype=numpy_dtype, na_value=numpy_dtype.type(0))
    encoder.count(len(array))
    write_buffer(encoder, mask)
    write_buffer(encoder, values)


def _read_masked(decoder: Decoder) -> Any:
    name = MASKED_DTYPES[decoder.byte()]
    number = decoder.items(2)
    mask = read_buffer(decoder, np.dtype(bool), (number,))
    values = read_buffer(decoder, _numpy_dtype(name), (number,))
    if name == "boolean":
        return pd.arrays.BooleanArray(values, mask)
    if name.startswith("Float"):
        return pd.arrays.FloatingArray(values, mask)
    return pd.arrays.IntegerArray(values, mask)


def _numpy_dtype(name: str) -> np.dtype[Any]:
    dtype: Any = pd.api.types.pandas_dtype(name)
    found: np.dtype[Any] = dtype.numpy_dtype
    return found


def _write_strings(encoder: Encoder, array: Any) -> None:
    dtype = array.dtype
    encoder.out.append(STRING)
    encoder.out.append(dtype.storage == "pyarrow")
    encoder.out.append(dtype.na_value is pd.NA)
    mask = np.asarray(array.isna())
    in_arrow = dtype.storage == "pyarrow" and len(array) > FEW_TEXTS
    lengths, data = _arrow_parts(array) if in_arrow else _python_parts(array, mask)
    encoder.count(len(mask))
    encoder.out.append(bool(mask.any()))
    if mask.any():
        write_buffer(encoder, mask)
    write_buffer(encoder, lengths)
    encoder.count(len(data))
    encoder.large(data)


def _arrow_parts(array: Any) -> tuple[np.ndarray[Any, Any], Any]:
    """Return byte lengths and UTF-8 bytes, a missing text being empty."""
    chunks = pa.array(array) if len(array) else pa.chunked_array([], pa.large_string())
    whole = chunks.combine_chunks() if isinstance(chunks, pa.ChunkedArray) else chunks
    if whole.null_count:
        whole = whole.fill_null("")
    if whole.type != pa.large_string():
        whole = whole.cast(pa.large_string())
    if not len(whole):
        return np.empty(0, dtype="u4"), b""
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, dtype="i8", count=len(whole) + 1, offset=8 * whole.offset)
    text = memoryview(data)[ends[0] : ends[-1]] if data is not None else b""
    return np.diff(ends).astype("u4"), text


def _python_parts(array: Any, mask: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], bytes]:
    items = pa.array(array).to_pylist() if array.dtype.storage == "pyarrow" else array
    texts = items_as_utf8(["" if missing else text for text, missing in zip(items, mask, strict=True)])
    return np.fromiter(map(len, texts), dtype="u4", count=len(texts)), b"".join(texts)


def _read_strings(decoder: Decoder) -> Any:
    in_arrow, na = decoder.flag(), decoder.flag()
    number = decoder.items(4)
    mask = read_buffer(decoder, np.dtype(bool), (number,)) if decoder.flag() else None
    lengths = read_buffer(decoder, np.dtype("u4"), (number,))
    data = decoder.raw()
    ends = np.zeros(number + 1, dtype="i8")
    np.cumsum(lengths, out=ends[1:])
    if ends[-1] != len(data):
        raise ProtocolError(f"texts of {ends[-1]} bytes in {len(data)}")
    bits = None if mask is None else pa.py_buffer(np.packbits(~mask, bitorder="little"))
    texts = pa.LargeStringArray.from_buffers(number, pa.py_buffer(ends), pa.py_buffer(bytes(data)), bits)
    texts.validate(full=True)
    dtype = _string_dtype(in_arrow, na)
    if in_arrow:
        arrow_array: Any = pd.arrays.ArrowStringArray
        return arrow_array(pa.chunked_array([texts]), dtype=dtype)
    decoder.spend(number)
    return pd.array(texts.to_pylist(), dtype=dtype)


@functools.cache
def _string_dtype(in_arrow: bool, na: bool) -> Any:
    return pd.StringDtype("pyarrow" if in_arrow else "python", na_value=pd.NA if na else np.nan)


def _read_period(decoder: Decoder) -> Any:
    name = decoder.text()
    if len(name) > PERIOD_NAME_CHARS:
        raise ProtocolError("a period of unknown length")
    dtype = pd.PeriodDtype(name)
    return pd.arrays.PeriodArray(_read_ints(decoder), dtype=dtype)


def _read_interval(decoder: Decoder) -> Any:
    closed: Any = CLOSED[decoder.byte()]
    left, right = read_column(decoder), read_column(decoder)
    return pd.arrays.IntervalArray.from_arrays(left, right, closed=closed)


READ = (_read_numpy, _read_zoned, _read_categorical, _read_masked, _read_strings, _read_period, _read_interval)
