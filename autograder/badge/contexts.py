"""
The JSON-LD contexts of a badge: local copies, pinned by SHA-256, and the one way to canonical N-Quads.

Never loads anything from a network: an unknown address is an error. PyLD keeps global caches, is not thread-safe and
has no limit of work, so one lock guards it and only documents of the strict schema come here.
"""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from importlib import resources
from typing import Any

from autograder.errors import PlatformError

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
BADGE_CONTEXTS = (CREDENTIALS, OPEN_BADGES, EXTENSIONS)  # verifiers refuse another order

PINNED = {  # address -> file, SHA-256 of the file
    CREDENTIALS: ("credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
    OPEN_BADGES: ("ob-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
    EXTENSIONS: ("ob-extensions.json", "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93"),
    DATA_INTEGRITY: (
        "security-data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
}

_LOCK = threading.Lock()


class UnknownContextError(ValueError):
    """A document names a context that is not among the pinned ones."""


@functools.cache
def load_context(address: str) -> dict[str, Any]:
    """
    Read the local copy of a context.

    Raises:
        UnknownContextError: If there is none.
        PlatformError: If its bytes are not the pinned ones.
    """
    if address not in PINNED:
        raise UnknownContextError(f"{address!r} is not among the contexts that are kept here; nothing is downloaded")
    name, digest = PINNED[address]
    data = (resources.files("autograder.badge") / "contexts" / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise PlatformError(f"autograder/badge/contexts/{name}: was changed; install the course again")
    document: dict[str, Any] = json.loads(data)
    return document


def n_quads(document: dict[str, Any]) -> bytes:
    """
    Canonicalise a JSON-LD document as RDFC-1.0 says.

    Raises:
        ValueError: If it is no JSON-LD, or names an unknown context.
    """
    from pyld import jsonld

    with _LOCK:
        try:
            text = jsonld.normalize(document, _options() | {"algorithm": "URDNA2015", "format": "application/n-quads"})
        except (jsonld.JsonLdError, RecursionError) as error:
            raise ValueError(f"is no JSON-LD that can be canonicalised: {_first_cause(error)}") from error
    return str(text).encode()


def keeps_every_key(document: dict[str, Any]) -> bool:
    """Say whether JSON-LD understands every member: what it does not know it drops, and no signature would cover it."""
    from pyld import jsonld

    with _LOCK:
        try:
            expanded = jsonld.expand(document, _options())
            compacted = jsonld.compact(expanded, document["@context"], _options())
        except (jsonld.JsonLdError, RecursionError):
            return False
    return _keys(document) == _keys(compacted)


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        inner = [key for part in value.values() for key in _keys(part)]
        return sorted([*(key for key in value if key != "@context"), *inner])
    return sorted(key for part in value for key in _keys(part)) if isinstance(value, list) else []


def _options() -> Any:  # PyLD names a class of its own for each function
    return {"documentLoader": _load, "processingMode": "json-ld-1.1"}


def _load(address: str, _options: dict[str, Any]) -> dict[str, Any]:
    document = load_context(address)
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": document}


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
