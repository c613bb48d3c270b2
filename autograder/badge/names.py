"""How the issuer and its status lists are called. Pure."""

from __future__ import annotations

from autograder.badge.achievement import SELF_ISSUED, unique_id
from autograder.settings import Settings


def issuer_name(settings: Settings) -> str:
    """Say how the issuer is called; a learner who signs alone is called so."""
    if settings.mode == "self-study":  # never in the course's name, which others may know
        return (settings.badge.issuer or "The holder") + SELF_ISSUED
    return settings.badge.issuer or settings.title


def list_address(address: str, did: str) -> str:
    """Name the status list of a key: where it is published, or a name that needs no hosting."""
    file = f"{did.removeprefix('did:key:')[-16:]}.json"
    return f"{address}/status/{file}" if address else unique_id("status", did)


def list_file(list_id: str) -> str:
    """Name the file of a status list: the end of its address."""
    return list_id.rsplit("/", 1)[-1] if "/" in list_id else f"{list_id.removeprefix('urn:uuid:')}.json"
