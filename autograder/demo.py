"""A made-up class in a folder of its own: handed in, graded by the real judge, compared with what was meant."""

from __future__ import annotations

import functools
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.table import Table

from autograder import workflows
from autograder.classroom.made_up_class import HandedIn
from autograder.classroom.made_up_course import ROUNDS, MadeUpCourse, due_times
from autograder.errors import GraderError, SettingsError
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.class_rows import UnitCounts
from autograder.judge.pool import Pool
from autograder.settings import Settings

MARKER = ".made-up-class"  # only a folder that holds it is ever emptied
INSTRUCTOR = "instructor"
DIFFERENCES_SHOWN = 20

Progress = Callable[[int, int], None]  # submissions done, in all


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """A graded made-up class."""

    settings: Settings  # of the class: another folder, database and due times
    size: int
    counts: tuple[UnitCounts, ...]
    graded: int  # submissions, over all rounds
    wall_seconds: float
    differences: tuple[str, ...]  # where somebody got something else than was meant
    badges: str  # what became of the badges that were due

    @property
    def as_expected(self) -> bool:
        """Everybody got what was meant."""
        return not self.differences

    def table(self) -> Table:
        """Tell how the class did in each unit."""
        table = Table(title=f"A made-up class of {self.size}")
        for heading in ("unit", "handed in", "passed", "refused", "attempts", "mean share of points"):
            table.add_column(heading, justify="left" if heading == "unit" else "right")
        for unit in self.counts:
            mean = "-" if unit.mean_share is None else f"{unit.mean_share:.0%}"
            numbers = (unit.learners, unit.passed, unit.refused, unit.attempts)
            table.add_row(unit.unit, *map(str, numbers), mean)
        return table

    def summary(self) -> str:
        """Say in a few lines what was done and whether it came out as meant."""
        each = self.wall_seconds / self.graded if self.graded else 0.0
        lines = [f"{self.graded} submissions graded in {self.wall_seconds:.0f} s, {each:.2f} s each"]
        lines += self.differences[:DIFFERENCES_SHOWN] or ["Everybody got what was meant."]
        hidden = len(self.differences) - DIFFERENCES_SHOWN
        return "\n".join([*lines, *([f"and {hidden} more differences"] if hidden > 0 else []), self.badges])


def run(
    settings: Settings,
    units: Sequence[str],
    *,
    seed: int,
    size: int,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Demonstration:
    """
    Hand in and grade a made-up class in a folder of its own, which is emptied first.

    Raises:
        SettingsError: If *folder* holds something else than an earlier made-up class.
        CourseError: If a unit has no known answers, or the size does not do.
    """
    place = _emptied((folder or settings.var / "demo").resolve())
    demo = replace(
        settings,
        var_folder=place,
        db_url=f"sqlite:///{place / 'gradebook.db'}",
        due=due_times(units),
        extensions={},
        mode="class",
        exchange="",
        learner=INSTRUCTOR,
    )
    course = MadeUpCourse(demo, units, seed=seed, size=size)
    workflows.enrol(demo, [each.person for each in course.learners], actor=INSTRUCTOR, reason="a made-up class")
    begun = time.monotonic()
    latest, graded = _grade(demo, course, progress)
    wall_seconds = time.monotonic() - begun
    with ClassQueries(demo) as queries:
        found = ((each, queries.latest_attempt(each.learner, each.unit)) for each in latest)
        told = ((each, each.difference(attempt)) for each, attempt in found)
        differences = tuple(f"{each.learner}/{each.unit} ({each.story}): {text}" for each, text in told if text)
        counts = tuple(unit for unit in queries.overview().units if unit.unit in set(units))
    return Demonstration(
        settings=demo,
        size=size,
        counts=counts,
        graded=graded,
        wall_seconds=wall_seconds,
        differences=differences,
        badges=_issue_badges(demo),
    )


def _issue_badges(demo: Settings) -> str:
    """Issue what is due, by a key that signs for this class alone; trouble with keys spoils no demonstration."""
    from autograder.badge.issuing import issue_due, make_issuer_key  # cryptography loads with them

    try:
        make_issuer_key(demo)
        report = issue_due(demo, actor=INSTRUCTOR)
    except GraderError as error:
        return f"No badges: {error}"
    return f"{len(report.issued)} badges issued to those who passed every required unit"


def _emptied(place: Path) -> Path:
    if place.exists() and any(place.iterdir()) and not (place / MARKER).exists():
        raise SettingsError(f"{place}: holds other files; name an empty folder for the made-up class")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / MARKER).touch()
    return place


def _grade(demo: Settings, course: MadeUpCourse, progress: Progress | None) -> tuple[list[HandedIn], int]:
    """Grade all rounds on one set of warm servers; return what counts in the end, and how much was graded."""
    latest: dict[tuple[str, str], HandedIn] = {}
    done = 0
    with Pool(demo) as pool:
        for number in range(ROUNDS):
            handed_in = course.hand_in(number)
            latest |= {(each.learner, each.unit): each for each in handed_in}
            for unit in dict.fromkeys(each.unit for each in handed_in):
                own = [each.learner for each in handed_in if each.unit == unit]
                material = workflows.load_material(demo, unit)
                tell = functools.partial(_tell, progress, done, course.submissions)
                workflows.grade_material(demo, material, learners=own if number else None, progress=tell, pool=pool)
                done += len(own)
    return list(latest.values()), done


def _tell(progress: Progress | None, before: int, total: int, done: int, _of_unit: int) -> None:
    if progress is not None:
        progress(before + done, total)
