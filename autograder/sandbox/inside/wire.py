"""
Orders and answers between the keeper and its fork server: JSON texts of any length over a stream socket, with
descriptors beside them. Both ends are trusted; no job ever holds this socket.
"""

from __future__ import annotations

import array
import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

LENGTH = struct.Struct("!I")
MOST_DESCRIPTORS = 4
CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


def send(control: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one message; the descriptors are copied, the caller's stay open."""
    data = json.dumps(message).encode()
    data = LENGTH.pack(len(data)) + data
    sent = socket.send_fds(control, [data], list(descriptors)) if descriptors else 0
    control.sendall(memoryview(data)[sent:])


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """
    Receive one message and the descriptors beside it.

    Raises:
        EOFError: If the other end has hung up.
    """
    descriptors = array.array("i")
    room = socket.CMSG_LEN(MOST_DESCRIPTORS * descriptors.itemsize)
    head, beside, _, _ = control.recvmsg(LENGTH.size, room, CLOSE_ON_EXEC)  # recv_fds loses the flag
    for level, kind, data in beside:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    (length,) = LENGTH.unpack(head + _exactly(control, LENGTH.size - len(head) if head else 0, hung_up=not head))
    message: dict[str, Any] = json.loads(_exactly(control, length))
    return message, list(descriptors)


def _exactly(control: socket.socket, size: int, *, hung_up: bool = False) -> bytes:
    data = bytearray()
    while len(data) < size and not hung_up:
        piece = control.recv(min(size - len(data), 1 << 20))
        hung_up = not piece
        data += piece
    if hung_up:
        raise EOFError("the other end has hung up")
    return bytes(data)
