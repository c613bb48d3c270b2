"""
The reading half of the codec's core: a cursor over received bytes that believes nothing.

Decides that nothing is allocated before the bytes that pay for it have come, that objects are paid for before they are
made, and that references cannot unfold to more than a frame. It knows no type by itself; `codec` brings the tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.protocol.encoder import ARGUMENT, REF
from autograder.protocol.errors import ProtocolError
from autograder.protocol.limits import Limits

SAME_HASHES = 64  # keys with one hash; more is an attack on dictionaries
MANY_KEYS = 1_000  # below, no attack on dictionaries costs anything

Read = Callable[["Decoder"], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one tag is read: by what, at what price, and whether the object keeps its identity."""

    read: Read
    work: int = 1
    shared: bool = False


class Decoder:
    """
    Reads values from received bytes.

    Args:
        readers: What reads a tag.
        resolve: Context of the reader of opaque objects (the session); None where none may come.
        arguments: Arguments of the call that is being answered, each with its size in bytes.
        posix_path: Type that a path arrives as.
    """

    __slots__ = (
        "arguments",
        "children",
        "depth",
        "end",
        "extra",
        "limits",
        "objects",
        "open",
        "pos",
        "posix_path",
        "readers",
        "resolve",
        "slices",
        "used",
        "view",
        "weights",
        "work",
    )

    def __init__(
        self,
        data: bytes | bytearray | memoryview,
        readers: Mapping[int, Reader],
        limits: Limits,
        *,
        resolve: Any = None,
        arguments: Sequence[tuple[Any, int]] = (),
        posix_path: type = object,
    ) -> None:
        self.view = memoryview(data)
        self.end = len(self.view)
        self.pos = 0
        self.readers = readers
        self.limits = limits
        self.resolve = resolve
        self.arguments = arguments
        self.posix_path = posix_path
        self.work = limits.work
        self.depth = limits.depth
        self.extra = 0  # bytes that references stand for
        self.objects: list[Any] = []  # slot -> object, or PENDING
        self.weights: list[int] = []  # slot -> bytes, references unfolded
        self.slices: list[tuple[int, int]] = []  # slot -> where it stands in the frame
        self.children: list[list[int]] = []  # slot -> slots inside it, repeated ones repeated
        self.open: list[int] = []  # slots that are being read
        self.used: list[int] = []  # numbers of the arguments referred to

    def value(self) -> Any:
        """Read one value."""
        start = self.pos
        tag = self.byte()
        reader = self.readers.get(tag)
        if reader is None:
            raise ProtocolError(f"unknown tag {tag} at byte {start}")
        self.spend(reader.work)
        self.depth -= 1
        if self.depth < 0:
            raise ProtocolError(f"nested deeper than {self.limits.depth}")
        value = self._share(reader, start) if reader.shared else reader.read(self)
        self.depth += 1
        return value

    def _share(self, reader: Reader, start: int) -> Any:
        slot, extra = len(self.objects), self.extra
        self.inside(slot)
        self.objects.append(PENDING)
        self.weights.append(0)
        self.slices.append((start, start))
        self.children.append([])
        self.open.append(slot)
        value = reader.read(self)
        self.open.pop()
        self.objects[slot] = value
        self.weights[slot] = self.pos - start + self.extra - extra
        self.slices[slot] = (start, self.pos)
        return value

    def inside(self, slot: int) -> None:
        """Remember that an object stands in the one that is being read."""
        if self.open:
            self.children[self.open[-1]].append(slot)

    def spend(self, work: int) -> None:
        """Pay for objects before they are made."""
        self.work -= work
        if self.work < 0:
            raise ProtocolError(f"more than {self.limits.work} objects in one frame")

    def unfold(self, weight: int) -> None:
        """Pay for a reference as if its object stood here again."""
        self.extra += weight
        if self.pos + self.extra > self.limits.unfolded_bytes:
            raise ProtocolError(f"references unfold to more than {self.limits.unfolded_bytes} bytes")

    def byte(self) -> int:
        """Read one byte."""
        pos = self.pos
        if pos >= self.end:
            raise ProtocolError(f"ends at byte {pos}, inside a value")
        self.pos = pos + 1
        return self.view[pos]

    def count(self) -> int:
        """Read a number that is not negative and below 2**63."""
        byte = self.byte()
        if byte < 0x80:
            return byte
        number, shift = byte & 0x7F, 7
        while byte > 0x7F:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ProtocolError("a number of more than 63 bits")
        return number

    def items(self, smallest: int = 1) -> int:
        """Read a number of items that follow, each of at least *smallest* bytes, all of them here already."""
        number = self.count()
        if number * smallest > self.end - self.pos:
            raise ProtocolError(f"announces {number} items in {self.end - self.pos} bytes")
        return number

    def take(self, number: int) -> memoryview:
        """Read exactly so many bytes, without a copy."""
        start = self.pos
        if number > self.end - start:
            raise ProtocolError(f"announces {number} bytes, {self.end - start} are here")
        self.pos = start + number
        return self.view[start : self.pos]

    def raw(self) -> memoryview:
        """Read bytes with their length, without a copy."""
        return self.take(self.count())

    def text(self) -> str:
        """Read a text of well-formed UTF-8."""
        data = self.raw()
        if len(data) > self.limits.text_bytes:
            raise ProtocolError(f"a text of {len(data)} bytes")
        return str(data, "utf-8")

    def flag(self) -> bool:
        """Read 0 or 1."""
        byte = self.byte()
        if byte > 1:
            raise ProtocolError(f"{byte} is neither 0 nor 1")
        return byte == 1


class _Pending:
    """Stands in a slot while its object is being read: whoever refers to it closes a cycle."""


PENDING = _Pending()


def read_ref(decoder: Decoder) -> Any:
    """Read a reference to an object that stands earlier in the frame."""
    slot = decoder.count()
    if slot >= len(decoder.objects) or decoder.objects[slot] is PENDING:
        raise ProtocolError(f"refers to object {slot}, which is not complete")
    decoder.inside(slot)
    decoder.unfold(decoder.weights[slot])
    return decoder.objects[slot]


def read_argument(decoder: Decoder) -> Any:
    """Read a reference to an argument of the call that is being answered."""
    number = decoder.count()
    if number >= len(decoder.arguments):
        raise ProtocolError(f"refers to argument {number} of {len(decoder.arguments)}")
    value, weight = decoder.arguments[number]
    decoder.unfold(weight)
    decoder.used.append(number)
    return value


def check_hashes(keys: Sequence[Any]) -> None:
    """
    Refuse keys that were chosen to make a dictionary slow.

    Raises:
        ProtocolError: If too many keys have one hash.
    """
    if len(keys) > MANY_KEYS and max(Counter(map(hash, keys)).values()) > SAME_HASHES:
        raise ProtocolError("keys with one hash")


REFERENCES = {REF: Reader(read_ref), ARGUMENT: Reader(read_argument)}
