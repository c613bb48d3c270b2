"""
Making a learner's text harmless for display. Pure.

Text that only marks up words stays as it is; text that could load, run or restyle something is shown literally, as a
fenced block, so that nothing is lost and nothing happens.
"""

from __future__ import annotations

import re

_HAZARD = re.compile(
    r"<[A-Za-z/!?]"  # raw HTML, comments, autolinks
    r"|!\["  # images, remote or embedded
    r"|\]\s*\(\s*(?!https?:|mailto:|\#)"  # links to anything but the usual
    r"|^\s{0,3}\[[^\]\n]+\]:"  # link definitions, which can stand apart from their use
    r"|&\#|javascript:|data:|vbscript:"
    r"|\\(?:href|url|require|style|class|cssId|unicode|def|newcommand|includegraphics)\b",  # MathJax commands
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"`{3,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain_text(text: str) -> str:
    """Drop terminal escapes, control characters and marks that reverse the direction of reading."""
    return _CONTROL.sub("", text)


def harmless_markdown(text: str) -> str:
    """Return *text* unchanged if it is plain markup, else as a fenced block that shows it literally."""
    text = plain_text(text)
    return fenced(text) if _HAZARD.search(text) else text


def fenced(text: str) -> str:
    """Show *text* literally; the fence is longer than any run of backticks within."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text}\n{fence}"
