"""
Gathering what a verifier needs: trust lists, status lists from a folder or, if asked, from their address.

Never asks an address that stands in a badge unless its trusted issuer's proofs hold: anybody can write a badge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from autograder.badge.strict import MAX_BYTES
from autograder.badge.trust import TrustedKey, merged, read_trust
from autograder.badge.verify import Checked, Known, Verdict, verify
from autograder.errors import PlatformError

MAX_LISTS = 1000  # files of a folder that are looked at
SECONDS = 5.0

Fetch = Callable[[str], bytes]


def check_file(
    data: bytes,
    *,
    email: str = "",
    trust: Sequence[Path] = (),
    status_dir: Path | None = None,
    online: bool = False,
    evidence: bytes | None = None,
    now: datetime | None = None,
    fetch: Fetch | None = None,
) -> Checked:
    """
    Check a badge with what the verifier has at hand.

    Raises:
        PlatformError: If a trust list or the folder of status lists cannot be read. A badge never raises.
    """
    known = Known(
        trust=merged(shipped_trust(), *(read_trust(path) for path in trust)),
        status_lists=_lists_of(status_dir) if status_dir else [],
        now=now or datetime.now(UTC),
        email=email,
        evidence=evidence,
    )
    checked = verify(data, known)
    if not online or checked.verdict not in (Verdict.VALID, Verdict.STATUS_UNKNOWN):
        return checked
    address = checked.document["credentialStatus"]["statusListCredential"]
    if not address.startswith("https://"):
        return replace(checked, notes=(*checked.notes, "Its status list has no address to fetch it from."))
    try:
        newest = (fetch or fetch_list)(address)
    except ValueError as error:
        return replace(checked, notes=(*checked.notes, f"{address} cannot be fetched: {error}."))
    return verify(data, replace(known, status_lists=[*known.status_lists, newest]))


def shipped_trust() -> dict[str, TrustedKey]:
    """Read the trust list that comes with the course."""
    with resources.as_file(resources.files("autograder.badge") / "trust.json") as path:
        return read_trust(path)


def fetch_list(address: str) -> bytes:
    """
    Fetch a status list, at most as large as one may be; where it was moved to is not asked.

    Raises:
        ValueError: If the address does not answer with a list.
    """
    import httpx

    try:
        with httpx.stream("GET", address, timeout=SECONDS, follow_redirects=False) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ValueError(f"it answers {answer.status_code}")
            data = b""
            for part in answer.iter_bytes():
                data += part
                if len(data) > MAX_BYTES:
                    raise ValueError("it answers with too much")
            return data
    except httpx.HTTPError as error:
        raise ValueError(type(error).__name__) from error


def _lists_of(folder: Path) -> list[bytes]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.is_file())
        return [path.read_bytes() for path in paths[:MAX_LISTS] if path.stat().st_size <= MAX_BYTES]
    except OSError as error:
        raise PlatformError(f"{folder}: the status lists cannot be read: {error.strerror}") from error
