# /// attack
# says = "ran to its end"
# ///
"""Fork by every call that there is."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
tries = {
    "fork": os.fork,
    "libc fork": lambda: libc.fork(),
    "vfork": lambda: libc.syscall(58),
    "raw fork": lambda: libc.syscall(57),
    "clone": lambda: libc.syscall(56, 17, 0, 0, 0, 0),
    "clone without a signal": lambda: libc.syscall(56, 0x100, 0, 0, 0, 0),
    "clone3": lambda: libc.syscall(435, ctypes.create_string_buffer(88), 88),
    "forkpty": os.forkpty,
}
for name, act in tries.items():
    try:
        pid = act()
    except OSError as error:
        pid = -1
    if pid == 0:
        os._exit(0)
    if pid > 0:
        print("WON: forked by", name)
raise RuntimeError("the attack ran to its end")
