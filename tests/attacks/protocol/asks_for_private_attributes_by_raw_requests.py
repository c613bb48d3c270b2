# /// attack
# answer = "prequential"
# says = "the search"
# ///
"""Ask for private attributes where the learner's side of the protocol would not even forward the question."""

import gc

from autograder.protocol.messages import Op
from autograder.protocol.worker import Worker


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    make_model()
    worker = next(thing for thing in gc.get_objects() if type(thing) is Worker)
    refused = 0
    for number in (0, 1):
        for name in (
            "__globals__",
            "__code__",
            "__closure__",
            "__class__",
            "__dict__",
            "__init__",
            "__builtins__",
            "gi_frame",
            "f_globals",
        ):
            try:
                print("WON:", name, worker.request(Op.ATTRIBUTE, number, name))
            except Exception as error:
                refused += 1
        for op in (Op.EXECUTE, Op.NAME, Op.WORKSPACE):
            pass
    raise RuntimeError(f"the search was refused {refused} times")
