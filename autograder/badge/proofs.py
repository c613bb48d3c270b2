"""
Two proofs on one document: eddsa-rdfc-2022 and eddsa-jcs-2022, each over the document without its proofs.

Decides what exactly is signed. Never sees a key file: a signer comes in as a function. One proof alone is not enough:
common verifiers refuse jcs, and rdfc does not notice what JSON-LD drops.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from autograder.badge.contexts import n_quads
from autograder.badge.multikey import from_multibase, multibase

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
SUITES = (RDFC, JCS)
SIGNATURE_BYTES = 64

Document = Mapping[str, Any]
Sign = Callable[[bytes], bytes]


def jcs(value: Any) -> bytes:
    """
    Write JSON in the one canonical way of RFC 8785.

    Raises:
        ValueError: If it cannot be written so: a lone surrogate, a number that is not finite.
    """
    try:
        return bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise ValueError(f"is no JSON that can be canonicalised: {error}") from error


CANONICAL: Mapping[str, Callable[[dict[str, Any]], bytes]] = {RDFC: n_quads, JCS: jcs}


def add_proofs(document: Document, *, method: str, created: str, sign: Sign) -> dict[str, Any]:
    """
    Sign a document by both suites.

    Args:
        document: Without proofs.
        method: Verification method: the DID and its key.
        created: Moment, ISO 8601 in UTC, to the second.
        sign: Makes the Ed25519 signature of bytes.
    """
    proofs = []
    for suite in SUITES:
        options = {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": created,
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
        }
        if suite == JCS:
            options["@context"] = document["@context"]  # this suite signs it as part of the proof
        proofs.append(options | {"proofValue": multibase(sign(signed_bytes(document, options)))})
    return {**document, "proof": proofs}


def signed_bytes(document: Document, options: Document) -> bytes:
    """Say what a proof signs: the digest of its own options, then the digest of the document."""
    canonical = CANONICAL[options["cryptosuite"]]
    bare_options = {key: value for key, value in options.items() if key != "proofValue"}
    if options["cryptosuite"] == RDFC:
        bare_options["@context"] = document["@context"]
    bare = {key: value for key, value in document.items() if key != "proof"}
    return hashlib.sha256(canonical(bare_options)).digest() + hashlib.sha256(canonical(bare)).digest()


def proof_holds(document: Document, proof: Document, public: bytes) -> bool:
    """Say whether *proof* is the signature of the key *public* (32 bytes) on the document."""
    try:
        signature = from_multibase(proof["proofValue"], size=SIGNATURE_BYTES)
        message = signed_bytes(document, proof)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
