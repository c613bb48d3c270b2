"""How Python's own types cross: exact types only, by value."""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from pathlib import PosixPath, PurePosixPath
from typing import Any

from autograder.protocol.decoder import Decoder, Read, Reader, check_hashes
from autograder.protocol.encoder import Encoder, Write
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.limits import DECIMAL_DIGITS, DECIMAL_EXPONENT, INT_BYTES, RANGE_ITEMS

NONE, FALSE, TRUE, INT, FLOAT, COMPLEX, TEXT, BYTES, BYTEARRAY = range(10, 19)
LIST, TUPLE, DICT, SET, FROZENSET, RANGE, SLICE, COUNTER, ORDERED, DEQUE, DECIMAL, PATH = range(20, 32)
LIST_OF, TUPLE_OF = 34, 35  # many items of one simple type, packed

FLOAT64 = struct.Struct("<d")
FLOATS64 = struct.Struct("<dd")
PACK_FROM = 16  # shorter sequences gain nothing from packing
PACKED_FLOATS, PACKED_INTS, PACKED_TEXTS = range(3)


def _write_none(encoder: Encoder, _: None) -> None:
    encoder.out.append(NONE)


def _write_bool(encoder: Encoder, value: bool) -> None:
    encoder.out.append(TRUE if value else FALSE)


def _write_int(encoder: Encoder, value: int) -> None:
    size = (value.bit_length() + 8) // 8
    if size > INT_BYTES:
        raise CannotCross(f"a whole number of {value.bit_length()} bits cannot cross; keep below {INT_BYTES * 8}")
    encoder.out.append(INT)
    encoder.raw(value.to_bytes(size, "little", signed=True))


def _read_int(decoder: Decoder) -> int:
    data = decoder.raw()
    if not 0 < len(data) <= INT_BYTES:
        raise ProtocolError(f"a whole number of {len(data)} bytes")
    return int.from_bytes(data, "little", signed=True)


def _write_float(encoder: Encoder, value: float) -> None:
    encoder.out.append(FLOAT)
    encoder.out += FLOAT64.pack(value)


def _read_float(decoder: Decoder) -> float:
    number: float = FLOAT64.unpack(decoder.take(8))[0]
    return number


def _write_complex(encoder: Encoder, value: complex) -> None:
    encoder.out.append(COMPLEX)
    encoder.out += FLOATS64.pack(value.real, value.imag)


def _write_text(encoder: Encoder, value: str) -> None:
    encoder.out.append(TEXT)
    encoder.text(value)


def _bytes_writer(tag: int) -> Write:
    def write(encoder: Encoder, value: bytes | bytearray) -> None:
        if len(value) > encoder.limits.text_bytes:
            raise CannotCross(f"more than {encoder.limits.text_bytes >> 20} MiB of bytes cannot cross; use fewer")
        encoder.out.append(tag)
        encoder.raw(value)

    return write


def _bytes_reader(make: type) -> Read:
    def read(decoder: Decoder) -> Any:
        data = decoder.raw()
        if len(data) > decoder.limits.text_bytes:
            raise ProtocolError(f"{len(data)} bytes in one value")
        return make(data)

    return read


def _sequence_writer(tag: int, packed_tag: int | None = None) -> Write:
    def write(encoder: Encoder, value: Any) -> None:
        if packed_tag is not None and len(value) >= PACK_FROM and write_packed(encoder, value, packed_tag):
            return
        encoder.out.append(tag)
        encoder.count(len(value))
        for item in value:
            encoder.value(item)

    return write


def _read_list(decoder: Decoder) -> list[Any]:
    return [decoder.value() for _ in range(decoder.items())]


def write_packed(encoder: Encoder, items: Any, tag: int) -> bool:
    """Write items of one simple type under *tag*; False, and nothing written, if they are of several types."""
    kinds = set(map(type, items))
    if len(kinds) != 1:
        return False
    kind = kinds.pop()
    if kind is float:
        data, how = struct.pack(f"<{len(items)}d", *items), PACKED_FLOATS
    elif kind is int and all(-(1 << 63) <= item < 1 << 63 for item in items):
        data, how = struct.pack(f"<{len(items)}q", *items), PACKED_INTS
    elif kind is str:
        data, how = b"".join(items_as_utf8(items)), PACKED_TEXTS
        if len(data) > encoder.limits.text_bytes:
            return False
    else:
        return False
    encoder.out.append(tag)
    encoder.out.append(how)
    encoder.count(len(items))
    if how == PACKED_TEXTS:
        for item in items:
            encoder.count(len(item))
        encoder.count(len(data))
    encoder.out += data
    return True


