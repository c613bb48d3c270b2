"""Sandboxes in each mode that this machine offers."""

from collections.abc import Iterator

import pytest
import sandbox_cases

from autograder.sandbox import modes
from autograder.sandbox.keeper import Keeper


@pytest.fixture(scope="session", params=sandbox_cases.MODES)
def mode(request) -> str:
    """Each mode that works here; another one is skipped with the reason."""
    offer = modes.try_mode(request.param)
    if not offer.works:
        pytest.skip(f"{offer.mode}: {offer.reason}")
    return request.param


@pytest.fixture(scope="session")
def keeper(mode) -> Iterator[Keeper]:
    """A server with small limits whose jobs run what they are sent."""
    with sandbox_cases.start(mode) as keeper:
        yield keeper
