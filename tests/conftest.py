"""Fixtures that more than one package's tests share."""

import os

import pytest
from hypothesis import HealthCheck, settings

# the same examples each time and as long as they take: neither chance nor a slow machine fails a test
ANY_MACHINE = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("any machine", **ANY_MACHINE)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def keys_of_the_tests(tmp_path_factory):
    """Let no test find or make an issuer's key of the person who runs it."""
    before = os.environ.get("COURSE_KEYS")
    os.environ["COURSE_KEYS"] = str(tmp_path_factory.mktemp("keys") / "private")
    yield
    if before is None:
        del os.environ["COURSE_KEYS"]
    else:
        os.environ["COURSE_KEYS"] = before


@pytest.fixture
def disagreements():
    """Give the comparison of calibration's own runner with nbgrader's kernel."""
    from kernel_parity import find_disagreements  # loads nbgrader, which most tests do without

    return find_disagreements
