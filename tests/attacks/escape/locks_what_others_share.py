# /// attack
# says = "ran to its end"
# ///
"""Lock files that two jobs can open: a channel between them."""

import fcntl
import os

for name in (np.__file__, os.__file__, "/dev/null", "/usr/lib", "/dev/zero"):
    for flags in (os.O_RDONLY, os.O_RDWR):
        try:
            descriptor = os.open(name, flags)
        except OSError:
            continue
        for act in (
            lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB),
            lambda: fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB),
            lambda: fcntl.fcntl(descriptor, 1024, 0),
            lambda: fcntl.fcntl(descriptor, fcntl.F_NOTIFY, 1),
        ):
            try:
                act()
                print("WON: locked", name)
            except OSError:
                pass
raise RuntimeError("the attack ran to its end")
