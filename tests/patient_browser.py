"""Debian's browser with patience: whatever a page does, it may do it slowly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120_000  # milliseconds for anything, on two busy cores; Playwright's own 5 and 30 seconds ask for speed


@contextmanager
def patient_browser() -> Iterator[Browser]:
    """Start the browser; in all its windows every wait is as long as PATIENCE unless it says otherwise."""
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE)
        new_context = browser.new_context

        def new_patient_context(**options: Any) -> BrowserContext:
            context = new_context(**options)
            context.set_default_timeout(PATIENCE)
            return context

        browser.new_context = new_patient_context  # type: ignore[method-assign]
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()