def items_as_utf8(items: Any) -> list[bytes]:
    """Encode texts, refusing halves of characters."""
    try:
        return [item.encode() for item in items]
    except UnicodeEncodeError:
        raise CannotCross("text with a lone surrogate, half a character, cannot cross; use whole ones") from None


def read_packed(decoder: Decoder) -> list[Any]:
    """Read items of one simple type."""
    how = decoder.byte()
    number = decoder.items(1 if how == PACKED_TEXTS else 8)
    decoder.spend(number)
    if how == PACKED_TEXTS:
        lengths = [decoder.count() for _ in range(number)]  # in characters
        text, start, found = decoder.text(), 0, []
        for length in lengths:
            found.append(text[start : start + length])
            start += length
        if start != len(text):
            raise ProtocolError(f"texts of {start} characters in {len(text)}")
        return found
    if how not in (PACKED_FLOATS, PACKED_INTS):
        raise ProtocolError(f"unknown packing {how}")
    return list(struct.unpack(f"<{number}{'d' if how == PACKED_FLOATS else 'q'}", decoder.take(8 * number)))


def _mapping_writer(tag: int) -> Write:
    def write(encoder: Encoder, value: Any) -> None:
        encoder.out.append(tag)
        encoder.count(len(value))
        for key, item in value.items():
            encoder.key(key)
            encoder.value(item)

    return write


def _mapping_reader(make: type) -> Read:
    def read(decoder: Decoder) -> Any:
        number = decoder.items(2)
        pairs = [(decoder.value(), decoder.value()) for _ in range(number)]
        check_hashes([key for key, _ in pairs])
        value = make()
        for key, item in pairs:
            value[key] = item
        if len(value) != number:
            raise ProtocolError("a key stands twice")
        return value

    return read


def _set_writer(tag: int) -> Write:
    def write(encoder: Encoder, value: Any) -> None:
        parts = encoder.key_bytes(value)
        encoder.out.append(tag)
        encoder.count(len(parts))
        encoder.out += b"".join(sorted(parts))  # sorted: equal sets are equal bytes, whatever the hash seed

    return write


def _set_reader(make: type) -> Read:
    def read(decoder: Decoder) -> Any:
        items = [decoder.value() for _ in range(decoder.items())]
        check_hashes(items)
        value = make(items)
        if len(value) != len(items):
            raise ProtocolError("an element of a set stands twice")
        return value

    return read


def _write_deque(encoder: Encoder, value: deque[Any]) -> None:
    encoder.out.append(DEQUE)
    encoder.count(0 if value.maxlen is None else value.maxlen + 1)
    encoder.count(len(value))
    for item in value:
        encoder.value(item)


def _read_deque(decoder: Decoder) -> deque[Any]:
    longest = decoder.count()
    items = _read_list(decoder)
    if longest and len(items) > longest - 1:
        raise ProtocolError("a deque longer than its maximum")
    return deque(items, longest - 1 if longest else None)


def _parts_writer(tag: int) -> Write:
    def write(encoder: Encoder, value: Any) -> None:
        encoder.out.append(tag)
        for part in (value.start, value.stop, value.step):
            encoder.value(part)

    return write


def _is_long(value: range) -> bool:
    return bool(value) and abs(value[-1] - value[0]) // abs(value.step) >= RANGE_ITEMS  # len() knows 63 bits only


_write_parts_of_range = _parts_writer(RANGE)


def _write_range(encoder: Encoder, value: range) -> None:
    if _is_long(value):
        raise CannotCross(f"a range of more than {RANGE_ITEMS:,} numbers cannot cross; give its ends")
    _write_parts_of_range(encoder, value)


def _read_range(decoder: Decoder) -> range:
    parts = [decoder.value() for _ in range(3)]
    if any(type(part) is not int for part in parts):
        raise ProtocolError("a range of something else than whole numbers")
    value = range(*parts)
    if _is_long(value):
        raise ProtocolError(f"a range of more than {RANGE_ITEMS:,} numbers")
    return value


def _read_slice(decoder: Decoder) -> Any:
    return slice(decoder.value(), decoder.value(), decoder.value())


