"""Which units the badge requires: the required ones of course.toml that have exercises. Reads, never writes."""

from __future__ import annotations

import math
from pathlib import Path

from autograder.authoring.units import NOTEBOOK, load_unit
from autograder.badge.achievement import Achievement, RequiredUnit, make_achievement
from autograder.errors import CourseError
from autograder.settings import Settings

_titles: dict[tuple[Path, int], str | None] = {}  # file and its time -> title; None without exercises


def read_achievement(settings: Settings) -> Achievement:
    """
    Read what a badge of this course stands for.

    Raises:
        CourseError: If no required unit has exercises.
    """
    units = [
        RequiredUnit(name=unit.name, title=title)
        for unit in settings.units
        if unit.required and (title := _title_if_graded(settings, unit.name)) is not None
    ]
    if not units:
        raise CourseError("course.toml: no required unit has exercises, so there is no badge to earn")
    tenths = math.floor(settings.pass_share * 1000 + 1e-6)  # cut as results are, so that a pass is never below it
    return make_achievement(
        settings.title,
        units,
        required_percent=f"{tenths / 10:g}",
        self_issued=settings.mode == "self-study",
    )


def _title_if_graded(settings: Settings, name: str) -> str | None:
    source = settings.source / name / NOTEBOOK
    if not source.is_file():
        return None  # a lesson only, or not written yet
    state = (source, source.stat().st_mtime_ns)
    if state not in _titles:
        unit = load_unit(settings, name)
        _titles[state] = unit.title if unit.exercises else None
    return _titles[state]
