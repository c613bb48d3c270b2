"""
The verify page: one static HTML file with everything built in, and a policy that lets it load nothing.

Decides what the page knows: trust list, status lists, shapes, our own pictures. What it then says, it decides alone.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from string import Template
from typing import Any

from autograder.badge.art import ALT_TEXT, known_pictures, small_picture_address
from autograder.badge.baking import SVG_HEAD
from autograder.badge.moments import moment_text
from autograder.badge.status_list import BITS
from autograder.badge.strict import MAX_BYTES, MAX_DEPTH, badge_schema, status_list_schema
from autograder.badge.trust import TrustedKey
from autograder.badge.verify import MAX_FILE_BYTES


def page_part(name: str) -> str:
    """Read a part of the pages from the package."""
    return (resources.files("autograder.badge") / "page" / name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """Name a script or a style as a content security policy does."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy() -> str:
    """Say what the page may do: run its own script, wear its own style, and load nothing."""
    script, style = source_hash(page_part("verify.js")), source_hash(page_part("verify.css"))
    own = f"script-src {script}; style-src {style}; img-src data:"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def verify_page(
    *, title: str, issuer: str, trust: Mapping[str, TrustedKey], status_lists: Sequence[bytes], made: datetime
) -> str:
    """
    Write the page.

    Args:
        title: The course's name.
        issuer: Whose badges it checks.
        trust: Keys that it trusts.
        status_lists: Signed lists that it looks badges up in.
        made: When it is made.
    """
    lists = [json.loads(data) for data in status_lists]
    script, style = page_part("verify.js"), page_part("verify.css")
    known = {
        "trust": {did: _trust_row(key) for did, key in trust.items()},
        "statusLists": lists,
        "badgeSchema": badge_schema(),
        "listSchema": status_list_schema(),
        "pictures": sorted(known_pictures()),
        "svgHead": SVG_HEAD.decode(),
        "maxBytes": MAX_BYTES,
        "maxDepth": MAX_DEPTH,
        "maxFile": MAX_FILE_BYTES,
        "bits": BITS,
    }
    return Template(page_part("verify.html")).substitute(
        policy=policy(),
        title=html.escape(title),
        issuer=html.escape(issuer),
        picture=small_picture_address(),
        alt=html.escape(ALT_TEXT),
        style=style,
        script=script,
        made=moment_text(made),
        until=min((each["validUntil"] for each in lists), default="never: it has none"),
        known=json.dumps(known).replace("<", "\\u003c"),  # a text must not end the script element
    )


def _trust_row(key: TrustedKey) -> dict[str, Any]:
    until = {"until": moment_text(key.until)} if key.until else {}
    return {"name": key.name, "state": key.state, **until}
