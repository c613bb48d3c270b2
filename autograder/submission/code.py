"""
Comparing a learner's code as text. Pure: nothing is compiled or executed, so that no text can hurt.

Answers two questions: is this still the released stub, and does this cell define the name that an answer should?
"""

from __future__ import annotations

import functools
import io
import itertools
import re
import tokenize
from collections.abc import Iterator

_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER}
_DEFINES = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_ASSIGNS = re.compile(r"^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_IMPORTS = re.compile(r"^(?:from|import)\b[^\n]*", re.MULTILINE)
_LONG = 20_000  # characters; a stub is never that long


def same_code(text: str, stub: str) -> bool:
    """Tell whether *text* is *stub* but for blanks, blank lines and comments."""
    if text.strip() == stub.strip():
        return True
    if len(text) > _LONG:
        return False
    try:
        return all(one == other for one, other in itertools.zip_longest(_tokens(text), _stub_tokens(stub)))
    except (tokenize.TokenError, SyntaxError):
        return False


def bound_names(text: str) -> frozenset[str]:
    """Return the names that *text* defines or assigns at the left margin; functions and classes before variables."""
    return frozenset(_DEFINES.findall(text)) or frozenset(_ASSIGNS.findall(text))


def binds(text: str, names: frozenset[str]) -> bool:
    """Tell whether *text* binds one of *names* at the left margin, by def, class, = or import."""
    bound = {*_DEFINES.findall(text), *_ASSIGNS.findall(text)}
    for line in _IMPORTS.findall(text):
        bound.update(re.findall(r"\w+", line))
    return not names.isdisjoint(bound)


@functools.cache
def _stub_tokens(stub: str) -> tuple[tuple[int, str], ...]:
    return tuple(_tokens(stub))  # there are as many stubs as answers; a class hands in against the same ones


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            yield token.type, ""
        elif token.type not in _LAYOUT:
            yield token.type, token.string
