# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Replace everything by which a cell could be run: run_cell, run_code, do_execute, exec, compile."""

import builtins
import gc

from IPython.core.interactiveshell import ExecutionResult, InteractiveShell


def succeeded(*_, **__):
    return ExecutionResult(None)


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return None


InteractiveShell.run_cell = InteractiveShell.run_ast_nodes = succeeded
InteractiveShell.run_code = lambda *_, **__: False
for thing in gc.get_objects():
    if isinstance(thing, type):
        for name in ("do_execute", "run_cell"):
            if name in vars(thing):
                setattr(thing, name, succeeded)
builtins.exec = builtins.eval = lambda *_, **__: None
