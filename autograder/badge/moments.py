"""Moments as a credential writes them: UTC, to the second, with a Z. Pure: never asks a clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime

FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def moment_text(moment: datetime) -> str:
    """Write a moment; fractions of a second are cut off, so that it is never later than it was."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime:
    """
    Read what `moment_text` wrote.

    Raises:
        ValueError: If it is written in another way, or there is no such day or hour.
    """
    if not FORM.fullmatch(text):
        raise ValueError(f"{text!r} is no moment such as 2026-03-01T12:00:00Z")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def whole_second(moment: datetime) -> datetime:
    """Cut the fraction of a second off."""
    return moment.astimezone(UTC).replace(microsecond=0)
