"""Spoiled replies and reverse requests through a whole session: a value, an error of the test, or the session's end."""

import random
import struct
import warnings

import numpy as np
import pandas as pd
import pytest
from protocol_frames_to_mutate import seeds, spoil

from autograder.protocol import plain
from autograder.protocol.codec import Codec
from autograder.protocol.encoder import ARGUMENT
from autograder.protocol.errors import SessionLost
from autograder.protocol.limits import Limits
from autograder.protocol.messages import HANDLE, HEADER, REVERSE, Kind, Op, Status
from autograder.protocol.records import Registry

CODEC = Codec(Registry.of())
SESSIONS = 300
WHOLE = 0.1  # of the messages stay as they were
THING = bytes([HANDLE, 5, 0xBF, 1, 1]) + b"f"  # a handle that can everything
ITEMS = CODEC.encode([9, 9])


def _bodies():
    """Return well-formed (kind, code, body) of every form that a learner's process sends."""
    value = [(Kind.REPLY, Status.VALUE, b"\x00" + CODEC.encode(value)) for value in seeds()]
    handles = bytes([plain.LIST, 3]) + THING + bytes([ARGUMENT, 0]) + bytes([REVERSE, 0, 1, 1]) + b"f"
    changed = b"\x01\x00" + bytes([len(ITEMS)]) + ITEMS
    raised = changed + b"\x08KeyError\x01" + CODEC.encode("k") + b"\x00\x01E\x01\x04cell\x07"
    call = b"\x00" + bytes([plain.TUPLE, 2]) + THING + bytes([ARGUMENT, 0, plain.DICT, 0])
    return [
        *value,
        (Kind.REPLY, Status.VALUE, changed + handles),
        (Kind.REPLY, Status.RAISED, raised),
        (Kind.REPLY, Status.EXHAUSTED, b"\x00"),
        (Kind.REQUEST, Op.CALL, call),
        (Kind.REQUEST, Op.ATTRIBUTE, b"\x00" + CODEC.encode("name")),
        (Kind.REQUEST, Op.ITEM, b"\x00" + CODEC.encode(1)),
    ]


def _message(kind, code, body):
    def say(message):
        number = message.number if kind == Kind.REPLY else 1
        return HEADER.pack(kind, code, number, len(body)) + body

    return say


def test_spoiled_messages_end_in_a_value_an_error_or_the_end_of_the_session(liar):
    """The judge outlives every one of them, and its arguments keep their types."""
    draw, bodies = random.Random(2013), _bodies()
    name = _message(Kind.REPLY, Status.VALUE, b"\x00" + THING)
    ended = {"value": 0, "error": 0, "lost": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about frequencies that a spoiled frame names
        for number in range(SESSIONS):
            kind, code, body = bodies[number % len(bodies)]
            said = body if draw.random() < WHOLE else spoil(body, draw)
            line = liar(name, _message(kind, code, said), None)
            items, frame = [1, 2], pd.DataFrame({"a": [1]})
            try:
                line.get("f")(items, frame, np.zeros(2), lambda *_: None)
                ended["value"] += 1
            except SessionLost:
                ended["lost"] += 1
            except Exception:  # noqa: BLE001 - an error of the test, of whatever kind was named
                ended["error"] += 1
            assert type(items) is list
            assert type(frame) is pd.DataFrame

    assert sum(ended.values()) == SESSIONS
    assert min(ended.values()) > 0


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11])
def test_random_bytes_end_the_session(liar, size):
    """Of any length around a header's."""
    draw = random.Random(size)
    noise = draw.randbytes(size) or struct.pack("<B", 0)
    line = liar(lambda _: noise, None, limits=Limits(call_seconds=0.2))

    with pytest.raises(SessionLost):
        line.get("f")
