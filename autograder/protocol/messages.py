"""
The messages of both directions: one header, and the numbers that stand in it.

A message is a request or a reply. Requests nest strictly: a reply answers the youngest open request of the other side.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Any, NamedTuple

HEADER = struct.Struct("<BBII")  # kind, code, number of the request, bytes of the body
HANDLE, REVERSE, PICKLE = 80, 81, 82  # tags: the learner's object, the judge's object, a copy for the learner
TITLE_CHARS = 80  # of a class's name that stands in the repr of a proxy


class Kind(IntEnum):
    """What a message is."""

    REQUEST = 1
    REPLY = 2


class Op(IntEnum):
    """What a request asks for; the first thirteen for an object of the other side."""

    CALL = 1
    ATTRIBUTE = 2
    LENGTH = 3
    ITERATE = 4
    NEXT = 5
    ITEM = 6
    CONTAINS = 7
    ENTER = 8
    EXIT = 9
    EQUAL = 10
    IS_INSTANCE = 11
    TRUTH = 12  # of the judge's objects only: the learner's are never asked whether they are true
    METHOD = 13  # of the judge's objects only: a call of a method that was announced
    EXECUTE = 20  # the rest is asked by the judge alone
    NAME = 21
    WORKSPACE = 22


class Status(IntEnum):
    """How a request ended."""

    VALUE = 1
    RAISED = 2
    EXHAUSTED = 3  # the answer to NEXT alone; a StopIteration never crosses


class Message(NamedTuple):
    """One message as received."""

    kind: int
    code: int
    number: int
    body: Any  # bytes-like


class Ability(IntEnum):
    """What an object of the other side can do, by its type; one bit each."""

    CALL = 1
    LENGTH = 2
    ITERATE = 4
    NEXT = 8
    ITEM = 16
    CONTAINS = 32
    CONTEXT = 64
    CLASS = 128
    TRUTH = 256


ABILITIES = sum(Ability)
METHODS = {
    Ability.LENGTH: ("__len__",),
    Ability.ITERATE: ("__iter__", "__getitem__"),
    Ability.NEXT: ("__next__",),
    Ability.ITEM: ("__getitem__",),
    Ability.CONTAINS: ("__contains__", "__iter__", "__getitem__"),
    Ability.CONTEXT: ("__enter__",),
    Ability.TRUTH: ("__bool__",),
}


def abilities_of(value: Any) -> int:
    """Find what *value* can do: any of the methods, found on its type, as Python finds them."""
    kind = type(value)
    found = int(Ability.CALL) if callable(value) else 0
    if isinstance(value, type):
        found |= Ability.CLASS
    for ability, names in METHODS.items():
        if any(getattr(kind, name, None) is not None for name in names):
            found |= ability
    return found


def title_of(value: Any) -> str:
    """Return the name that a proxy's repr shows."""
    kind = value if isinstance(value, type) else type(value)
    name = getattr(value, "__name__", None) if callable(value) else None
    text = name if type(name) is str else kind.__name__
    return str.encode(text[:TITLE_CHARS], errors="replace").decode()
