"""A real server on a copy of the course, and Debian's browser."""

from collections.abc import Iterator

import pytest
from journey_course import CourseCopy, copy_course, serve
from patient_browser import patient_browser


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[CourseCopy]:
    """Start `course start --no-browser` on a copy of the course."""
    folder = tmp_path_factory.mktemp("journey")
    root = copy_course(folder)
    home = folder / "home"
    home.mkdir()
    with serve(root, home) as course:
        yield course


@pytest.fixture(scope="session")
def chromium():
    """Give Debian's browser."""
    with patient_browser() as browser:
        yield browser
