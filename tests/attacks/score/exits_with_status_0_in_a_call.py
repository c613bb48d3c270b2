# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""End the process as a program that succeeded, inside the call of a check."""

import os


def max_age(*_, **__):
    os._exit(0)
