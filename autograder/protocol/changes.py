"""
Arguments that a call changed: found in the learner's process, written into the very same objects in the judge.

Decides what a change is: an object whose encoded bytes differ from what they were before the call, or that holds other
objects than it did; `glimpses` spares most of them the encoding. Found at any depth, also after a call that raised; not
found: what changes later, and what was copied by pickle. It catches honest mistakes, not liars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from autograder.protocol.codec import SHARED, Codec
from autograder.protocol.decoder import Decoder
from autograder.protocol.encoder import LARGE_BYTES, Encoder, Spans
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.glimpses import Glimpse, glimpse


class Watch:
    """
    The arguments of one call, in the learner's process.

    Args:
        decoder: What has just read them, before the call.

    Attributes:
        known: Number of each by id, those copied by pickle too.
        values: Number of each that crossed by value, by id.
    """

    def __init__(self, codec: Codec, decoder: Decoder) -> None:
        self._codec = codec
        self._objects = decoder.objects
        self._children = decoder.children
        self.known = {id(value): slot for slot, value in enumerate(decoder.objects)}
        self.values = {key: slot for key, slot in self.known.items() if type(decoder.objects[slot]) in SHARED}
        self._before: dict[int, tuple[Glimpse | None, memoryview | None]] = {
            slot: self._state(slot, decoder) for slot in self.values.values()
        }

    def _state(self, slot: int, decoder: Decoder) -> tuple[Glimpse | None, memoryview | None]:
        """Keep a cheap look at the object and its bytes: those received, or for what holds others new ones."""
        seen = glimpse(self._objects[slot])
        if not decoder.children[slot]:
            return seen, decoder.view[slice(*decoder.slices[slot])]
        return seen, None if seen is not None else memoryview(self._now(slot).data())

    def _now(self, slot: int) -> Encoder:
        """Write the object as it is now, other arguments in it only named."""
        value = self._objects[slot]
        encoder = self._codec.encoder(self.known)
        encoder.in_full(value, self._codec.writers[type(value)])
        return encoder

    def changes(self) -> list[tuple[int, Encoder]]:
        """
        Return slot and new form of every object that is no longer what it was.

        Raises:
            CannotCross: If something was put into an argument that cannot cross.
        """
        found = []
        for slot, before in self._before.items():
            now = self._changed(slot, before)
            if now is not None:
                found.append((slot, now))
        return found

    def _changed(self, slot: int, before: tuple[Glimpse | None, memoryview | None]) -> Encoder | None:
        """Return the new form of an object, or None if it is what it was."""
        seen, data = before
        if seen is not None and seen.shows_the_same(glimpse(self._objects[slot])):
            return None
        now = self._now(slot)
        return None if data is not None and _same_bytes(now, data) else now

    def unchanged(self) -> Unchanged:
        """Return a view that knows only those arguments that are still what they were, all that stands in them too."""
        return Unchanged(self.values, self._same)

    def _same(self, slot: int, seen: dict[int, bool]) -> bool:
        if slot not in seen:
            before = self._before.get(slot)
            seen[slot] = before is None or self._changed(slot, before) is None
            seen[slot] = seen[slot] and all(self._same(child, seen) for child in self._children[slot])
        return seen[slot]


def _same_bytes(now: Encoder, before: memoryview) -> bool:
    if now.written != len(before):
        return False
    start = 0
    for piece in now.pieces():
        part = before[start : start + len(piece)]
        start += len(piece)
        if len(piece) < LARGE_BYTES:
            if piece != bytes(part):
                return False
        elif not np.array_equal(np.frombuffer(piece, np.uint8), np.frombuffer(part, np.uint8)):
            return False
    return True


class Unchanged:
    """Numbers of arguments by id, each looked at when it is asked for."""

    def __init__(self, values: Mapping[int, int], same: Callable[[int, dict[int, bool]], bool]) -> None:
        self._values = values
        self._same = same
        self._seen: dict[int, bool] = {}

    def get(self, key: int, /) -> int | None:
        """Return the number of an argument that is still what it was."""
        slot = self._values.get(key)
        return slot if slot is not None and self._same(slot, self._seen) else None


def read_changes(codec: Codec, decoder: Decoder, spans: Spans) -> tuple[list[tuple[Any, Any]], list[tuple[Any, int]]]:
    """
    Read what a reply says about changed arguments.

    Returns:
        (object of the judge, what it became) for each, and all arguments with their sizes from now on.

    Raises:
        ProtocolError: If a change names no argument or has another type.
        CannotCross: If an argument now contains itself, or too much.
    """
    arguments = list(zip(spans.roots, spans.sizes, strict=True))
    number = decoder.items(2)
    if not number:
        return [], arguments
    found: list[tuple[Any, Any]] = []
    children, sizes = [list(inside) for inside in spans.children], list(spans.sizes)
    changed: set[int] = set()
    for _ in range(number):
        slot = decoder.count()
        inner = codec.decoder(decoder.raw(), arguments)
        inner.work = decoder.work
        value = inner.value()
        decoder.work = inner.work
        if slot >= len(arguments) or slot in changed or inner.pos != inner.end:
            raise ProtocolError(f"a change of argument {slot}, which may not be")
        if type(value) is not _type_after(spans.roots[slot]):
            raise ProtocolError(f"argument {slot} changed its type")
        changed.add(slot)
        found.append((spans.roots[slot], value))
        children[slot], sizes[slot] = inner.used, inner.end
    weights = unfolded(children, sizes)
    if max(weights) > codec.limits.unfolded_bytes:
        raise CannotCross("the answer put an argument into others so often that it is too large now")
    return found, list(zip(spans.roots, weights, strict=True))


def _type_after(value: Any) -> type:
    kind = type(value)
    return dict if kind.__name__ == "defaultdict" else kind


def unfolded(children: Sequence[Sequence[int]], sizes: Sequence[int]) -> list[int]:
    """
    Return the size of each object with all references in it followed.

    Raises:
        CannotCross: If an object contains itself.
    """
    weights: dict[int, int] = {}
    open_slots: set[int] = set()

    def weigh(slot: int) -> int:
        if slot in open_slots:
            raise CannotCross("the answer made an argument contain itself; a test cannot follow")
        if slot not in weights:
            open_slots.add(slot)
            weights[slot] = sizes[slot] + sum(weigh(child) for child in children[slot])
            open_slots.remove(slot)
        return weights[slot]

    return [weigh(slot) for slot in range(len(sizes))]


def write_into(target: Any, new: Any) -> None:
    """Make *target*, an object of the judge, hold what *new* holds."""
    if isinstance(target, list | bytearray):
        target[:] = new
    elif isinstance(target, dict | set):
        target.clear()
        target.update(new)
    elif isinstance(target, np.ndarray):
        _write_array(target, new)
    elif isinstance(target, pd.Series | pd.DataFrame):
        kind: Any = type(target)
        kind.__init__(target, new)
    else:  # a deque
        target.clear()
        target.extend(new)


def _write_array(target: Any, new: Any) -> None:
    if target.dtype != new.dtype or target.size != new.size:
        raise ValueError(f"the answer made another array of an argument: {new.dtype} {new.shape}; a test cannot follow")
    if target.shape != new.shape:
        target.shape = new.shape
    np.copyto(target, new)