def _write_decimal(encoder: Encoder, value: Decimal) -> None:
    _, digits, exponent = value.as_tuple()
    if len(digits) > DECIMAL_DIGITS or (type(exponent) is int and abs(exponent) > DECIMAL_EXPONENT):
        raise CannotCross(
            f"a Decimal of over {DECIMAL_DIGITS} digits or an exponent over {DECIMAL_EXPONENT}: too large"
        )
    encoder.out.append(DECIMAL)
    encoder.text(str(value))


def _read_decimal(decoder: Decoder) -> Decimal:
    data = decoder.raw()
    if len(data) > DECIMAL_DIGITS + 16:
        raise ProtocolError("a Decimal that is too long")
    value = Decimal(str(data, "ascii"))
    _, digits, exponent = value.as_tuple()
    if len(digits) > DECIMAL_DIGITS or (type(exponent) is int and abs(exponent) > DECIMAL_EXPONENT):
        raise ProtocolError("a Decimal that is too large")
    return value


def _write_path(encoder: Encoder, value: PurePosixPath) -> None:
    encoder.out.append(PATH)
    encoder.text(str(value))


def _read_path(decoder: Decoder) -> Any:
    text = decoder.text()
    if "\0" in text:
        raise ProtocolError("a path with a zero byte")
    return decoder.posix_path(text)


def _write_view(encoder: Encoder, value: Any) -> None:
    _sequence_writer(LIST, LIST_OF)(encoder, list(value))


WRITERS: dict[type, Write] = {
    type(None): _write_none,
    bool: _write_bool,
    int: _write_int,
    float: _write_float,
    complex: _write_complex,
    str: _write_text,
    bytes: _bytes_writer(BYTES),
    bytearray: _bytes_writer(BYTEARRAY),
    list: _sequence_writer(LIST, LIST_OF),
    tuple: _sequence_writer(TUPLE, TUPLE_OF),
    dict: _mapping_writer(DICT),
    defaultdict: _mapping_writer(DICT),
    Counter: _mapping_writer(COUNTER),
    OrderedDict: _mapping_writer(ORDERED),
    set: _set_writer(SET),
    frozenset: _set_writer(FROZENSET),
    deque: _write_deque,
    range: _write_range,
    slice: _parts_writer(SLICE),
    Decimal: _write_decimal,
    PosixPath: _write_path,
    PurePosixPath: _write_path,
    type({}.keys()): _write_view,
    type({}.values()): _write_view,
    type({}.items()): _write_view,
    type(OrderedDict().keys()): _write_view,
    type(OrderedDict().values()): _write_view,
    type(OrderedDict().items()): _write_view,
}
SHARED = frozenset({list, dict, defaultdict, Counter, OrderedDict, set, deque, bytearray})
READERS: dict[int, Reader] = {
    NONE: Reader(lambda _: None),
    FALSE: Reader(lambda _: False),
    TRUE: Reader(lambda _: True),
    INT: Reader(_read_int),
    FLOAT: Reader(_read_float),
    COMPLEX: Reader(lambda decoder: complex(*FLOATS64.unpack(decoder.take(16)))),
    TEXT: Reader(Decoder.text),
    BYTES: Reader(_bytes_reader(bytes)),
    BYTEARRAY: Reader(_bytes_reader(bytearray), shared=True),
    LIST: Reader(_read_list, work=4, shared=True),
    LIST_OF: Reader(read_packed, work=4, shared=True),
    TUPLE: Reader(lambda decoder: tuple(_read_list(decoder)), work=4),
    TUPLE_OF: Reader(lambda decoder: tuple(read_packed(decoder)), work=4),
    DICT: Reader(_mapping_reader(dict), work=8, shared=True),
    COUNTER: Reader(_mapping_reader(Counter), work=8, shared=True),
    ORDERED: Reader(_mapping_reader(OrderedDict), work=8, shared=True),
    SET: Reader(_set_reader(set), work=8, shared=True),
    FROZENSET: Reader(_set_reader(frozenset), work=8),
    DEQUE: Reader(_read_deque, work=16, shared=True),
    RANGE: Reader(_read_range, work=4),
    SLICE: Reader(_read_slice, work=4),
    DECIMAL: Reader(_read_decimal, work=4),
    PATH: Reader(_read_path, work=8),
}
