"""The judge against nbgrader's kernel and calibration's runner, on unit 01: the same verdicts, in the same words."""

from parity_unit import UnitParity


class TestUnit01(UnitParity):
    NAME = "01_training"
