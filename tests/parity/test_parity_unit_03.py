"""The judge against nbgrader's kernel and calibration's runner, on unit 03: the same verdicts, in the same words."""

from parity_unit import UnitParity


class TestUnit03(UnitParity):
    NAME = "03_transformation"
    CELL_SECONDS = 30  # one check starts an interpreter; no mutant of this unit runs for ever
