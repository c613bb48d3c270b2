"""
How numpy's arrays and scalars cross: shape, dtype and the raw buffer; object arrays item by item.

Decides which dtypes cross. It checks what a raw buffer could smuggle in: truth values other than 0 and 1, and text that
is none. Structured and extended-precision dtypes do not cross.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.protocol.decoder import Decoder, Reader
from autograder.protocol.encoder import Encoder, Write
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.limits import ARRAY_DIMENSIONS
from autograder.protocol.plain import LIST_OF, read_packed, write_packed

ARRAY, SCALAR = 50, 51
SIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8), "c": (8, 16), "M": (8,), "m": (8,)}
KINDS = "biufcMmSUO"
TIME_UNITS = ("generic", "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
TEXT_WIDTH = 1 << 20  # bytes of one item of a text array
WRITEABLE, FORTRAN, SWAPPED = 1, 2, 4
LARGEST_CHARACTER = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)


def write_dtype(encoder: Encoder, dtype: np.dtype[Any]) -> None:
    """Write a dtype: kind, byte order, item size, and unit of times."""
    known = dtype.kind in KINDS and dtype.names is None and dtype.subdtype is None
    if not known or (dtype.kind in SIZES and dtype.itemsize not in SIZES[dtype.kind]) or dtype.itemsize == 0:
        raise CannotCross(f"an array of dtype {dtype} cannot cross; use plain numbers, times or text")
    encoder.out.append(KINDS.index(dtype.kind))
    encoder.out.append(0 if dtype.isnative else SWAPPED)
    if dtype.kind in "Mm":
        unit, step = np.datetime_data(dtype)
        encoder.out.append(TIME_UNITS.index(unit))
        encoder.count(step)
    else:
        encoder.count(dtype.itemsize)


def read_dtype(decoder: Decoder) -> np.dtype[Any]:
    """Read a dtype."""
    kind = KINDS[decoder.byte()]
    swapped = decoder.byte()
    if kind in "Mm":
        unit, step = TIME_UNITS[decoder.byte()], decoder.count()
        if not 0 < step < 1 << 31:
            raise ProtocolError("a unit of time that is none")
        dtype = np.dtype(f"{kind}8" if unit == "generic" else f"{kind}8[{step}{unit}]")
    else:
        size = decoder.count()
        fits = size in SIZES[kind] if kind in SIZES else 0 < size <= TEXT_WIDTH and (kind != "U" or size % 4 == 0)
        if not fits or (kind == "O" and size != 8):
            raise ProtocolError(f"no dtype of kind {kind} and {size} bytes")
        dtype = np.dtype(kind if kind == "O" else f"{kind}{size // 4 if kind == 'U' else size}")
    if swapped not in (0, SWAPPED):
        raise ProtocolError("an unknown byte order")
    return dtype.newbyteorder() if swapped else dtype


def write_buffer(encoder: Encoder, array: Any, order: str = "C") -> None:
    """Write the items of an array whose dtype the other side knows already."""
    if array.dtype.kind == "O":
        items = array.ravel().tolist()
        if items and write_packed(encoder, items, LIST_OF):
            return
        encoder.out.append(0)
        for item in items:
            encoder.value(item)
        return
    contiguous = array.flags.c_contiguous if order == "C" else array.flags.f_contiguous
    flat = array if contiguous else array.copy(order)
    flat = flat.ravel("K") if flat.ndim else flat.reshape(1)
    if flat.size:
        encoder.large(memoryview(flat.view(np.uint8)))


def read_buffer(decoder: Decoder, dtype: np.dtype[Any], shape: tuple[int, ...], order: str = "C") -> Any:
    """Read the items of an array into memory of its own."""
    size = math.prod(shape)
    if dtype.kind == "O":
        return _read_objects(decoder, shape, size)
    flat: Any = np.frombuffer(decoder.take(size * dtype.itemsize), dtype=dtype)
    _check(flat)
    return flat.reshape(shape, order=order).copy(order)


def _read_objects(decoder: Decoder, shape: tuple[int, ...], size: int) -> Any:
    how = decoder.byte()
    if how == LIST_OF:
        items = read_packed(decoder)
    elif how == 0 and size <= decoder.end - decoder.pos:
        items = [decoder.value() for _ in range(size)]
    else:
        raise ProtocolError("an array of objects that are not here")
    array = np.empty(len(items), dtype=object)
    if how == LIST_OF:
        array[:] = items
    else:
        for place, item in enumerate(items):  # one by one: numpy looks into sequences when it assigns many
            array[place] = item
    return array.reshape(shape)


def _check(flat: np.ndarray[Any, Any]) -> None:
    """Refuse bytes that numpy would take for an item without looking."""
    kind = flat.dtype.kind
    if kind == "b" and flat.size and flat.view(np.uint8).max() > 1:
        raise ProtocolError("a truth value other than 0 and 1")
    if kind == "U" and flat.size:
        codes = flat.view(np.dtype("u4") if flat.dtype.isnative else np.dtype("u4").newbyteorder())
        if codes.max() > LARGEST_CHARACTER or ((codes >= SURROGATES[0]) & (codes <= SURROGATES[1])).any():
            raise ProtocolError("text that is none")


def _write_array(encoder: Encoder, array: np.ndarray[Any, Any]) -> None:
    encoder.out.append(ARRAY)
    write_dtype(encoder, array.dtype)
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous and array.dtype.kind != "O"
    encoder.out.append((WRITEABLE if array.flags.writeable else 0) | (FORTRAN if fortran else 0))
    if array.ndim > ARRAY_DIMENSIONS:
        raise CannotCross(f"an array of {array.ndim} dimensions cannot cross; use at most {ARRAY_DIMENSIONS}")
    encoder.count(array.ndim)
    for length in array.shape:
        encoder.count(length)
    if array.nbytes > encoder.limits.frame_bytes:
        raise CannotCross(f"an array of {array.nbytes >> 20} MiB cannot cross; use a smaller one")
    _check_own(array)
    write_buffer(encoder, array, "F" if fortran else "C")


def _check_own(array: np.ndarray[Any, Any]) -> None:
    if array.dtype.kind == "U":
        try:
            _check(array.ravel())
        except ProtocolError:
            raise CannotCross("an array of text with half a character cannot cross; use whole ones") from None


def _read_array(decoder: Decoder) -> Any:
    dtype = read_dtype(decoder)
    flags = decoder.byte()
    dimensions = decoder.count()
    if flags > WRITEABLE | FORTRAN or dimensions > ARRAY_DIMENSIONS:
        raise ProtocolError("an array of unknown form")
    shape = tuple(decoder.count() for _ in range(dimensions))
    if max(shape, default=0) > decoder.limits.frame_bytes:
        raise ProtocolError("an array longer than a frame")
    array = read_buffer(decoder, dtype, shape, "F" if flags & FORTRAN else "C")
    if not flags & WRITEABLE:
        array.flags.writeable = False
    return array


def _write_scalar(encoder: Encoder, value: Any) -> None:
    encoder.out.append(SCALAR)
    array = np.asarray(value)
    if array.dtype.itemsize == 0:  # np.str_("")
        array = np.zeros((), dtype=f"{array.dtype.kind}1")
    write_dtype(encoder, array.dtype)
    _check_own(array)
    write_buffer(encoder, array)


def _read_scalar(decoder: Decoder) -> Any:
    dtype = read_dtype(decoder)
    if dtype.kind == "O":
        raise ProtocolError("a scalar of objects")
    return read_buffer(decoder, dtype, ())[()]


SCALARS = (
    *(np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.longlong),
    *(np.ulonglong, np.float16, np.float32, np.float64, np.complex64, np.complex128, np.datetime64, np.timedelta64),
    *(np.str_, np.bytes_),
)
WRITERS: dict[type, Write] = {np.ndarray: _write_array, **dict.fromkeys(SCALARS, _write_scalar)}
SHARED = frozenset({np.ndarray})
READERS: dict[int, Reader] = {
    ARRAY: Reader(_read_array, work=8, shared=True),
    SCALAR: Reader(_read_scalar, work=4),
}
