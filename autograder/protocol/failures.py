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

PLACES = 8  # of cells that are told of one exception


@dataclass(frozen=True)
class Trace:
    """
    Where an exception of the answer came from, as that process tells it: hostile text. Attribute `remote` of it.

    Attributes:
        name: Its own class, which may be one that the learner defined.
        places: File name and line, from 1, of each cell that it came through, the innermost last; or of a file alone.
    """

    name: str
    places: tuple[tuple[str, int], ...]

    @property
    def place(self) -> str:
        """File name of the innermost place."""
        return self.places[-1][0]

    @property
    def line(self) -> int:
        """Line of the innermost place; 0 if unknown."""
        return self.places[-1][1]


def write_failure(encoder: Encoder, registry: Registry, error: BaseException, origin: int = 0) -> None:
    """Write an exception; *origin* is the number that the other side gave to this very one, 0 if it was raised here."""
    encoder.text(registry.name_of(error))
    if isinstance(error, Exception) and not isinstance(error, CONTROL_FLOW):
        write_arguments(encoder, error)
    else:
        encoder.count(1)
        encoder.value(f"{type(error).__name__}: {error_text(error)}")
    encoder.count(origin)
    _write_text(encoder, type(error).__name__)
    places = _places(error)
    encoder.count(len(places))
    for place, line in places:
        _write_text(encoder, place)
        encoder.count(line)


def _write_text(encoder: Encoder, text: str) -> None:
    encoder.text(text[:EXCEPTION_CHARS].encode(errors="replace").decode())


def _places(error: BaseException) -> list[tuple[str, int]]:
    """Find the innermost lines of cells, where a learner can act, or else the innermost line at all."""
    steps = [
        (step.f_globals.get("__name__"), step.f_code.co_filename, line) for step, line in walk_tb(error.__traceback__)
    ]
    cells = [step for step in steps if step[0] == "__main__"]
    found = cells[-PLACES:] or steps[-1:] or [("", "", 0)]
    return [(place, max(line or 0, 0)) for _, place, line in found]


def read_failure(decoder: Decoder, registry: Registry) -> tuple[Exception, int]:
    """Read an exception and the number that this side gave to it, 0 for none."""
    name, arguments = decoder.text(), read_arguments(decoder)
    error = registry.make(name, arguments)
    origin = decoder.count()
    class_name, number = decoder.text(), decoder.items()
    if not 1 <= number <= PLACES:
        raise ProtocolError("an exception of no place or too many")
    trace = Trace(class_name, tuple((decoder.text(), decoder.count()) for _ in range(number)))
    if max(len(trace.name), *(len(place) for place, _ in trace.places)) > EXCEPTION_CHARS:
        raise ProtocolError("an exception with a name that is too long")
    error.remote = trace  # type: ignore[attr-defined]
    return error, origin
