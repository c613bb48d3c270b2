# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""Answer with a pickle that runs a command when it is loaded."""

import os
import pickle

from autograder.protocol import worker
from autograder.protocol.messages import PICKLE


class Evil:
    def __reduce__(self):
        return (os.system, ("touch " + PATHS["marker"] + ".evil",))


def write(self, encoder, value):
    encoder.out.append(PICKLE)
    encoder.raw(pickle.dumps(value))


class Thing:
    pass


def max_age(*_, **__):
    worker.Worker._write_opaque = write
    worker.Worker._write_handle = write
    return Evil()
