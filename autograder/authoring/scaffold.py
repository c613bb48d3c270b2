"""
Starting a new unit: a small, complete one that builds and calibrates, to be rewritten part by part.

Decides where it stands in the course. Never overwrites a file.
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from autograder.authoring.build import UNIT
from autograder.authoring.files import write_atomically
from autograder.errors import CourseError
from autograder.settings import COURSE_FILE, Settings

SUFFIX = ".txt"  # the templates are not modules of this package
UNITS_TABLE = re.compile(r"^\[units\][^\n]*\n(?:(?!\[)[^\n]*\n)*?(?=\s*(?:^\[|\Z))", re.MULTILINE)


def new_unit(settings: Settings, name: str) -> list[Path]:
    """
    Write the folder of a new unit and its line in course.toml.

    Args:
        settings: Where the course lies.
        name: NN_name, with a number that no other unit has.

    Returns:
        The files that were written; settings must be loaded again to know the unit.

    Raises:
        CourseError: If the name does not fit or is taken.
    """
    if not UNIT.fullmatch(name):
        raise CourseError(f"{name!r}: a unit is named NN_name, for example 04_validating_input_data")
    taken = [other for other in _known(settings) if other[:2] == name[:2]]
    if taken:
        raise CourseError(f"{name!r}: the number {name[:2]} belongs to {taken[0]!r}; choose another")
    template = resources.files("autograder.authoring") / "template"
    written = []
    for parts, text in _files(template, ()):
        path = settings.course.joinpath(name, *parts)
        write_atomically(path, text.replace("@NUMBER@", name[:2]))
        written.append(path)
    return [*written, _list_unit(settings, name)]


def _known(settings: Settings) -> list[str]:
    folders = [path.name for path in settings.course.glob("[0-9][0-9]_*")] if settings.course.is_dir() else []
    return sorted({*folders, *(unit.name for unit in settings.units)})


def _files(folder: Traversable, above: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _files(entry, (*above, entry.name))
        elif entry.name.endswith(SUFFIX):
            found.append(((*above, entry.name.removesuffix(SUFFIX)), entry.read_text(encoding="utf-8")))
    return found


def _list_unit(settings: Settings, name: str) -> Path:
    """Add the unit below the last one of [units]; the rest of the file keeps its comments."""
    path = settings.root / COURSE_FILE
    text = path.read_text(encoding="utf-8")
    line = f'"{name}" = {{ required = true }}\n'
    match = UNITS_TABLE.search(text)
    if match is None:
        write_atomically(path, f"{text.rstrip()}\n\n[units]\n{line}")
    else:
        table = match[0].rstrip() + "\n"
        write_atomically(path, text[: match.start()] + table + line + text[match.end() :])
    return path
