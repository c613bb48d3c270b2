# /// attack
# says = "ran to its end"
# ///
"""Change user, group and capabilities, and undo what cannot be undone."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
me = os.getuid()
for act in (os.setuid, os.setgid, os.seteuid, os.setegid):
    for number in (0, 1000):
        try:
            act(number)
            print("WON: became", number)
        except OSError:
            pass
for option, value in ((8, 1), (4, 1), (38, 0), (24, 0), (47, 2), (1, 0), (36, 1), (22, 1), (0x59616D61, -1), (28, 0)):
    if libc.prctl(option, value, 0, 0, 0) == 0:
        print("WON: prctl", option)
if libc.syscall(126, ctypes.create_string_buffer(8), ctypes.create_string_buffer(24)) == 0:
    print("WON: capabilities")
if os.getuid() != me:
    print("WON: another user", os.getuid())
raise RuntimeError("the attack ran to its end")
