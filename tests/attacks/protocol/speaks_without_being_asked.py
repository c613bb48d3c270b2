# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""Let a thread write to the channel between two calls."""

import os
import struct
import threading
import time


spoken = threading.Event()


def speak():
    for number in range(10**9):
        time.sleep(0.001)
        if number > 3:
            spoken.set()
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, struct.pack("<BBII", 1, 1, 1, 3) + b"\0\0\0")
            except OSError:
                pass


def max_age(*_, **__):
    threading.Thread(target=speak, daemon=True).start()
    spoken.wait()
    return 1
