"""The badge's picture, drawn for this course. Only these bytes are ever baked, and only they are recognised."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import Literal

Picture = Literal["svg", "png"]

ALT_TEXT = (
    "Badge: a toothed gold ring around a night sky. Twelve bars, the share of late flights in each month of 2013, "
    "stand as a city's skyline; an aeroplane climbs over them."
)
FILES = {"svg": "badge.svg", "png": "badge.png"}
EARLIER: frozenset[str] = frozenset()  # SHA-256 of pictures that older badges carry


@functools.cache
def art(picture: Picture) -> bytes:
    """Read the picture as it is baked."""
    return _read(FILES[picture])


@functools.cache
def small_picture_address() -> str:
    """Put a small picture into an address, for badges that need no hosting."""
    return "data:image/png;base64," + base64.b64encode(_read("badge-small.png")).decode()


@functools.cache
def known_pictures() -> frozenset[str]:
    """List the SHA-256 of every picture that this course ever baked."""
    return EARLIER | {hashlib.sha256(_read(name)).hexdigest() for name in FILES.values()}


def _read(name: str) -> bytes:
    return (resources.files("autograder.badge") / "art" / name).read_bytes()
