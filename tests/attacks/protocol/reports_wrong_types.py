# /// attack
# says = "process ended"
# ///
"""Report a cell's end in types that no report has."""

from autograder.protocol import worker
from autograder.protocol.cells import CellReport

report = CellReport(name=["a", "list"], error_name=7, error_text=None, error_line="x", output={}, errors=1.5, cut=None)
worker.Worker._write_value = lambda self, encoder, code, value: encoder.value(report)
