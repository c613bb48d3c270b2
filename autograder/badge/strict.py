"""
The closed shape of a badge and of its status list: what is not written here is refused. Pure.

The schemas use only keywords that the verify page interprets too, so that command and page say the same. Numbers,
nulls, empty lists and braces inside texts do not occur: JSON writes one number in many ways, wallets count braces.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.badge.contexts import BADGE_CONTEXTS, CREDENTIALS
from autograder.badge.credential import ESCO, SCHEMA_ADDRESS
from autograder.badge.moments import read_moment
from autograder.badge.proofs import JCS, RDFC
from autograder.badge.status_list import BITS

MAX_BYTES = 64 << 10  # of a badge; a status list, mostly zeros, stays far below
MAX_DEPTH = 16
END = r"$(?!\n)"  # Python's $ alone would let a line end follow

Schema = dict[str, Any]


class ShapeError(ValueError):
    """The document is no badge of this course."""


def _text(pattern: str, *, longest: int = 400) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}{END}", "maxLength": longest}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


def _list(items: Schema, *, most: int = 64) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


LINE = _text(r"[^\u0000-\u001f\u007f{}<>\ufffe\uffff]+")
PARAGRAPHS = _text(r"[^\u0000-\u0009\u000b-\u001f\u007f{}<>\ufffe\uffff]+", longest=8000)
URN = _text(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HTTPS = r"https://[A-Za-z0-9._~:/-]+"
WEB = _text(HTTPS)
DID = _text(r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
METHOD = _text(r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}#z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
MOMENT = _text(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
PERCENT = _text(r"[0-9]{1,3}(\.[0-9])?")
LIST_ID = _text(rf"({HTTPS}|urn:uuid:[0-9a-f-]{{36}})")
PICTURE = _text(rf"({HTTPS}|data:image/png;base64,[A-Za-z0-9+/]+=*)", longest=32 << 10)
SUBJECT_ID = _text(r"(urn:uuid:[0-9a-f-]{36}|did:[a-z0-9]+:[A-Za-z0-9._:%-]+)")


def _proof(suite: str, contexts: Sequence[str] | None = None) -> Schema:
    fields: dict[str, Schema] = {
        "type": {"const": "DataIntegrityProof"},
        "cryptosuite": {"const": suite},
        "created": MOMENT,
        "verificationMethod": METHOD,
        "proofPurpose": {"const": "assertionMethod"},
        "proofValue": _text(r"z[1-9A-HJ-NP-Za-km-z]{64,90}"),
    }
    return _object(fields | ({"@context": {"const": list(contexts)}} if contexts else {}))


def _proofs(contexts: Sequence[str]) -> Schema:
    return {"type": "array", "prefixItems": [_proof(RDFC), _proof(JCS, contexts)], "minItems": 2, "maxItems": 2}


def _achievement_schema() -> Schema:
    alignment: dict[str, Schema] = {
        "type": {"const": ["Alignment"]},
        "targetName": LINE,
        "targetFramework": {"const": "ESCO"},
        "targetUrl": {"const": ESCO},
        "targetType": {"const": "ext:ESCOSkill"},
    }
    result_description: dict[str, Schema] = {
        "id": URN,
        "type": {"const": ["ResultDescription"]},
        "name": LINE,
        "resultType": {"const": "Percent"},
        "requiredValue": PERCENT,
        "valueMin": {"const": "0"},
        "valueMax": {"const": "100"},
    }
    return _object(
        {
            "id": URN,
            "type": {"const": ["Achievement"]},
            "achievementType": {"const": "Badge"},
            "name": LINE,
            "version": LINE,
            "description": PARAGRAPHS,
            "criteria": _object({"narrative": PARAGRAPHS}),
            "image": _object({"id": PICTURE, "type": {"const": "Image"}, "caption": LINE}),
            "alignment": _list(_object(alignment), most=1),
            "resultDescription": _list(_object(result_description)),
        }
    )


def _subject_schema() -> Schema:
    identity: dict[str, Schema] = {
        "type": {"const": "IdentityObject"},
        "hashed": {"const": True},
        "identityHash": _text(r"sha256\$[0-9a-f]{64}"),
        "identityType": {"const": "emailAddress"},
        "salt": _text(r"[0-9a-f]{32}"),
    }
    result: dict[str, Schema] = {
        "type": {"const": ["Result"]},
        "resultDescription": URN,
        "value": PERCENT,
        "status": {"const": "Completed"},
    }
    return _object(
        {
            "id": SUBJECT_ID,
            "type": {"const": ["AchievementSubject"]},
            "achievement": _achievement_schema(),
            "result": _list(_object(result)),
        },
        {"name": LINE, "identifier": _list(_object(identity), most=1)},
    )


@functools.cache
def badge_schema() -> Schema:
    """Write the shape of a signed badge as a JSON Schema."""
    evidence: dict[str, Schema] = {
        "id": URN,
        "type": {"const": ["Evidence"]},
        "name": LINE,
        "genre": LINE,
        "narrative": PARAGRAPHS,
        "digestMultibase": _text(r"uEi[A-Za-z0-9_-]{44}"),
    }
    status: dict[str, Schema] = {
        "id": _text(rf"({HTTPS}|urn:uuid:[0-9a-f-]{{36}})#[0-9]{{1,6}}"),
        "type": {"const": "BitstringStatusListEntry"},
        "statusPurpose": {"const": "revocation"},
        "statusListIndex": _text(r"(0|[1-9][0-9]{0,5})"),
        "statusListCredential": LIST_ID,
    }
    return _object(
        {
            "@context": {"const": list(BADGE_CONTEXTS)},
            "id": URN,
            "type": {"const": ["VerifiableCredential", "OpenBadgeCredential"]},
            "name": LINE,
            "description": PARAGRAPHS,
            "issuer": _object({"id": DID, "type": {"const": ["Profile"]}, "name": LINE}, {"url": WEB}),
            "awardedDate": MOMENT,
            "validFrom": MOMENT,
            "credentialSubject": _subject_schema(),
            "evidence": _list(_object(evidence)),
            "credentialSchema": {"const": [{"id": SCHEMA_ADDRESS, "type": "1EdTechJsonSchemaValidator2019"}]},
            "credentialStatus": _object(status),
            "proof": _proofs(BADGE_CONTEXTS),
        }
    )


@functools.cache
def status_list_schema() -> Schema:
    """Write the shape of a signed status list as a JSON Schema."""
    subject: dict[str, Schema] = {
        "id": _text(rf"({HTTPS}|urn:uuid:[0-9a-f-]{{36}})#list"),
        "type": {"const": "BitstringStatusList"},
        "statusPurpose": {"const": "revocation"},
        "encodedList": _text(r"u[A-Za-z0-9_-]+", longest=MAX_BYTES),
    }
    return _object(
        {
            "@context": {"const": [CREDENTIALS]},
            "id": LIST_ID,
            "type": {"const": ["VerifiableCredential", "BitstringStatusListCredential"]},
            "issuer": DID,
            "validFrom": MOMENT,
            "validUntil": MOMENT,
            "credentialSubject": _object(subject),
            "proof": _proofs([CREDENTIALS]),
        }
    )


def read_json(data: bytes) -> dict[str, Any]:
    """
    Read a JSON object without numbers, without a name twice, in clean UTF-8.

    Raises:
        ShapeError: If it is anything else, or too large.
    """
    if len(data) > MAX_BYTES:
        raise ShapeError(f"has {len(data)} bytes; a badge has at most {MAX_BYTES}")
    try:
        text = data.decode("utf-8")
        document = json.loads(
            text,
            object_pairs_hook=_no_name_twice,
            parse_int=_no_number,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
        json.dumps(document, ensure_ascii=False).encode()  # half a character, written as an escape, has no UTF-8
    except ShapeError:
        raise
    except (ValueError, RecursionError) as error:
        raise ShapeError(f"is no JSON that a badge could be: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise ShapeError("is JSON, but no object")
    if _depth(document) > MAX_DEPTH:
        raise ShapeError("is nested deeper than a badge")
    return document


def check_badge(document: Any) -> str:
    """Say what keeps a document from being a badge of this course; empty if nothing does."""
    return _shape_problem(_validator("badge"), document) or _contradiction(document)


def check_status_list(document: Any) -> str:
    """Say what keeps a document from being a status list; empty if nothing does."""
    problem = _shape_problem(_validator("status"), document)
    if problem:
        return problem
    if not _are_moments(document["validFrom"], document["validUntil"], *_created(document)):
        return "names a moment that never was"
    if document["credentialSubject"]["id"] != f"{document['id']}#list":
        return "is about another list than it says"
    return _method_problem(document, document["issuer"])


def _contradiction(document: Mapping[str, Any]) -> str:
    achievement = document["credentialSubject"]["achievement"]
    results = document["credentialSubject"]["result"]
    descriptions = achievement["resultDescription"]
    status = document["credentialStatus"]
    if not _are_moments(document["awardedDate"], document["validFrom"], *_created(document)):
        return "names a moment that never was"
    if document["awardedDate"] > document["validFrom"]:
        return "was awarded after it was issued"
    if [each["resultDescription"] for each in results] != [each["id"] for each in descriptions]:
        return "has other results than the achievement describes"
    if len({each["id"] for each in descriptions}) != len(descriptions):
        return "describes one result twice"
    if len(document["evidence"]) != len(results):
        return "does not have one piece of evidence a result"
    for result, description in zip(results, descriptions, strict=True):
        if not float(description["requiredValue"]) <= float(result["value"]) <= 100:
            return f"says {result['value']} % in {description['name']}, where {description['requiredValue']} % pass"
    if status["id"] != f"{status['statusListCredential']}#{status['statusListIndex']}":
        return "names two places in the status list"
    if int(status["statusListIndex"]) >= BITS:
        return "names a place behind the end of the status list"
    return _method_problem(document, document["issuer"]["id"])


def _method_problem(document: Mapping[str, Any], issuer: str) -> str:
    method = f"{issuer}#{issuer.removeprefix('did:key:')}"
    same = all(proof["verificationMethod"] == method for proof in document["proof"])
    return "" if same else "is signed by another key than its issuer's"


def _created(document: Mapping[str, Any]) -> list[str]:
    return [proof["created"] for proof in document["proof"]]


def _are_moments(*texts: str) -> bool:
    try:
        return all(read_moment(text) for text in texts)
    except ValueError:
        return False


@functools.cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(badge_schema() if kind == "badge" else status_list_schema())


def _shape_problem(validator: Any, document: Any) -> str:
    error = next(validator.iter_errors(document), None)
    if error is None:
        return ""
    place = "/".join(str(part) for part in error.absolute_path)
    return f"does not have the shape of a badge of this course at {place or 'its top'} ({error.validator})"


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            part
            for each in level
            if isinstance(each, dict | list)
            for part in (each.values() if isinstance(each, dict) else each)
        ]
    return deepest


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ShapeError("says one name twice in one object")
    return found


def _no_number(text: str) -> None:
    raise ShapeError(f"holds the number {text[:20]}; a badge writes numbers as text")
