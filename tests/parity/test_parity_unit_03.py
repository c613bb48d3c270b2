"""The judge against nbgrader's kernel and calibration's runner, on unit 03: the same verdicts, in the same words."""

from parity_unit import UnitParity


class TestUnit03(UnitParity):
    NAME = "03_transformation"
