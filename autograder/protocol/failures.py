"""
How an exception crosses: as the nearest class that both sides know, with its arguments or a text.

Decides that nothing that ends a program or an iteration ever crosses: it arrives as a RuntimeError that names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from traceback import walk_tb

from autograder.protocol.decoder import Decoder
from autograder.protocol.encoder import Encoder
from autograder.protocol.errors import ProtocolError
from autograder.protocol.limits import EXCEPTION_CHARS
from autograder.protocol.records import CONTROL_FLOW, Registry, error_text, read_arguments, write_arguments


@dataclass(frozen=True)
class Trace:
    """
    Where an exception of the answer came from, as that process tells it: hostile text. Attribute `remote` of it.

    Attributes:
        name: Its own class, which may be one that the learner defined.
        place: Name of the innermost cell that it came through, or of a file.
        line: Line there, from 1; 0 if unknown.
    """

    name: str
    place: str
    line: int


def write_failure(encoder: Encoder, registry: Registry, error: BaseException, origin: int = 0) -> None:
    """Write an exception; *origin* is the number that the other side gave to this very one, 0 if it was raised here."""
    encoder.text(registry.name_of(error))
    if isinstance(error, Exception) and not isinstance(error, CONTROL_FLOW):
        write_arguments(encoder, error)
    else:
        encoder.count(1)
        encoder.value(f"{type(error).__name__}: {error_text(error)}")
    encoder.count(origin)
    place, line = _place(error)
    for text in (type(error).__name__, place):
        encoder.text(text[:EXCEPTION_CHARS].encode(errors="replace").decode())
    encoder.count(line)


def _place(error: BaseException) -> tuple[str, int]:
    """Find the innermost line of a cell, where a learner can act, or else the innermost line at all."""
    steps = [
        (step.f_globals.get("__name__"), step.f_code.co_filename, line) for step, line in walk_tb(error.__traceback__)
    ]
    cells = [step for step in steps if step[0] == "__main__"]
    _, place, line = (cells or steps or [("", "", 0)])[-1]
    return place, max(line or 0, 0)


def read_failure(decoder: Decoder, registry: Registry) -> tuple[Exception, int]:
    """Read an exception and the number that this side gave to it, 0 for none."""
    name, arguments = decoder.text(), read_arguments(decoder)
    error = registry.make(name, arguments)
    origin = decoder.count()
    trace = Trace(decoder.text(), decoder.text(), decoder.count())
    if max(len(trace.name), len(trace.place)) > EXCEPTION_CHARS:
        raise ProtocolError("an exception with a name that is too long")
    error.remote = trace  # type: ignore[attr-defined]
    return error, origin
