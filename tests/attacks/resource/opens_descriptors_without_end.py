# /// attack
# says = "ran to its end"
# ///
"""Open files until there are no descriptors left, and go on."""

import os

number = 0
try:
    for number in range(100_000):
        os.open("/dev/null", os.O_RDONLY)
except OSError as error:
    print("stopped by", error.errno)
if number > 1000:
    print("WON: opened", number)
raise RuntimeError("the attack ran to its end")
