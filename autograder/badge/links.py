"""Addresses that a badge is shown under, and the picture that leads to one from paper. Pure."""

from __future__ import annotations

import html
import io
from datetime import datetime
from urllib.parse import urlencode

LINKEDIN = "https://www.linkedin.com/profile/add"


def profile_address(address: str, badge_id: str) -> str:
    """Say where a published profile is found; empty if nothing is hosted."""
    return f"{address}/profiles/{badge_id.removeprefix('urn:uuid:')}/" if address else ""


def linkedin_address(*, title: str, issuer: str, awarded_at: datetime, badge_id: str, profile: str) -> str:
    """Write the link that adds the badge to the holder's profile there; nothing is sent before they follow it."""
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": title,
        "organizationName": issuer,
        "issueYear": str(awarded_at.year),
        "issueMonth": str(awarded_at.month),
        "certId": badge_id,
    }
    return f"{LINKEDIN}?{urlencode(fields | ({'certUrl': profile} if profile else {}))}"


def qr_svg(text: str, *, label: str = "QR code") -> str:
    """Draw a QR code as inline SVG, dark on light in every colour scheme, with a name for those who cannot see it."""
    import segno

    drawn = io.BytesIO()
    code = segno.make(text, micro=False, error="m")
    code.save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, dark="#000", light="#fff", nl=False
    )
    svg = drawn.getvalue().decode()
    name = html.escape(f"{label}: {text}", quote=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
