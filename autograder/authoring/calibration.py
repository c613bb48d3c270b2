"""What a calibration found, and how it is shown. Decides nothing about a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from autograder.authoring.mutate import Mutant

Fate = Literal["killed", "alive", "equivalent", "refuted"]  # refuted: declared equivalent, but a check notices it


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that was tried."""

    subject: str  # "reference", "mistake delay_off_by_one", "mutants of prequential", ...
    figure: str  # what came, in a few words
    problems: tuple[str, ...] = ()  # empty if all is as it must be

    @property
    def ok(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self.problems


@dataclass(frozen=True, kw_only=True)
class MutantFate:
    """What became of one mutant."""

    mutant: Mutant
    fate: Fate
    reason: str = ""  # the argument, if one was given


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """All that the calibration of one unit found."""

    unit: str
    rows: tuple[Row, ...]
    mutants: tuple[MutantFate, ...] = ()
    cpu_seconds: tuple[tuple[str, float], ...] = ()  # of each check, for the reference

    @property
    def ok(self) -> bool:
        """Tell whether the unit grades what it says."""
        return all(row.ok for row in self.rows)

    @property
    def problems(self) -> tuple[str, ...]:
        """All that is left to do, one line each."""
        return tuple(f"{row.subject}: {problem}" for row in self.rows for problem in row.problems)

    @property
    def survivors(self) -> tuple[MutantFate, ...]:
        """The mutants that no check noticed and nobody argued about."""
        return tuple(fate for fate in self.mutants if fate.fate == "alive")

    def table(self) -> Group:
        """Draw what was tried, the CPU of the checks, and the survivors, for rich."""
        parts: list[Table | Text] = [self._rows_table(), self._cpu_table()]
        if self.survivors:
            parts.append(self._survivors_table())
        return Group(*parts)

    def _rows_table(self) -> Table:
        table = Table(title=f"Calibration of {self.unit}", title_justify="left")
        for header in ("what", "state", "figures and what to do"):
            table.add_column(header, overflow="fold")
        for row in self.rows:
            text = "\n".join([row.figure, *row.problems])
            table.add_row(escape(row.subject), "ok" if row.ok else "not yet", escape(text))
        return table

    def _cpu_table(self) -> Table:
        table = Table(title="CPU of the checks, reference solution", title_justify="left")
        table.add_column("check")
        table.add_column("milliseconds", justify="right")
        for check, seconds in self.cpu_seconds:
            table.add_row(escape(check), f"{seconds * 1000:.0f}")
        table.add_row("all", f"{sum(seconds for _, seconds in self.cpu_seconds) * 1000:.0f}")
        return table

    def _survivors_table(self) -> Table:
        table = Table(title="Mutants alive: add a check, or argue in equivalent.toml", title_justify="left")
        for header in ("exercise", "line", "mutation"):
            table.add_column(header, overflow="fold")
        for fate in self.survivors:
            table.add_row(*(escape(part) for part in fate.mutant.key))
        return table
