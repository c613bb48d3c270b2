# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Hide errors and show points: displayhook, showtraceback, custom exception handlers, sys.excepthook."""

import sys


def silent(*_, **__):
    return None


shell = get_ipython()
shell.showtraceback = shell._showtraceback = type(shell).showtraceback = silent
shell.set_custom_exc((BaseException,), silent)
sys.excepthook = sys.displayhook = shell.displayhook.__class__.__call__ = silent


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return None


18.0
