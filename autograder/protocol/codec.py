"""
The codec: any value of the contract to bytes and back. Typed, by value, never executable.

Decides the tables of types and that every malformed frame ends in one ProtocolError. It never evaluates, imports or
unpickles; what crosses otherwise than by value is the business of whoever brings `opaque` and `resolve`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from autograder.protocol import arrays, frames, plain, times
from autograder.protocol.decoder import REFERENCES, Decoder, Reader
from autograder.protocol.encoder import Encoder, Known, Write
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.limits import Limits
from autograder.protocol.records import Registry

SHARED = plain.SHARED | arrays.SHARED | frames.SHARED
DEFAULT_LIMITS = Limits()


def refuse(_: Encoder, value: Any) -> None:
    """Refuse what is no value of the contract."""
    raise CannotCross(f"a {type(value).__module__}.{type(value).__qualname__} cannot cross by value")


class Codec:
    """
    The tables of one side.

    Args:
        registry: The records and exceptions that both sides know.
        opaque: Writes every object that is no value; refuses by default.
        opaque_readers: What reads the tags that *opaque* writes.
        posix_path: Type that a path arrives as: PurePosixPath in the judge, Path in the learner's process.
    """

    def __init__(
        self,
        registry: Registry | None = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        opaque: Write = refuse,
        opaque_readers: Mapping[int, Reader] | None = None,
        resolve: Any = None,
        posix_path: type = PurePosixPath,
    ) -> None:
        self.registry = registry or Registry.of(())
        self.limits = limits
        self.opaque = opaque
        self.resolve = resolve
        self.posix_path = posix_path
        self.writers: dict[type, Write] = (
            plain.WRITERS | times.WRITERS | arrays.WRITERS | frames.WRITERS | self.registry.writers()
        )
        self.readers: dict[int, Reader] = (
            REFERENCES | plain.READERS | times.READERS | arrays.READERS | frames.READERS | self.registry.readers()
        )
        self.readers |= opaque_readers or {}

    def encoder(self, known: Known | None = None) -> Encoder:
        """Start a frame; *known* numbers the arguments of the running call by id."""
        return Encoder(self.writers, SHARED, self.opaque, self.limits, {} if known is None else known)

    def decoder(self, data: bytes | bytearray | memoryview, arguments: Sequence[tuple[Any, int]] = ()) -> Decoder:
        """Start to read a frame."""
        return Decoder(
            data, self.readers, self.limits, resolve=self.resolve, arguments=arguments, posix_path=self.posix_path
        )

    def encode(self, value: Any) -> bytes:
        """
        Write one value.

        Raises:
            CannotCross: If the value, or something in it, has no form to cross in.
        """
        encoder = self.encoder()
        encoder.value(value)
        return encoder.data()

    def decode(self, data: bytes | bytearray | memoryview) -> Any:
        """
        Read one value.

        Raises:
            ProtocolError: If *data* are anything else than the bytes of one value.
        """
        decoder = self.decoder(data)
        return read_all(decoder, Decoder.value)


def read_all(decoder: Decoder, read: Any) -> Any:
    """
    Read everything that *decoder* holds by *read*.

    Raises:
        ProtocolError: If something is malformed or left over; nothing else ever comes out of received bytes.
        CannotCross: If *read* itself says so of a value that was well formed.
    """
    try:
        value = read(decoder)
    except (ProtocolError, CannotCross):
        raise
    except Exception as error:  # noqa: BLE001 - whatever the libraries say about hostile bytes
        raise ProtocolError(f"malformed at byte {decoder.pos}: {type(error).__name__}: {error}"[:500]) from None
    if decoder.pos != decoder.end:
        raise ProtocolError(f"{decoder.end - decoder.pos} bytes are left over")
    return value
