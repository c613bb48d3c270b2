"""
Whom a verifier trusts: a list of issuers and of their keys. Pure but for reading a file.

A key is active, retired (what it signed before stays valid) or withdrawn (all that it signed fails). The list that
ships with the course is empty: a self-issued badge is trusted by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.badge.ledger import KeyRecord, KeyState
from autograder.badge.moments import moment_text, read_moment
from autograder.badge.multikey import public_key
from autograder.errors import PlatformError

FORMAT = "production-ml-course trust 1"
MAX_TRUST_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class TrustedKey:
    """One key of a trusted issuer."""

    did: str
    name: str  # of the issuer, as the trust list calls it
    state: KeyState
    since: datetime
    until: datetime | None


Trust = Mapping[str, TrustedKey]  # DID -> key


def trust_document(name: str, keys: Sequence[KeyRecord]) -> dict[str, Any]:
    """Write the trust list of one issuer."""
    rows = []
    for key in keys:
        row = {"did": key.did, "state": key.state, "since": moment_text(key.since)}
        rows.append(row | ({"until": moment_text(key.until)} if key.until else {}))
    return {"format": FORMAT, "issuers": [{"name": name, "keys": rows}]}


def read_trust(path: Path) -> dict[str, TrustedKey]:
    """
    Read a trust list.

    Raises:
        PlatformError: If it cannot be read or says what cannot be.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlatformError(f"{path}: the trust list cannot be read: {error.strerror}") from error
    try:
        if len(data) > MAX_TRUST_BYTES:
            raise ValueError("is too large")
        return trusted_keys(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PlatformError(f"{path}: is no trust list ({error}); take the issuer's trust.json as it is") from error


def trusted_keys(document: Mapping[str, Any]) -> dict[str, TrustedKey]:
    """Read the keys of a trust list that was parsed already."""
    if document["format"] != FORMAT:
        raise ValueError(f"its format is not {FORMAT!r}")
    found = {}
    for issuer in document["issuers"]:
        for key in issuer["keys"]:
            public_key(key["did"])
            if key["state"] not in ("active", "retired", "withdrawn"):
                raise ValueError(f"a key is in the unknown state {key['state']!r}")
            until = read_moment(key["until"]) if "until" in key else None
            if key["state"] == "retired" and until is None:
                raise ValueError("a retired key says no 'until'")
            found[key["did"]] = TrustedKey(
                did=key["did"],
                name=str(issuer["name"]),
                state=key["state"],
                since=read_moment(key["since"]),
                until=until,
            )
    return found


def merged(*lists: Mapping[str, TrustedKey]) -> dict[str, TrustedKey]:
    """Put trust lists together; a key that any of them withdrew is withdrawn."""
    found: dict[str, TrustedKey] = {}
    for each in lists:
        for did, key in each.items():
            if did not in found or found[did].state != "withdrawn":
                found[did] = key
    return found
