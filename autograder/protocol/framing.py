"""
Messages over a stream socket, with a deadline for every byte.

Decides that memory grows with the bytes received, never with a length that was announced. It looks at the header only;
bodies are the codec's business. Descriptors that a peer sends along are dropped by the kernel: nothing here takes them.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Sequence

from autograder.protocol.encoder import Piece
from autograder.protocol.errors import SessionLost
from autograder.protocol.messages import HEADER, Message

FIRST_BYTES = 256 << 10  # room for a message before anything is known about it
SEND_BUFFER = 1 << 20  # a frame of a test then crosses without the two sides waiting for each other in turns
KIND_LIMIT = 2
PIECES = 256  # that one system call takes


class Channel:
    """
    One end of the line.

    Args:
        end: A connected stream socket; the channel owns it.
        frame_bytes: A longer message ends the session.
    """

    def __init__(self, end: socket.socket, frame_bytes: int) -> None:
        self._socket = end
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._frame_bytes = frame_bytes
        self._buffer = bytearray(FIRST_BYTES)
        self._start = 0  # of what was received and not yet taken
        self._stop = 0
        self._readable = select.poll()
        self._readable.register(end, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(end, select.POLLOUT)

    def send(self, kind: int, code: int, number: int, body: Sequence[Piece], deadline: float | None = None) -> None:
        """
        Send one message, its body in pieces.

        Raises:
            SessionLost: If the peer is gone or does not read until *deadline* (of time.monotonic; None: never late).
        """
        rest = [
            memoryview(HEADER.pack(kind, code, number, sum(map(len, body)))),
            *(memoryview(piece) for piece in body),
        ]
        while rest:
            sent = self._send_some(rest[:PIECES], deadline)
            while rest and sent >= len(rest[0]):
                sent -= len(rest.pop(0))
            if sent:
                rest[0] = rest[0][sent:]

    def _send_some(self, pieces: list[memoryview], deadline: float | None) -> int:
        try:
            if deadline is None:  # the learner's side: its filter knows no sendmsg, which could pass descriptors
                return os.writev(self._socket.fileno(), pieces)
            return self._socket.sendmsg(pieces, (), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        except BlockingIOError:
            self._wait(self._writable, deadline, "does not read what it asked for")
            return 0
        except OSError as error:
            raise SessionLost("dead", f"the learner's process has ended ({error.strerror})") from None

    def receive(self, deadline: float | None = None) -> Message:
        """
        Receive one message.

        Raises:
            SessionLost: If the peer is gone, late, or announces a message that may not be.
        """
        while self._stop - self._start < HEADER.size:
            self._receive_some(deadline, HEADER.size)
        kind, code, number, size = HEADER.unpack_from(self._buffer, self._start)
        if not 0 < kind <= KIND_LIMIT or size > self._frame_bytes:
            raise SessionLost("lying", f"a message of kind {kind} and {size} bytes was announced")
        while self._stop - self._start < HEADER.size + size:
            self._receive_some(deadline, HEADER.size + size)
        return Message(kind, code, number, self._take(size))

    def _take(self, size: int) -> memoryview:
        start = self._start + HEADER.size
        stop = start + size
        if size < FIRST_BYTES or stop < self._stop:
            body = memoryview(bytes(memoryview(self._buffer)[start:stop]))
        else:
            body, self._buffer = memoryview(self._buffer)[start:stop], bytearray(FIRST_BYTES)
        self._start = stop
        if self._start >= self._stop:
            self._start = self._stop = 0
        return body

    def _receive_some(self, deadline: float | None, wanted: int) -> None:
        self._make_room(wanted)
        try:
            if deadline is not None:
                self._wait(self._readable, deadline, "has not answered in time")
            received = self._socket.recv_into(memoryview(self._buffer)[self._stop :])
        except OSError as error:
            raise SessionLost("dead", f"the learner's process has ended ({error.strerror})") from None
        if received == 0:
            raise SessionLost("dead", "the learner's process has ended")
        self._stop += received

    def _make_room(self, wanted: int) -> None:
        if self._start:
            del self._buffer[: self._start]
            self._stop -= self._start
            self._start = 0
        if self._stop == len(self._buffer):
            self._buffer += bytes(min(self._stop, wanted - self._stop))

    def _wait(self, poll: select.poll, deadline: float | None, what: str) -> None:
        if deadline is None:
            poll.poll()
            return
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000 + 1):
            raise SessionLost("late", f"the learner's process {what}")

    def silent(self) -> bool:
        """
        Tell whether the peer has said nothing that was not taken yet.

        Raises:
            SessionLost: If it is gone.
        """
        if self._stop > self._start:
            return False
        if not self._readable.poll(0):
            return True
        try:
            if self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                return False
        except OSError as error:
            raise SessionLost("dead", f"the learner's process has ended ({error.strerror})") from None
        raise SessionLost("dead", "the learner's process has ended")

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
