"""
Deciding whether a badge is what it says. Needs no key and no network; any bytes end in a verdict, never an exception.

The order: take the credential out of its picture, limits, the strict shape, trust, the jcs proof, the rdfc proof,
dates, status, recipient. Verdicts, strongest first: invalid, unknown issuer, status unknown, valid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from autograder.badge.baking import BakingError, unbake
from autograder.badge.credential import digest_multibase, email_hash
from autograder.badge.moments import read_moment
from autograder.badge.multikey import public_key
from autograder.badge.status_list import is_set, unpack
from autograder.badge.strict import ShapeError, check_badge, check_status_list, read_json
from autograder.badge.trust import Trust, TrustedKey

MAX_FILE_BYTES = 4 << 20
SKEW = timedelta(seconds=300)  # clocks differ


class Verdict(IntEnum):
    """What became of a badge; the number is the command's exit status."""

    VALID = 0
    INVALID = 1
    UNKNOWN_ISSUER = 2
    STATUS_UNKNOWN = 3


WORDS = {
    Verdict.VALID: "Valid. A trusted issuer signed it, and it is not revoked.",
    Verdict.INVALID: "Not valid.",
    Verdict.UNKNOWN_ISSUER: "Signed and unchanged, but by an issuer that your trust list does not name.",
    Verdict.STATUS_UNKNOWN: "Signed by a trusted issuer, but no fresh status list says whether it is revoked.",
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A verdict, why, and what the badge says."""

    verdict: Verdict
    reason: str  # one sentence
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)  # empty if it could not be read
    issuer: str = ""  # as the trust list calls it
    notes: tuple[str, ...] = ()  # what else was checked


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the verifier brings."""

    trust: Trust
    status_lists: Sequence[bytes]  # signed lists; those of others are passed over
    now: datetime
    email: str = ""
    evidence: bytes | None = None  # a notebook that should be one of those that were graded


def verify(data: bytes, known: Known) -> Checked:
    """Check a badge: JSON, PNG or SVG."""
    if len(data) > MAX_FILE_BYTES:
        return _invalid(f"The file has more than {MAX_FILE_BYTES >> 20} MiB; no badge is so large.")
    try:
        document = read_json(take_out(data))
    except (BakingError, ShapeError) as error:
        return _invalid(f"The file {error}." if isinstance(error, ShapeError) else f"{_sentence(str(error))}.")
    problem = check_badge(document)
    if problem:
        return _invalid(f"The badge {problem}.")
    key = known.trust.get(document["issuer"]["id"])
    problem = _trust_problem(key, document) or _proof_problem(document) or _date_problem(document, known.now)
    problem = problem or _recipient_problem(document, known)
    if problem:
        return replace(_invalid(problem), document=document)
    notes = _notes(document, known)
    if key is None:
        return Checked(
            verdict=Verdict.UNKNOWN_ISSUER, reason=WORDS[Verdict.UNKNOWN_ISSUER], document=document, notes=notes
        )
    verdict, reason = check_status(document, known.status_lists, known.now)
    return Checked(verdict=verdict, reason=reason, document=document, issuer=key.name, notes=notes)


def take_out(data: bytes) -> bytes:
    """Take the credential out of a picture; JSON is its own."""
    return data if data.lstrip(b" \t\r\n")[:1] == b"{" else unbake(data)


def _invalid(reason: str) -> Checked:
    return Checked(verdict=Verdict.INVALID, reason=reason)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _trust_problem(key: TrustedKey | None, document: Mapping[str, Any]) -> str:
    if key is None or key.state == "active":
        return ""
    if key.state == "withdrawn":
        return "Its issuer has withdrawn the key that signed it; ask for a new badge."
    latest = max(read_moment(proof["created"]) for proof in document["proof"])
    late = key.until is None or latest > key.until + SKEW
    return "It was signed after its issuer had stopped using this key." if late else ""


def _proof_problem(document: Mapping[str, Any]) -> str:
    from autograder.badge.contexts import keeps_every_key
    from autograder.badge.proofs import proof_holds

    public = public_key(document["issuer"]["id"])
    rdfc, jcs = document["proof"]
    if not proof_holds(document, jcs, public):
        return "It was changed after it was signed, or signed by another key (eddsa-jcs-2022)."
    if not keeps_every_key(dict(document)) or not proof_holds(document, rdfc, public):
        return "It was changed after it was signed, or signed by another key (eddsa-rdfc-2022)."
    return ""


def _date_problem(document: Mapping[str, Any], now: datetime) -> str:
    moments = [document["validFrom"], *(proof["created"] for proof in document["proof"])]
    early = any(read_moment(text) > now + SKEW for text in moments)
    return f"It is valid from {document['validFrom']} on only." if early else ""


def _recipient_problem(document: Mapping[str, Any], known: Known) -> str:
    if known.email:
        identities = document["credentialSubject"].get("identifier", [])
        hashes = {each["identityHash"] for each in identities}
        if not hashes:
            return "It names no e-mail, so it cannot be compared with one."
        if email_hash(known.email, identities[0]["salt"]) not in hashes:
            return "It was issued to another e-mail."
    if known.evidence is not None and _evidence_name(document, known.evidence) is None:
        return "The notebook is none of those that were graded for it."
    return ""


def _notes(document: Mapping[str, Any], known: Known) -> tuple[str, ...]:
    notes = [f"It was issued to {known.email.strip()}."] if known.email else []
    if known.evidence is not None:
        notes.append(f"The notebook is the one that was graded for {_evidence_name(document, known.evidence)}.")
    return tuple(notes)


def _evidence_name(document: Mapping[str, Any], notebook: bytes) -> str | None:
    digest = digest_multibase(hashlib.sha256(notebook).hexdigest())
    return next((each["name"] for each in document["evidence"] if each["digestMultibase"] == digest), None)


def check_status(document: Mapping[str, Any], lists: Iterable[bytes], now: datetime) -> tuple[Verdict, str]:
    """
    Look a badge up in the status lists of its issuer. A list may be old when it says revoked: that is for good.

    Args:
        document: A badge whose proofs hold.
        lists: Any status lists, as bytes.
        now: The verifier's time.
    """
    status = document["credentialStatus"]
    index = int(status["statusListIndex"])
    found = [each for each in map(_read_list, lists) if each and _is_list_of(each, document)]
    bits = [(each, unpack(each["credentialSubject"]["encodedList"])) for each in found]
    if any(is_set(each, index) for _, each in bits):
        return Verdict.INVALID, "Its issuer has revoked it."
    fresh = [
        each
        for each in found
        if read_moment(each["validFrom"]) <= now + SKEW and read_moment(each["validUntil"]) >= now - SKEW
    ]
    if fresh:
        return Verdict.VALID, WORDS[Verdict.VALID]
    if found:
        newest = max(each["validUntil"] for each in found)
        return Verdict.STATUS_UNKNOWN, f"The newest status list is out of date since {newest}; get a newer one."
    return Verdict.STATUS_UNKNOWN, WORDS[Verdict.STATUS_UNKNOWN]


def _read_list(data: bytes) -> dict[str, Any] | None:
    from autograder.badge.proofs import proof_holds

    try:
        document = read_json(data)
        if check_status_list(document):
            return None
        unpack(document["credentialSubject"]["encodedList"])
    except ValueError:
        return None
    public = public_key(document["issuer"])
    return document if all(proof_holds(document, proof, public) for proof in document["proof"]) else None


def _is_list_of(status_list: Mapping[str, Any], badge: Mapping[str, Any]) -> bool:
    same_list = bool(status_list["id"] == badge["credentialStatus"]["statusListCredential"])
    return same_list and bool(status_list["issuer"] == badge["issuer"]["id"])
