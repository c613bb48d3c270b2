# /// attack
# says = "ran to its end"
# ///
"""Leave a process that outlives the job: by two forks, by a new session, by a clone without a parent."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for act in (os.fork, lambda: libc.syscall(56, 0x8000 | 17, 0, 0, 0, 0), lambda: libc.syscall(58)):
    try:
        if act() == 0:
            os.setsid()
            while True:
                libc.sleep(1)
    except OSError:
        pass
try:
    os.setsid()
    print("WON: a session of its own")
except OSError:
    pass
raise RuntimeError("the attack ran to its end")
