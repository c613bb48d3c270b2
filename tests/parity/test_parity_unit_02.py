"""The judge against nbgrader's kernel and calibration's runner, on unit 02: the same verdicts, in the same words."""

from parity_unit import UnitParity


class TestUnit02(UnitParity):
    NAME = "02_inference"
