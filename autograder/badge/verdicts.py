"""A verdict in words and as plain data: who, what, when, by whom, the scores, the digests. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.badge.verify import WORDS, Checked, Verdict


def verdict_json(checked: Checked) -> dict[str, Any]:
    """Write a verdict as plain data."""
    return {
        "verdict": checked.verdict.name.lower().replace("_", " "),
        "reason": checked.reason,
        "issuer": checked.issuer,
        "notes": list(checked.notes),
        "badge": dict(checked.document),
    }


def verdict_lines(checked: Checked) -> list[str]:
    """Write a verdict for people: who, what, when, by whom, the scores, the digests."""
    first = WORDS[checked.verdict] if checked.verdict is Verdict.INVALID else checked.reason
    lines = [first, *([checked.reason] if first != checked.reason else []), *checked.notes]
    if checked.document:
        lines += _badge_lines(checked.document, checked.issuer)
    return lines


def _badge_lines(badge: Mapping[str, Any], issuer: str) -> list[str]:
    subject = badge["credentialSubject"]
    rows = [
        ("badge", f"{badge['name']} (version {subject['achievement']['version']})"),
        ("holder", subject.get("name") or subject["id"]),
        ("awarded", badge["awardedDate"]),
        ("issued", badge["validFrom"]),
        ("issuer says", badge["issuer"]["name"]),
        ("trusted as", issuer or "nobody: the issuer's name above is only a claim"),
        ("key", badge["issuer"]["id"]),
        ("id", badge["id"]),
    ]
    described = zip(subject["achievement"]["resultDescription"], subject["result"], badge["evidence"], strict=True)
    for description, result, evidence in described:
        percent = f"{result['value']} % (required {description['requiredValue']} %)"
        rows.append((description["name"], f"{percent}, notebook {evidence['digestMultibase']}"))
    return [f"{name + ':':14} {value}" for name, value in rows]
