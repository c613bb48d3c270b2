"""
Reading equivalent.toml: mutants of which the author argues that no test could tell them from the reference.

Decides whether each argument still speaks of a mutant that exists. Never decides whether it is right; calibration
takes a declared mutant that a check does notice as refuted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.authoring.mutate import Mutant
from autograder.authoring.percent import suggestion
from autograder.errors import CourseError

FILE = "equivalent.toml"
KEYS = ("exercise", "line", "mutation", "reason")
Key = tuple[str, str, str]  # as Mutant.key


def read_equivalent(folder: Path, mutants: Iterable[Mutant]) -> Mapping[Key, str]:
    """
    Read the arguments of a unit: mutant -> reason; none if there is no file.

    Raises:
        CourseError: If one is incomplete, stands twice, or names a mutant that does not occur.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: not valid TOML: {error}") from error
    entries = table.pop("equivalent", [])
    if table or not isinstance(entries, list):
        raise CourseError(f"{path}: only tables [[equivalent]] may stand here")
    known = {mutant.key for mutant in mutants}
    reasons: dict[Key, str] = {}
    for number, entry in enumerate(entries, start=1):
        key = _key(f"{path}: [[equivalent]] number {number}", entry)
        if key in reasons:
            raise CourseError(f"{path}: number {number} stands twice; keep one")
        if key not in known:
            raise CourseError(f"{path}: number {number}: {_missing(key, known)}")
        reasons[key] = entry["reason"].strip()
    return reasons


def _key(where: str, entry: Mapping[str, object]) -> Key:
    for name in entry:
        if name not in KEYS:
            raise CourseError(f"{where}: unknown key {name!r}; {suggestion(name, KEYS)}")
    values = []
    for name in KEYS:
        value = entry.get(name)
        if not isinstance(value, str) or not value.strip():
            raise CourseError(f'{where}: {name} = "..." is missing')
        values.append(value.strip())
    return (values[0], values[1], values[2])


def _missing(key: Key, known: Iterable[Key]) -> str:
    exercise, line, mutation = key
    here = sorted({other for other in known if other[0] == exercise})
    if not here:
        return f"unknown exercise {exercise!r}; {suggestion(exercise, {other[0] for other in known})}"
    lines = {other[1] for other in here}
    if line not in lines:
        return f"no mutant of {exercise!r} stands in a line {line!r}; {suggestion(line, lines)}"
    return f"the line {line!r} has no mutant {mutation!r}; {suggestion(mutation, {o[2] for o in here if o[1] == line})}"
