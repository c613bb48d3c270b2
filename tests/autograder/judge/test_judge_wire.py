"""The line between two trusted processes of the grader."""

import os
import socket
import threading

import pytest

from autograder.judge.wire import Wire


@pytest.fixture
def line():
    """Two ends of one line."""
    ends = [Wire(end) for end in socket.socketpair()]
    yield ends
    for end in ends:
        end.close()


@pytest.mark.parametrize("message", [{}, {"text": "ä\x00\ud800", "list": [1, 2.5, None, True]}])
def test_a_message_arrives_as_it_was(line, message):
    """Also half characters, which a learner's output may hold."""
    line[0].send(message)

    assert line[1].receive() == (message, [])


def test_messages_keep_their_order_and_borders(line):
    """Two messages sent at once are two."""
    line[0].send({"number": 1})
    line[0].send({"number": 2})

    assert [line[1].receive()[0]["number"] for _ in range(2)] == [1, 2]


def test_a_message_larger_than_any_buffer_arrives(line):
    """Megabytes cross while the other side reads."""
    message = {"text": "x" * (5 << 20)}
    sender = threading.Thread(target=line[0].send, args=(message,))
    sender.start()
    told, _ = line[1].receive(timeout=120)
    sender.join()

    assert told == message


def test_a_descriptor_travels_along(line):
    """The receiver can use what was sent."""
    read, write = os.pipe()
    line[0].send({"take": "this"}, [write])
    _, (received,) = line[1].receive()
    os.write(received, b"here")

    assert os.read(read, 10) == b"here"
    for descriptor in (read, write, received):
        os.close(descriptor)


def test_hanging_up_is_told(line):
    """At a message's border and inside one."""
    line[0].close()

    with pytest.raises(EOFError):
        line[1].receive()


def test_hanging_up_inside_a_message_is_told():
    """Half a message is none."""
    ours, theirs = socket.socketpair()
    ours.sendall(b"\x09\x00\x00\x00\x00\x00\x00\x00{")
    ours.close()
    wire = Wire(theirs)

    with pytest.raises(EOFError):
        wire.receive()
    wire.close()


def test_silence_has_an_end(line):
    """Who waits with a time limit is told that it is over."""
    with pytest.raises(TimeoutError):
        line[1].receive(timeout=0.01)
