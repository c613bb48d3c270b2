"""Every ceiling of the protocol, with unit, default and scope, in one place."""

from __future__ import annotations

from dataclasses import dataclass

INT_BYTES = 1780  # of one whole number: its decimal text stays below Python's own limit of 4,300 digits
DECIMAL_DIGITS = 4_000
DECIMAL_EXPONENT = 6_144  # absolute; IEEE 754's decimal128
RANGE_ITEMS = 10_000_000  # of a range or a RangeIndex: no bytes on the wire, many once a test makes a list of it
ARRAY_DIMENSIONS = 16
CALLS_OPEN = 8  # reverse calls inside one another
REVERSE_CALLS = 100_000  # in one session
ITEMS = 10_000  # that one iteration over a handle may give
HANDLES = 100_000  # alive at one time, and objects given to the learner in one session
EXCEPTION_CHARS = 2_000


@dataclass(frozen=True)
class Limits:
    """Ceilings for what one side accepts; crossing one ends the frame, not the machine."""

    frame_bytes: int = 64 << 20  # one message as received
    unfolded_bytes: int = 128 << 20  # one message with every repeated reference counted again
    text_bytes: int = 16 << 20  # one str or bytes
    depth: int = 64  # containers inside one another
    work: int = 2_000_000  # objects to be made in one message; a container counts as several
    output_bytes: int = 1 << 20  # printed and shown by all cells of a session, by what their reports hold
    call_seconds: float = 10.0  # one call, reverse calls included
    cell_seconds: float = 30.0  # one cell of the learner, or all calls of one test cell
    total_seconds: float = 60.0  # a whole session
