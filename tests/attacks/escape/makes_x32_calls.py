# /// attack
# says = "process ended"
# ///
"""Make a call by its x32 number, which a filter by numbers may not know."""

import ctypes

print(ctypes.CDLL(None).syscall(0x40000000 + 41, 2, 1, 0))
