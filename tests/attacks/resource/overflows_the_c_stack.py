# /// attack
# says = "did not run to its end"
# ///
"""Overflow the stack of C, then read address 0."""

import ctypes
import sys

sys.setrecursionlimit(10**9)
value = ()
for _ in range(400_000):
    value = (value,)
try:
    hash(value)
finally:
    ctypes.string_at(0)
