# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Fill a pipe that nobody reads, and wait."""

import os

ends = [os.pipe() for _ in range(10)]
for _, end in ends:
    while True:
        os.write(end, b"x" * 4096)
