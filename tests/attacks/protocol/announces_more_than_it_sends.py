# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Announce sixty megabytes, send ten bytes, and wait."""

import os
import struct
import time

for descriptor in range(3, 64):
    try:
        os.write(descriptor, struct.pack("<BBII", 2, 1, 1, 60 << 20) + b"0" * 10)
    except OSError:
        pass
time.sleep(3600)
