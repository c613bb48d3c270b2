"""A real server on a copy of the course, and Debian's browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from journey_course import CourseCopy, copy_course, serve
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
