"""Fixtures that more than one package's tests share."""

import pytest


@pytest.fixture
def disagreements():
    """Give the comparison of calibration's own runner with nbgrader's kernel."""
    from kernel_parity import find_disagreements  # loads nbgrader, which most tests do without

    return find_disagreements
