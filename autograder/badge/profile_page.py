"""
A learner's published profile: one static page beside the three files of the badge. Only what the learner wished.

Holds no script, loads nothing but its own picture, and asks search engines to stay away.
"""

from __future__ import annotations

import html
from string import Template

from autograder.badge.art import ALT_TEXT
from autograder.badge.links import qr_svg
from autograder.badge.verify_page import page_part, source_hash
from autograder.badge.view import IssuedBadge, UnitScore

VERIFY = "../../verify.html"
POLICY = "img-src 'self'; base-uri 'none'; form-action 'none'"
SCORES = Template(
    '<section class="card">\n<h2>Results</h2>\n<table>\n<thead><tr><th scope="col">Unit</th>'
    '<th scope="col">Points</th></tr></thead>\n<tbody>\n$rows\n</tbody>\n</table>\n</section>'
)


def profile_page(badge: IssuedBadge, *, narrative: str, holder: str, scores: bool) -> str:
    """
    Write the page.

    Args:
        badge: What it shows.
        narrative: Criteria; paragraphs with an empty line between.
        holder: The learner's name if they wish it; else words that name nobody.
        scores: The learner agrees to show them.
    """
    style = page_part("profile.css")
    paragraphs = [f"<p>{html.escape(text)}</p>" for text in narrative.split("\n\n")]
    return Template(page_part("profile.html")).substitute(
        policy=f"default-src 'none'; style-src {source_hash(style)}; {POLICY}",
        title=html.escape(badge.title),
        style=style,
        alt=html.escape(ALT_TEXT),
        issuer=html.escape(badge.issuer_name),
        holder=html.escape(holder),
        awarded=f"{badge.awarded_at:%-d %B %Y}",
        verify=VERIFY,
        linkedin=html.escape(badge.linkedin_url),
        criteria="\n".join(paragraphs),
        scores=_score_table(badge.scores) if scores else "",
        id=html.escape(badge.id),
        key=html.escape(badge.issuer_id),
        qr=qr_svg(badge.qr_text, label="QR code of this badge"),
        qr_text=html.escape(badge.qr_text),
    )


def _score_table(scores: tuple[UnitScore, ...]) -> str:
    rows = [
        f'<tr><th scope="row">{html.escape(f"{unit.name[:2]} {unit.title}")}</th>'
        f"<td>{html.escape(unit.percent)} %</td></tr>"
        for unit in scores
    ]
    return SCORES.substitute(rows="\n".join(rows))
