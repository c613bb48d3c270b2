"""
Which sandbox this machine offers, strongest first, and whether that is enough for the course.

M1: bubblewrap, and for each job its own user, pid, mount and ipc namespaces. M2: bubblewrap, and for each job Landlock.
M3: Landlock without bubblewrap, for containers. All three: limits, the system-call filter, no capabilities.
M0: limits only; for one's own work, never for other people's.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache

from autograder.errors import PlatformError
from autograder.sandbox import canaries

STRONGEST_FIRST = ("M1", "M2", "M3")
OWN_WORK = "M0"
ADVICE = (
    "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap) on Linux 5.19 or newer, or grade in a container "
    "whose kernel has Landlock; `course doctor` says what is missing."
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What one mode answered when it was tried."""

    mode: str
    works: bool
    reason: str = ""  # why not


@cache
def try_mode(mode: str) -> Offer:
    """Start the mode and attack it with the canaries; the answer is kept for the life of this process."""
    if mode in {"M1", "M2"} and shutil.which("bwrap", path="/usr/bin:/bin") is None:
        return Offer(mode=mode, works=False, reason="bubblewrap is not installed")
    try:
        canaries.examine(mode)
    except PlatformError as error:
        return Offer(mode=mode, works=False, reason=str(error))
    return Offer(mode=mode, works=True)


def strongest(weakest_accepted: str) -> str:
    """
    Choose the strongest mode that works here.

    Args:
        weakest_accepted: "M1", "M2", "M3", or "M0" for one's own work.

    Raises:
        PlatformError: If no accepted mode works; grading must then not start.
    """
    order = (*STRONGEST_FIRST, OWN_WORK)
    accepted = order[: order.index(weakest_accepted) + 1]
    reasons = []
    for mode in accepted:
        if mode == OWN_WORK:
            return mode
        offer = try_mode(mode)
        if offer.works:
            return mode
        reasons.append(f"{mode}: {offer.reason}")
    raise PlatformError(f"no sandbox that the course accepts works here ({'; '.join(reasons)}). {ADVICE}")
