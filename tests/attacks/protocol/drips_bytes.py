# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Send one byte now and then, so that something always comes."""

import os
import struct
import time

message = struct.pack("<BBII", 2, 1, 1, 60 << 20) + b"0" * 10_000
for byte in message:
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, bytes([byte]))
        except OSError:
            pass
    time.sleep(0.01)
