"""Received bytes are believed in nothing: every malformed frame is one ProtocolError, at the price of its own size."""

import random
import tracemalloc
import warnings

import numpy as np
import pandas as pd
import pytest
from protocol_frames_to_mutate import seeds, spoil

from autograder.protocol import arrays, frames, plain, records, times
from autograder.protocol.codec import Codec
from autograder.protocol.encoder import ARGUMENT, REF
from autograder.protocol.errors import ProtocolError
from autograder.protocol.limits import Limits
from autograder.protocol.messages import PICKLE
from autograder.protocol.records import Registry

CODEC = Codec(Registry.of())
MUTATIONS = 10_000
HUGE = b"\xff\xff\xff\xff\xff\xff\xff\x7f"  # a count of 2**56 - 1


def text(content):
    return bytes([plain.TEXT, len(content)]) + content


MALFORMED = {
    "nothing": b"",
    "unknown tag": b"\xfe",
    "pickle": bytes([PICKLE, 3]) + b"cos",
    "left over": bytes([plain.NONE, plain.NONE]),
    "endless number": bytes([plain.LIST]) + b"\xff" * 20,
    "huge list": bytes([plain.LIST]) + HUGE,
    "huge packed list": bytes([plain.LIST_OF, 0]) + HUGE,
    "huge text": bytes([plain.TEXT]) + HUGE,
    "huge dict": bytes([plain.DICT]) + HUGE,
    "huge whole number": bytes([plain.INT, 0xFF, 0x7F]) + bytes(0x3FFF),
    "empty whole number": bytes([plain.INT, 0]),
    "half a character": text("\ud800".encode("utf-8", "surrogatepass")),
    "overlong character": text(b"\xc0\xaf"),
    "key twice": bytes([plain.DICT, 2, plain.TRUE, plain.NONE, plain.INT, 1, 1, plain.NONE]),
    "element twice": bytes([plain.SET, 2, plain.NONE, plain.NONE]),
    "unhashable key": bytes([plain.DICT, 1, plain.LIST, 0, plain.NONE]),
    "unhashable element": bytes([plain.SET, 1, plain.LIST, 0]),
    "reference to nothing": bytes([REF, 0]),
    "reference to itself": bytes([plain.LIST, 1, REF, 0]),
    "argument of no call": bytes([ARGUMENT, 0]),
    "range of text": bytes([plain.RANGE]) + text(b"a") * 3,
    "range without step": bytes([plain.RANGE]) + bytes([plain.INT, 1, 0]) * 3,
    "decimal that is none": bytes([plain.DECIMAL, 1]) + b"x",
    "decimal of another script": bytes([plain.DECIMAL, 2]) + "\u0661".encode(),
    "decimal too large": bytes([plain.DECIMAL, 8]) + b"1E999999",
    "path with a zero": bytes([plain.PATH, 1, 0]),
    "packed texts too long": bytes([plain.LIST_OF, 2, 1, 9, 1]) + b"a",
    "deque longer than its maximum": bytes([plain.DEQUE, 1, 1, plain.NONE]),
    "month 13": bytes([times.DATETIME, 0xDD, 7, 13, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    "zone out of the folder": bytes([times.ZONE, 2, 8]) + b"../../et",
    "zone that is absolute": bytes([times.ZONE, 2, 4]) + b"/etc",
    "unknown zone": bytes([times.ZONE, 2, 4]) + b"Moon",
    "offset of two days": bytes([times.ZONE, 1, 2]) + bytes(11),
    "no moment": bytes([times.TIMESTAMP, 0]) + b"\x00" * 7 + b"\x80" + b"\x00",
    "truth value 2": bytes([arrays.ARRAY, 0, 0, 1, 1, 1, 1, 2]),
    "text of no characters": bytes([arrays.ARRAY, 8, 0, 4, 1, 1, 1]) + b"\xff\xff\xff\x7f",
    "array of surrogates": bytes([arrays.ARRAY, 8, 0, 4, 1, 1, 1]) + b"\x00\xd8\x00\x00",
    "array of huge shape": bytes([arrays.ARRAY, 1, 0, 8, 1, 1]) + HUGE,
    "array of many dimensions": bytes([arrays.ARRAY, 1, 0, 8, 1, 60]) + bytes([1]) * 60 + bytes(8),
    "array of objects not here": bytes([arrays.ARRAY, 9, 0, 8, 1, 1]) + HUGE + b"\x00",
    "scalar of objects": bytes([arrays.SCALAR, 9, 0, 8, 0, plain.NONE]),
    "number of 3 bytes": bytes([arrays.SCALAR, 1, 0, 3, 0, 0, 0]),
    "record of no name": bytes([records.RECORD, 6]) + b"System" + b"\x00",
    "record of too few fields": bytes([records.RECORD, 5]) + b"Drift" + b"\x01" + bytes([plain.NONE]),
    "exception of no name": bytes([records.EXCEPTION, 10]) + b"SystemExit" + b"\x00",
    "exception that stops": bytes([records.EXCEPTION, 13]) + b"StopIteration" + b"\x00",
    "exception of a list": bytes([records.EXCEPTION, 8]) + b"KeyError" + bytes([1, plain.LIST, 0]),
    "long range index": bytes([frames.RANGE_INDEX, plain.NONE, plain.INT, 1, 0, plain.INT, 6])
    + b"\xff" * 5
    + bytes([0, plain.INT, 1, 1]),
    "series without index": bytes([frames.SERIES, plain.NONE, plain.NONE]),
    "frame of columns not here": bytes(
        [frames.FRAME, frames.RANGE_INDEX, plain.NONE, plain.INT, 1, 0, plain.INT, 2, 0, 4, plain.INT, 1, 1]
    )
    * 2,
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_frame_is_a_protocol_error(data):
    """One kind of error, whatever is the matter."""
    with pytest.raises(ProtocolError):
        CODEC.decode(data)


def test_every_beginning_of_a_frame_is_malformed():
    """A frame that is cut off anywhere is an error, never another value."""
    for value in seeds():
        data = CODEC.encode(value)
        for end in range(0, len(data), max(1, len(data) // 60)):
            with pytest.raises(ProtocolError):
                CODEC.decode(data[:end])


def test_ten_thousand_spoiled_frames_crash_nothing():
    """A spoiled frame is read as some value or is a ProtocolError; nothing else comes out."""
    draw = random.Random(20130101)
    good = [CODEC.encode(value) for value in seeds()]
    outcomes = {"value": 0, "error": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about frequencies that a spoiled frame names
        for number in range(MUTATIONS):
            try:
                CODEC.decode(spoil(good[number % len(good)], draw))
                outcomes["value"] += 1
            except ProtocolError:
                outcomes["error"] += 1

    assert sum(outcomes.values()) == MUTATIONS
    assert outcomes["error"] > MUTATIONS / 4


def test_announced_lengths_cost_no_memory():
    """Memory follows the bytes that are here, not the ones that are promised."""
    for name, data in MALFORMED.items():
        tracemalloc.start()
        with pytest.raises(ProtocolError):
            CODEC.decode(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2 << 20, name


@pytest.mark.parametrize(
    "make",
    [list, dict, set, lambda: pd.Series([1]), lambda: np.zeros(1)],
    ids=["list", "dict", "set", "series", "array"],
)
def test_many_small_objects_are_paid_for_before_they_are_made(make):
    """A container costs more than its one byte: megabytes of empty ones do not become hundreds."""
    one = CODEC.encode(make())
    number = 20_000 // 4 + 1
    data = _list_of(one, number)

    with pytest.raises(ProtocolError, match="objects in one frame"):
        Codec(limits=Limits(work=20_000)).decode(data)


def _list_of(one, number):
    encoder = CODEC.encoder()
    encoder.out.append(plain.LIST)
    encoder.count(number)
    return bytes(encoder.out) + one * number


def test_references_cannot_unfold_to_more_than_a_frame():
    """Thirty lists that each hold the next one twice stand for a billion."""
    shared = ["x" * 100]
    for _ in range(30):
        shared = [shared, shared]

    data = CODEC.encode(shared)

    assert len(data) < 1_000
    with pytest.raises(ProtocolError, match="unfold"):
        CODEC.decode(data)


def test_keys_of_one_hash_are_refused():
    """A dictionary of chosen keys would take minutes."""
    prime = (1 << 61) - 1
    data = CODEC.encode({number * prime: None for number in range(1_100)})

    with pytest.raises(ProtocolError, match="one hash"):
        CODEC.decode(data)


def test_depth_is_limited_on_the_reading_side_too():
    """A peer that writes no limits of its own meets ours."""
    deep = None
    for _ in range(60):
        deep = [deep]
    data = CODEC.encode(deep)

    with pytest.raises(ProtocolError, match="deeper"):
        Codec(limits=Limits(depth=20)).decode(data)


def test_sizes_of_texts_are_limited_on_the_reading_side_too():
    """One text is no larger than its own limit."""
    data = CODEC.encode(["x" * 5_000, b"x" * 5_000])

    with pytest.raises(ProtocolError):
        Codec(limits=Limits(text_bytes=4_000)).decode(data)


def test_a_frequency_that_does_not_fit_is_refused():
    """An index's frequency is checked against its moments."""
    index = pd.date_range("2013", periods=3, freq="D")
    data = CODEC.encode(index).replace(b"\x01D", b"\x01h")

    with pytest.raises(ProtocolError):
        CODEC.decode(data)
