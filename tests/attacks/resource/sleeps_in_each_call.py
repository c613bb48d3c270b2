# /// attack
# answer = "max_age"
# says = "ran longer than the time limit"
# endless = true
# ///
"""Sleep in the calls of checks."""

import time


def max_age(*_, **__):
    time.sleep(3600)
