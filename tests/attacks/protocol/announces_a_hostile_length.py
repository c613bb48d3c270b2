# /// attack
# says = "process ended"
# ///
"""Announce four gigabytes."""

import os
import struct

for descriptor in range(3, 64):
    try:
        os.write(descriptor, struct.pack("<BBII", 2, 1, 1, 0xFFFFFFFF))
    except OSError:
        pass
