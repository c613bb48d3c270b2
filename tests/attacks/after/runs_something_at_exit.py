# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Register what runs when the process ends: atexit, finalizers, signal handlers, a timer."""

import atexit
import signal
import weakref


class Last:
    def __del__(self):
        while True:
            pass


def forever(*_):
    while True:
        pass


last = Last()
atexit.register(forever)
weakref.finalize(last, forever)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGXCPU):
    signal.signal(number, forever)


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return None
