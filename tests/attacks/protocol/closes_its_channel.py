# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""Hang up in the middle of a call."""

import os


def max_age(*_, **__):
    os.closerange(3, 64)
    return 1
