# /// attack
# answer = "max_age"
# says = "ran longer than the time limit"
# endless = true
# ///
"""Stop reading: what is sent to it stays where it is."""

import threading


def max_age(*_, **__):
    threading.Event().wait()
