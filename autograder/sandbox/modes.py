"""
Which sandbox this machine offers, strongest first, and whether that is enough for the course.

M1: bubblewrap, and for each job its own user, pid, mount and ipc namespaces. M2: bubblewrap, and for each job Landlock.
M3: Landlock without bubblewrap, for containers. All three: limits, the system-call filter, no capabilities.
M0: limits only; for one's own work, never for other people's.
"""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass

from autograder.errors import PlatformError
from autograder.sandbox import canaries
from autograder.sandbox.inside import landlock

STRONGEST_FIRST = ("M1", "M2", "M3")
OWN_WORK = "M0"
KEEP_REFUSAL_SECONDS = 300.0  # a trial may take a minute where it hangs: a server must not spend its life on trials
FULL_LANDLOCK = 6  # from here on it also stops signals and abstract sockets
ADVICE = (
    "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap) on Linux 5.19 or newer, or grade in a container "
    "whose kernel has Landlock; `course doctor` says what is missing."
)
TITLES = {
    "M1": "bubblewrap, and namespaces for each job",
    "M2": "bubblewrap, and Landlock for each job",
    "M3": "Landlock without bubblewrap",
    "M0": "limits only, for your own work",
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What one mode answered when it was tried."""

    mode: str
    works: bool
    reason: str = ""  # why not, and what to do; or what is weaker than it could be

    @property
    def title(self) -> str:
        """What the mode consists of."""
        return TITLES[self.mode]


_tried: dict[str, tuple[float, Offer]] = {}  # mode -> when it was tried, on the monotonic clock, and what came of it


def try_mode(mode: str) -> Offer:
    """
    Tell whether the machine offers a mode.

    What the machine visibly lacks is looked for each time; it costs nothing, and may be installed meanwhile. Otherwise
    the mode is started and attacked with the canaries. Success is kept for the life of this process, since the kernel
    does not change; a refusal only for five minutes, since the machine may only have been busy.
    """
    missing = _missing(mode)
    if missing:
        return Offer(mode=mode, works=False, reason=missing)
    at, offer = _tried.get(mode, (0.0, None))
    if offer is None or not (offer.works or time.monotonic() - at < KEEP_REFUSAL_SECONDS):
        offer = _examine(mode)
        _tried[mode] = (time.monotonic(), offer)
    return offer


def _examine(mode: str) -> Offer:
    try:
        canaries.examine(mode)
    except PlatformError as error:
        return Offer(mode=mode, works=False, reason=str(error))
    version = landlock.abi()
    weaker = "" if version >= FULL_LANDLOCK else f"Landlock version {version} of this kernel does not cover signals"
    return Offer(mode=mode, works=True, reason=weaker)


def _missing(mode: str) -> str:
    """Say what the machine visibly lacks for a mode, and what to do."""
    if sys.platform != "linux":
        return "only Linux has it; grade in a container or on a Linux machine"
    if mode in {"M1", "M2"} and shutil.which("bwrap", path="/usr/bin:/bin") is None:
        return "bubblewrap is not installed; type: apt-get install bubblewrap"
    version = landlock.abi()
    if version < landlock.OLDEST_ABI:
        return f"the kernel's Landlock has version {version}; use Linux 5.19 or newer, with Landlock switched on"
    return ""


def describe() -> list[Offer]:
    """Try every mode, strongest first; M0 always works and protects nobody."""
    return [*(try_mode(mode) for mode in STRONGEST_FIRST), Offer(mode=OWN_WORK, works=True)]


def best() -> Offer:
    """Return the strongest mode that works here; M0, with the reasons, if nothing else does."""
    refused = []
    for mode in STRONGEST_FIRST:
        offer = try_mode(mode)
        if offer.works:
            return offer
        refused.append(f"{mode}: {offer.reason}")
    return Offer(mode=OWN_WORK, works=True, reason="; ".join(refused))


def accepted(mode: str, weakest_accepted: str) -> bool:
    """Tell whether a mode is at least as strong as the weakest one that the course accepts."""
    order = (*STRONGEST_FIRST, OWN_WORK)
    return order.index(mode) <= order.index(weakest_accepted)


def strongest(weakest_accepted: str) -> str:
    """
    Choose the strongest mode that works here.

    Args:
        weakest_accepted: "M1", "M2", "M3", or "M0" for one's own work.

    Raises:
        PlatformError: If no accepted mode works; grading must then not start.
    """
    offer = best()
    if not accepted(offer.mode, weakest_accepted):
        raise PlatformError(
            f"no sandbox that the course accepts works here: it wants {weakest_accepted} or stronger, this machine "
            f"offers {offer.mode} ({offer.reason or offer.title}). {ADVICE}"
        )
    return offer.mode
