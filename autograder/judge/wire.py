"""A line between two trusted processes of the grader: JSON messages, with descriptors where one travels along."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

_SIZE = struct.Struct("<Q")
_PIECE = 1 << 20
MAX_DESCRIPTORS = 4


class Wire:
    """One end of a connected stream socket; it owns the socket."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    def fileno(self) -> int:
        """Return the descriptor, for select."""
        return self._socket.fileno()

    def send(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Send one message; OSError if the other end is gone."""
        body = json.dumps(message).encode()
        socket.send_fds(self._socket, [_SIZE.pack(len(body))], list(descriptors))
        self._socket.sendall(body)

    def receive(self, timeout: float | None = None) -> tuple[dict[str, Any], list[int]]:
        """
        Receive one message.

        Raises:
            EOFError: If the other end has hung up.
            TimeoutError: If nothing came within *timeout* seconds.
        """
        self._socket.settimeout(timeout)
        header, descriptors, _, _ = socket.recv_fds(self._socket, _SIZE.size, MAX_DESCRIPTORS)
        (size,) = _SIZE.unpack(header + self._exactly(_SIZE.size - len(header)))
        message: dict[str, Any] = json.loads(self._exactly(size))
        return message, descriptors

    def _exactly(self, size: int) -> bytes:
        pieces = []
        while size:
            piece = self._socket.recv(min(size, _PIECE))
            if not piece:
                raise EOFError("the other process has hung up")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
