"""A made-up class in a folder of its own: handed in, graded, and compared with what was meant to happen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from rich.table import Table

from autograder import workflows
from autograder.classroom.made_up_class import DUE, HandedIn, write_class
from autograder.errors import SettingsError
from autograder.gradebook.queries import AttemptView, Queries
from autograder.model import CheckResult, Outcome, Unit
from autograder.settings import Settings

MARKER = ".made-up-class"  # only a folder that holds it is ever emptied


@dataclass(frozen=True, kw_only=True)
class Row:
    """One learner of the made-up class: what was handed in, what came of it, and what should have."""

    handed_in: HandedIn
    attempt: AttemptView | None

    @property
    def difference(self) -> str:
        """Say how the outcome differs from what was meant to happen; empty if it does not."""
        return self.handed_in.difference(self.attempt)


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """A graded made-up class."""

    unit: Unit
    folder: Path
    rows: tuple[Row, ...]

    @property
    def as_expected(self) -> bool:
        """Everybody got what was meant."""
        return not any(row.difference for row in self.rows)

    def table(self) -> Table:
        """Tell who got what and why."""
        table = Table(title=f"{self.unit.title}: a made-up class of {len(self.rows)}", show_lines=True)
        for heading in ("learner", "handed in", "points", "why", "as meant"):
            table.add_column(heading, justify="right" if heading == "points" else "left")
        for row in self.rows:
            table.add_row(
                row.handed_in.learner,
                row.handed_in.story,
                _points(row.attempt),
                _why(self.unit, row.attempt),
                f"no: {row.difference}" if row.difference else "yes",
            )
        return table


def run(
    settings: Settings,
    unit: str,
    *,
    seed: int,
    folder: Path | None = None,
    progress: Callable[..., None] | None = None,
) -> Demonstration:
    """
    Hand in and grade a made-up class in a folder of its own, which is emptied first.

    Raises:
        SettingsError: If *folder* holds something else than an earlier made-up class.
    """
    place = (folder or settings.var / "demo").resolve()
    if place.exists() and any(place.iterdir()) and not (place / MARKER).exists():
        raise SettingsError(f"{place}: holds other files; name an empty folder for the made-up class")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / MARKER).touch()
    demo = replace(settings, var_folder=place, db_url=f"sqlite:///{place / 'gradebook.db'}", due={unit: DUE})
    handed_in = write_class(demo, unit, seed=seed)
    workflows.grade_unit(demo, unit, progress=progress)
    workflows.write_feedback(demo, unit)
    with Queries(demo) as queries:
        rows = tuple(Row(handed_in=one, attempt=queries.latest_attempt(one.learner, unit)) for one in handed_in)
    return Demonstration(unit=workflows.load_material(demo, unit).unit, folder=place, rows=rows)


def _points(attempt: AttemptView | None) -> str:
    if attempt is None or attempt.state != "graded":
        return "-"
    late = f" - {attempt.late_penalty:g} late" if attempt.late_penalty else ""
    return f"{attempt.score:g} of {attempt.max_score:g}{late}"


def _why(unit: Unit, attempt: AttemptView | None) -> str:
    """Name what was missed, by misconception where one was recognised, and what was mended."""
    if attempt is None:
        return ""
    if attempt.state != "graded":
        return attempt.reason
    titles = {known.name: known.title for known in unit.misconceptions}
    lines = [_reason(result, titles) for result in attempt.results if result.outcome is not Outcome.PASSED]
    return "\n".join(dict.fromkeys([*lines, *(f"mended: {repair}" for repair in attempt.repairs)]))


def _reason(result: CheckResult, titles: dict[str, str]) -> str:
    if result.outcome is Outcome.NOT_ATTEMPTED:
        return "not attempted"
    return titles.get(result.misconception or "", result.message or result.outcome.value)
