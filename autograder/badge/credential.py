"""
The words of one badge: facts in, a credential without proofs out. Pure: no key, no file, no clock, no random number.

Holds only what the strict schema knows. Scores are text, because JSON has many ways to write one number.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.badge.achievement import Achievement, unique_id
from autograder.badge.contexts import BADGE_CONTEXTS
from autograder.badge.moments import moment_text

SCHEMA_ADDRESS = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
SHA2_256 = b"\x12\x20"  # multihash's prefix of such a digest
ESCO = "http://data.europa.eu/esco/skill/3a2d5b45-56e4-4f5a-a55a-4a4a65afdc43"


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Who signs."""

    did: str
    name: str
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whom the badge is about. The account's name never enters it."""

    subject: str  # a random urn:uuid, or the learner's own DID
    email: str = ""
    salt: str = ""  # 128 random bits, hex; hides the e-mail from those who guess
    name: str = ""  # only by the learner's wish


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What was graded in one unit."""

    unit: str
    percent: str
    sha256: str  # of the notebook, hex
    suite_digest: str
    grader_version: str
    mode: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that one badge says."""

    id: str
    holder: Holder
    passed: Sequence[Passed]  # in the order of the achievement's units
    awarded_at: datetime
    valid_from: datetime
    status_list: str
    status_index: int
    image: str  # address of the picture


def percent_text(score: float, max_score: float) -> str:
    """Write a share of the points in percent, cut to one decimal: never more than was earned, at most 100."""
    tenths = math.floor(1000 * score / max_score + 1e-6)  # 1e-6: 0.29 * 100 must stay 29
    return f"{min(tenths, 1000) / 10:g}"


def digest_multibase(sha256: str) -> str:
    """Write a SHA-256 as credentials do: a multihash in base64url."""
    return "u" + base64.urlsafe_b64encode(SHA2_256 + bytes.fromhex(sha256)).decode().rstrip("=")


def email_hash(email: str, salt: str) -> str:
    """Hash an e-mail as Open Badges does: the address, then the salt."""
    return "sha256$" + hashlib.sha256((email.strip().lower() + salt).encode()).hexdigest()


def write_credential(achievement: Achievement, issuer: Issuer, facts: Facts) -> dict[str, Any]:
    """Write the credential without its proofs."""
    profile = {"id": issuer.did, "type": ["Profile"], "name": issuer.name}
    if issuer.address:
        profile["url"] = issuer.address
    return {
        "@context": list(BADGE_CONTEXTS),
        "id": facts.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.title,
        "description": achievement.description,
        "issuer": profile,
        "awardedDate": moment_text(facts.awarded_at),
        "validFrom": moment_text(facts.valid_from),
        "credentialSubject": _subject(achievement, facts),
        "evidence": [_evidence(achievement, facts.id, passed) for passed in facts.passed],
        "credentialSchema": [{"id": SCHEMA_ADDRESS, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": f"{facts.status_list}#{facts.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(facts.status_index),
            "statusListCredential": facts.status_list,
        },
    }


def _subject(achievement: Achievement, facts: Facts) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": facts.holder.subject,
        "type": ["AchievementSubject"],
        "achievement": _achievement(achievement, facts.image),
        "result": [
            {
                "type": ["Result"],
                "resultDescription": achievement.result_id(passed.unit),
                "value": passed.percent,
                "status": "Completed",
            }
            for passed in facts.passed
        ],
    }
    if facts.holder.name:
        subject["name"] = facts.holder.name
    if facts.holder.email:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": email_hash(facts.holder.email, facts.holder.salt),
                "identityType": "emailAddress",
                "salt": facts.holder.salt,
            }
        ]
    return subject


def _achievement(achievement: Achievement, image: str) -> dict[str, Any]:
    return {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": "Badge",
        "name": achievement.title,
        "version": achievement.version,
        "description": achievement.description,
        "criteria": {"narrative": achievement.narrative},
        "image": {"id": image, "type": "Image", "caption": f"{achievement.title}: the badge's picture"},
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": "machine learning",
                "targetFramework": "ESCO",
                "targetUrl": ESCO,
                "targetType": "ext:ESCOSkill",
            }
        ],
        "resultDescription": [
            {
                "id": achievement.result_id(unit.name),
                "type": ["ResultDescription"],
                "name": f"{unit.name[:2]} {unit.title}",
                "resultType": "Percent",
                "requiredValue": achievement.required_percent,
                "valueMin": "0",
                "valueMax": "100",
            }
            for unit in achievement.units
        ],
    }


def _evidence(achievement: Achievement, credential: str, passed: Passed) -> dict[str, Any]:
    title = next(f"{unit.name[:2]} {unit.title}" for unit in achievement.units if unit.name == passed.unit)
    return {
        "id": unique_id("evidence", credential, passed.unit),
        "type": ["Evidence"],
        "name": title,
        "genre": "Graded notebook",
        "narrative": (
            f"The submitted notebook has the digest in digestMultibase. It was graded by version "
            f"{passed.grader_version} of the course's grader (mode {passed.mode}) with the hidden tests of SHA-256 "
            f"{passed.suite_digest}."
        ),
        "digestMultibase": digest_multibase(passed.sha256),
    }
