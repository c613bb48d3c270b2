"""What the learner's process needs to run cells, and what it says afterwards. The sandbox brings the shell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class CellReport:
    """
    What one cell of the learner did, as that process tells it: hostile text, to be shown escaped and never believed.

    Attributes:
        error_name: Class of the exception that ended the cell; None if none did.
        error_line: Line of the cell, from 1; None if it is not known.
        output, errors: Bytes of stdout and stderr, cut at the shell's limit.
        shown: (MIME type, text or base64) of each figure or last value.
        cut: True if there was more output than the limit.
    """

    name: str
    error_name: str | None = None
    error_text: str = ""
    error_line: int | None = None
    output: bytes = b""
    errors: bytes = b""
    shown: tuple[tuple[str, str], ...] = ()
    cut: bool = False


class Shell(Protocol):
    """Where the learner's cells run, in the learner's process."""

    @property
    def namespace(self) -> dict[str, object]:
        """The names that the cells see and define."""

    def execute(self, name: str, source: str) -> CellReport:
        """Run one cell to its end; an exception of the cell is part of the report, never raised."""
