"""
The list of revoked badges: one bit a badge, packed as the Bitstring Status List says. Pure: no key, no file, no clock.

A list says nothing about whom: indices are drawn at random, and reasons stay in the issuer's own log.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Callable, Iterable, Set
from datetime import datetime, timedelta
from typing import Any

from autograder.badge.contexts import CREDENTIALS
from autograder.badge.moments import moment_text
from autograder.errors import PlatformError

BITS = 131_072  # the smallest length that the standard allows: a herd large enough to hide in
BYTES = BITS // 8
VALID = timedelta(days=30)


def free_index(used: Set[int], draw: Callable[[int], int]) -> int:
    """
    Draw an index that no other badge of the list has.

    Args:
        used: Indices that are taken.
        draw: Gives a random number below its argument.

    Raises:
        PlatformError: If the list is nearly full.
    """
    if len(used) > BITS * 9 // 10:
        raise PlatformError("the status list is nearly full; begin another one with a new key: course badge keygen")
    index = draw(BITS)
    while index in used:
        index = draw(BITS)
    return index


def pack(revoked: Iterable[int]) -> str:
    """Write the list: the first bit is the leftmost of the first byte, then gzip, base64url, multibase's u."""
    bits = bytearray(BYTES)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)  # no time in it: the same list gives the same bytes
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(text: str) -> bytes:
    """
    Read a packed list, at most the size of ours.

    Raises:
        ValueError: If it is written otherwise or has another size.
    """
    if not text.startswith("u"):
        raise ValueError("the list is no multibase text in base64url")
    data = base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
    reader = zlib.decompressobj(wbits=31)
    try:
        bits = reader.decompress(data, BYTES + 1)
    except zlib.error as error:
        raise ValueError(f"the list cannot be unpacked: {error}") from error
    if len(bits) != BYTES or not reader.eof:
        raise ValueError(f"the list does not have {BITS} bits")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Say whether a badge is revoked."""
    return bool(bits[index // 8] & 0x80 >> index % 8)


def list_credential(list_id: str, *, issuer: str, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """Write the list as a credential, without proofs."""
    return {
        "@context": [CREDENTIALS],
        "id": list_id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": moment_text(now),
        "validUntil": moment_text(now + VALID),
        "credentialSubject": {
            "id": f"{list_id}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": pack(revoked),
        },
    }
