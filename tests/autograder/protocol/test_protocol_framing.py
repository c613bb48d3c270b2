"""Messages over a socket: whole, in order, in pieces, and in time."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.protocol.errors import SessionLost
from autograder.protocol.framing import FIRST_BYTES, Channel
from autograder.protocol.messages import HEADER

LIMIT = 4 << 20


@pytest.fixture
def line():
    """Two ends of one line, and the raw socket of the second."""
    mine, theirs = socket.socketpair()
    yield Channel(mine, LIMIT), Channel(theirs, LIMIT), theirs
    mine.close()
    theirs.close()


def soon():
    return time.monotonic() + 120


@pytest.mark.parametrize("size", [0, 1, 100, FIRST_BYTES - 11, FIRST_BYTES - 10, FIRST_BYTES, FIRST_BYTES + 1, LIMIT])
def test_a_message_arrives_as_it_was_sent(line, size):
    """Whatever its size, up to the limit."""
    here, there, _ = line
    body = bytes(range(256)) * (size // 256 + 1)
    thread = threading.Thread(
        target=here.send, args=(1, 7, 42, [body[: size // 2], body[size // 2 : size]]), daemon=True
    )
    thread.start()

    message = there.receive(soon())
    thread.join()

    assert (message.kind, message.code, message.number) == (1, 7, 42)
    assert bytes(message.body) == body[:size]


def test_messages_that_arrive_together_are_told_apart(line):
    """Three in one packet, the last one in pieces."""
    _, there, _ = line
    here = line[0]._socket
    packet = b"".join(HEADER.pack(1, number, number, number) + bytes(number) for number in (1, 2, 3))

    here.sendall(packet[:-2])
    assert [there.receive(soon()).number for _ in range(2)] == [1, 2]
    assert not there.silent()
    here.sendall(packet[-2:])
    assert there.receive(soon()).number == 3
    assert there.silent()


def test_a_large_message_after_a_small_one_in_the_same_packet(line):
    """What was received too early is kept."""
    here, there, _ = line
    data = HEADER.pack(2, 1, 1, 1) + b"a" + HEADER.pack(2, 1, 2, 3 * FIRST_BYTES) + b"b" * (3 * FIRST_BYTES)
    thread = threading.Thread(target=here._socket.sendall, args=(data,), daemon=True)
    thread.start()

    assert bytes(there.receive(soon()).body) == b"a"
    assert bytes(there.receive(soon()).body) == b"b" * (3 * FIRST_BYTES)
    thread.join()


@pytest.mark.parametrize("header", [HEADER.pack(0, 1, 1, 1), HEADER.pack(3, 1, 1, 1), HEADER.pack(1, 1, 1, LIMIT + 1)])
def test_a_header_that_may_not_be_is_a_lie(line, header):
    """Before a byte of the body is waited for."""
    _, there, _ = line
    line[0]._socket.sendall(header)

    with pytest.raises(SessionLost) as caught:
        there.receive(soon())
    assert caught.value.reason == "lying"


@pytest.mark.parametrize("sent", [b"", b"\x01\x01", HEADER.pack(1, 1, 1, 9) + b"four"])
def test_the_end_of_the_line_is_death(line, sent):
    """Also in the middle of a header or a body."""
    here, there, _ = line
    here._socket.sendall(sent)
    here.close()

    with pytest.raises(SessionLost) as caught:
        there.receive(soon())
    assert caught.value.reason == "dead"


def test_every_byte_has_the_same_deadline(line):
    """A peer that drips bytes does not gain time."""
    here, there, _ = line
    here._socket.sendall(HEADER.pack(1, 1, 1, 9) + b"four")

    with pytest.raises(SessionLost) as caught:
        there.receive(time.monotonic() + 0.05)
    assert caught.value.reason == "late"


def test_descriptors_sent_along_are_dropped(line, tmp_path):
    """Nobody can hand the judge a file."""
    here, there, _ = line
    path = tmp_path / "file"
    with path.open("w") as file:
        socket.send_fds(here._socket, [HEADER.pack(1, 1, 1, 0)], [file.fileno()])
        assert path in _open_files()

    there.receive(soon())

    assert path not in _open_files()


def _open_files():
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them
            found.add(descriptor.readlink())
    return found
