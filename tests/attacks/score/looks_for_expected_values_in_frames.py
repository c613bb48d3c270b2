# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Walk up the stack from a call of a test and return what the test's frame expects."""

import inspect
import sys


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    frame = sys._getframe()
    while frame is not None:
        for names in (frame.f_locals, frame.f_globals):
            for name in ("wanted", "trains", "tiny_year", "static_plan"):
                if name in names and frame.f_back is not None:
                    print("WON: a name of the test", name)
        if "assert " in str(frame.f_locals.get("source", "")):
            print("WON: a source of the test")
        frame = frame.f_back
    return None
