# /// attack
# says = "ran to its end"
# ///
"""Signal the server, the first process, everybody and other jobs, by every call that signals."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for pid in (os.getppid(), 1, 0, -1, *range(2, 60)):
    if pid == os.getpid() or pid in (0,) and os.getpid() == 1:
        continue
    for number, words in (
        (62, (pid, 9)),
        (234, (pid, pid, 9)),
        (200, (pid, 9)),
        (129, (pid, 9, ctypes.create_string_buffer(128))),
        (297, (pid, pid, 9, ctypes.create_string_buffer(128))),
        (424, (3, 9, None, 0)),
    ):
        if pid == os.getpid() or pid == 1 and os.getpid() == 1:
            continue
        if libc.syscall(number, *words) == 0:
            print("WON: signalled", pid, "by", number)
try:
    os.killpg(0, 0)
    print("WON: signalled a group")
except OSError:
    pass
raise RuntimeError("the attack ran to its end")
