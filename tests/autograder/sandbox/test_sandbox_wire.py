"""Messages between keeper and server: any length, descriptors beside them."""

import os
import socket
import threading

import pytest

from autograder.sandbox.inside import wire


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize("size", [0, 1, 300_000, 5 << 20])
def test_a_message_of_any_length_arrives_whole(ends, size):
    """Longer than any buffer of the kernel's, too."""
    ours, theirs = ends
    sender = threading.Thread(target=wire.send, args=(ours, {"text": "ä" * size}))
    sender.start()
    told, descriptors = wire.receive(theirs)
    sender.join()

    assert (told, descriptors) == ({"text": "ä" * size}, [])


def test_descriptors_travel_with_their_message(ends):
    """Each with its own, closed to programs that are started later."""
    ours, theirs = ends
    read, write = os.pipe()
    wire.send(ours, {"number": 1}, [read, write])
    wire.send(ours, {"number": 2})
    first, copies = wire.receive(theirs)
    second, none = wire.receive(theirs)

    assert ([first, second], len(copies), none) == ([{"number": 1}, {"number": 2}], 2, [])
    assert not any(os.get_inheritable(copy) for copy in copies)
    for descriptor in (read, write, *copies):
        os.close(descriptor)


def test_hanging_up_is_told_apart_from_silence(ends):
    """Between two messages and within one."""
    ours, theirs = ends
    ours.sendall(b"\0\0")
    ours.close()

    with pytest.raises(EOFError):
        wire.receive(theirs)
    with pytest.raises(EOFError):
        wire.receive(theirs)
