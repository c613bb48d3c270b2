"""
The writing half of the codec's core: values into one growing frame.

Decides sharing, depth and size: the same mutable object twice is written once, a cycle is refused. It knows no type by
itself; `codec` brings the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograder.protocol.errors import CannotCross
from autograder.protocol.limits import Limits

REF = 1  # an object that this frame holds already
ARGUMENT = 2  # an argument of the call that is being answered

LARGE_BYTES = 32 << 10

Piece = bytes | bytearray | memoryview
Write = Callable[["Encoder", Any], None]


class Known(Protocol):
    """Numbers of the arguments of a running call, by id."""

    def get(self, key: int, /) -> int | None:
        """Return the number, or None."""


@dataclass(slots=True)
class Spans:
    """What the sender remembers of one frame: its shared objects, their sizes, and which stand in which."""

    roots: list[Any] = field(default_factory=list)  # slot -> object; also keeps its id from being used again
    sizes: list[int] = field(default_factory=list)  # slot -> bytes
    children: list[list[int]] = field(default_factory=list)  # slot -> slots inside it, repeated ones repeated


class Encoder:
    """
    Writes values, one after the other: into `out`, and large buffers beside it without a copy.

    Args:
        writers: What writes a type, by exact type.
        shared: Types whose objects keep their identity.
        opaque: Writes, or refuses, every object of another type.
        known: Number of an argument of the running call, by `id`; such an object is written as a reference.
    """

    __slots__ = (
        "_bytes_before",
        "_pieces",
        "depth",
        "known",
        "limits",
        "opaque",
        "open",
        "out",
        "plain_only",
        "shared",
        "slots",
        "spans",
        "writers",
    )

    def __init__(
        self,
        writers: Mapping[type, Write],
        shared: frozenset[type],
        opaque: Write,
        limits: Limits,
        known: Known,
    ) -> None:
        self.writers = writers
        self.shared = shared
        self.opaque = opaque
        self.limits = limits
        self.known = known
        self.out = bytearray()  # the last piece
        self._pieces: list[Piece] = []  # those before it
        self._bytes_before = 0
        self.depth = 0
        self.plain_only = 0  # above 0 inside keys and sets, where nothing opaque may stand
        self.slots: dict[int, int] = {}  # id -> slot
        self.spans = Spans()
        self.open: list[int] = []  # slots that are being written

    def value(self, value: Any) -> None:
        """Write one value of any type."""
        kind = type(value)
        write = self.writers.get(kind)
        if write is None:
            self.opaque(self, value)
            return
        self.depth += 1
        if self.depth > self.limits.depth:
            raise CannotCross(f"a value nested deeper than {self.limits.depth} levels cannot cross; use a flatter one")
        if kind in self.shared:
            self.share(value, write)
        else:
            write(self, value)
        self.depth -= 1
        if self.written > self.limits.frame_bytes:
            raise CannotCross(f"more than {self.limits.frame_bytes >> 20} MiB cannot cross at once; use less")

    def share(self, value: Any, write: Write) -> None:
        """Write an object that keeps its identity: in full once, then by reference."""
        number = self.known.get(id(value))
        if number is not None:
            self.out.append(ARGUMENT)
            self.count(number)
            return
        slot = self.slots.get(id(value))
        if slot is None:
            self.in_full(value, write)
            return
        if slot in self.open:
            raise CannotCross(f"a {type(value).__name__} that contains itself cannot cross; break the cycle")
        self._inside(slot)
        self.out.append(REF)
        self.count(slot)

    def in_full(self, value: Any, write: Write) -> None:
        """Write an object in full and give it the next slot."""
        slot = len(self.spans.roots)
        self._inside(slot)
        self.slots[id(value)] = slot
        self.spans.roots.append(value)
        self.spans.sizes.append(0)
        self.spans.children.append([])
        self.open.append(slot)
        start = self.written
        write(self, value)
        self.open.pop()
        self.spans.sizes[slot] = self.written - start

    def _inside(self, slot: int) -> None:
        if self.open:
            self.spans.children[self.open[-1]].append(slot)

    @property
    def written(self) -> int:
        """Bytes so far."""
        return self._bytes_before + len(self.out)

    def pieces(self) -> list[Piece]:
        """Return all that was written, in order."""
        return [*self._pieces, self.out]

    def data(self) -> bytes:
        """Return all that was written, in one copy."""
        return b"".join(self.pieces())

    def large(self, data: Piece) -> None:
        """Write bytes without a length; a large buffer stays where it is, and must not change until it is sent."""
        if len(data) < LARGE_BYTES or self.plain_only:
            self.out += data
            return
        self._pieces += (self.out, data)
        self._bytes_before += len(self.out) + len(data)
        self.out = bytearray()

    def nested(self, inner: Encoder) -> None:
        """Write all that another encoder wrote, with its length."""
        self.count(inner.written)
        for piece in inner.pieces():
            self.large(piece)

    def count(self, number: int) -> None:
        """Write a number that is not negative, seven bits a byte."""
        while number > 0x7F:
            self.out.append(number & 0x7F | 0x80)
            number >>= 7
        self.out.append(number)

    def raw(self, data: bytes | bytearray | memoryview) -> None:
        """Write bytes with their length."""
        self.count(len(data))
        self.out += data

    def text(self, text: str) -> None:
        """Write a text with its length in UTF-8."""
        try:
            data = text.encode()
        except UnicodeEncodeError:
            raise CannotCross("text with a lone surrogate, half a character, cannot cross; use whole ones") from None
        if len(data) > self.limits.text_bytes:
            raise CannotCross(f"a text longer than {self.limits.text_bytes >> 20} MiB cannot cross; use a shorter one")
        self.raw(data)

    def key(self, value: Any) -> None:
        """Write a value that will be hashed on the other side."""
        self.plain_only += 1
        self.value(value)
        self.plain_only -= 1

    def key_bytes(self, values: Iterable[Any]) -> list[bytes]:
        """Write keys one by one and take their bytes away again, so that the caller may sort them."""
        start = len(self.out)
        found = []
        for value in values:
            self.key(value)
            found.append(bytes(self.out[start:]))
            del self.out[start:]
        return found
