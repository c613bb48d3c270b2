# /// attack
# says = "Your cell `retrain_plan`"
# ///
"""Write one file, and then many, until the disk is full."""

import os
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
total = 0
try:
    for number in range(400):
        with open(f"file{number}", "wb") as file:
            for _ in range(64):
                file.write(b"\xff" * (1 << 20))
                total += 1 << 20
except OSError as error:
    print("stopped by", error.errno)
print("wrote", total >> 20, "MiB")
if total > 300 << 20:
    print("WON: wrote without a limit")
raise RuntimeError("the attack ran to its end")
