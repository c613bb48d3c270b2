# /// attack
# answer = "max_age"
# says = ""
# ///
"""Let a thread write to the channel between two calls."""

import os
import struct
import threading
import time


def speak():
    while True:
        time.sleep(0.001)
        for descriptor in range(3, 10):
            try:
                os.write(descriptor, struct.pack("<BBII", 1, 1, 1, 3) + b"\0\0\0")
            except OSError:
                pass


def max_age(*_, **__):
    threading.Thread(target=speak, daemon=True).start()
    time.sleep(0.5)
    return 1
