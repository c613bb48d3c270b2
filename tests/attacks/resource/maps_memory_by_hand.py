# /// attack
# says = "Your cell `retrain_plan`"
# ///
"""Take memory without malloc: anonymous, shared, huge, locked, in files and in memory descriptors."""

import ctypes
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
taken, held = 0, []
try:
    while taken < 8 << 30:
        held.append(mmap.mmap(-1, 32 << 20))
        held[-1].write(b"1" * (32 << 20))
        taken += 32 << 20
except (OSError, MemoryError):
    pass
print("took", taken >> 20, "MiB")
if taken > 1 << 30:
    print("WON: more than allowed")
held.clear()
for number, what in ((319, "memfd_create"), (447, "memfd_secret"), (29, "shmget"), (149, "mlock"), (151, "mlockall")):
    if libc.syscall(number, b"x", 1 << 20, 0o1777) >= 0:
        print("WON:", what)
raise RuntimeError("the attack ran to its end")
