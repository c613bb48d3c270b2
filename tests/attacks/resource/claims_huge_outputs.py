# /// attack
# says = "printed more than the limit"
# ///
"""Replace what reports to the judge, so that each cell claims megabytes of output; see also the notebook attack."""

from autograder.protocol.cells import CellReport
from autograder.protocol.worker import ACTS, Op

ACTS[Op.EXECUTE] = lambda *_: CellReport(name="retrain_plan", output=b"o" * (15 << 20), errors=b"e" * (15 << 20))
worker_do = __import__("autograder.protocol.worker").protocol.worker.Worker
plain = worker_do._reply


def lie(self, code, target, operands, watch):
    if code == Op.EXECUTE:
        self.__class__._do = lambda self, code, target, operands: ACTS[code](self, target, *operands)
    return plain(self, code, target, operands, watch)


def report(self, encoder, code, value):
    encoder.value(ACTS[Op.EXECUTE]() if code == Op.EXECUTE else value)


worker_do._reply, worker_do._write_value = lie, report
