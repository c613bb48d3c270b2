"""
Reading hints.toml and quiz.toml, and holding the calls of quiz() and hint() in the notebooks against them.

Decides whether they are complete: three hints an exercise, feedback for every option, one right option at least.
Never writes them.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring import rules
from autograder.authoring.percent import NAME, SourceCell, suggestion
from autograder.errors import CourseError

HINTS = 3  # from a nudge to almost there
OPTION_KEYS = ("key", "text", "feedback", "right")

Quiz = dict[str, dict[str, Any]]


def read_hints(path: Path, exercises: Iterable[str]) -> dict[str, list[str]]:
    """
    Read the hints of a unit, in the order of its exercises.

    Raises:
        CourseError: If an exercise is unknown or lacks exactly three texts.
    """
    names = list(exercises)
    table = _read_toml(path) if names or path.is_file() else {}
    for name, entry in table.items():
        if name not in names:
            raise CourseError(f"{path}: unknown exercise [{name}]; {suggestion(name, names)}")
        _refuse_unknown(f"{path}: [{name}]", entry, ("hints",))
    return {name: _three(path, name, table.get(name, {}).get("hints", [])) for name in names}


def read_quiz(path: Path) -> Quiz:
    """
    Read the quiz questions of a unit; a unit may have none.

    Raises:
        CourseError: If a question or an option lacks something, a key stands twice, or no option is right.
    """
    if not path.is_file():
        return {}
    return {name: _question(path, name, entry) for name, entry in _read_toml(path).items()}


def check_calls(unit: str, cells: Iterable[SourceCell], quiz: Quiz, hints: Mapping[str, Any]) -> set[str]:
    """
    Find which quiz questions the cells ask.

    Raises:
        CourseError: If a call of quiz(), hint() or solution() names something that the unit does not have.
    """
    number = unit.split("_", 1)[0]
    asked = set()
    for cell, function, argument in _calls(cells):
        if function != "quiz":
            if argument.rpartition("/")[2] not in hints:
                raise CourseError(f"{cell.where}: {function}({argument!r}) is unknown; {suggestion(argument, hints)}")
            continue
        known = [f"{number}.{name}" for name in quiz]
        if argument not in known:
            raise CourseError(f"{cell.where}: quiz({argument!r}) is not in quiz.toml; {suggestion(argument, known)}")
        asked.add(argument.partition(".")[2])
    return asked


def _calls(cells: Iterable[SourceCell]) -> Iterator[tuple[SourceCell, str, str]]:
    for cell in cells:
        if cell.cell_type != "code":
            continue
        for node in ast.walk(rules.parse(cell)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                named = node.func.id in {"quiz", "hint", "solution"}
                if named and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield cell, node.func.id, first.value


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CourseError(f"{path}: is missing; write it, see docs/for-authors.md") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: not valid TOML: {error}") from error
    for name, entry in table.items():
        if not isinstance(entry, dict):
            raise CourseError(f"{path}: {name} stands outside of a table; write [{name}] above its keys")
    return table


def _refuse_unknown(where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise CourseError(f"{where}: unknown key {key!r}; {suggestion(key, known)}")


def _three(path: Path, name: str, hints: object) -> list[str]:
    if not isinstance(hints, list) or len(hints) != HINTS or not all(_text(hint) for hint in hints):
        count = len(hints) if isinstance(hints, list) else 0
        raise CourseError(f"{path}: [{name}] needs exactly {HINTS} hints, each a text; it has {count}")
    return [hint.strip() for hint in hints]


def _question(path: Path, name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    where = f"{path}: [{name}]"
    if not NAME.fullmatch(name):
        raise CourseError(f"{where}: a question's name is made of a-z, 0-9 and _")
    _refuse_unknown(where, entry, ("question", "options"))
    if not _text(entry.get("question")):
        raise CourseError(f'{where}: question = "..." is missing')
    options = entry.get("options", [])
    if not isinstance(options, list) or len(options) < 2:
        raise CourseError(f"{where}: needs two options or more, each below [[{name}.options]]")
    read = [_option(where, option) for option in options]
    keys = [option["key"] for option in read]
    if len(set(keys)) != len(keys):
        raise CourseError(f"{where}: two options have the same key; the keys are {', '.join(keys)}")
    if not any(option["right"] for option in read):
        raise CourseError(f"{where}: no option is right; set right = true for one")
    return {"question": entry["question"].strip(), "options": read}


def _option(where: str, option: Mapping[str, Any]) -> dict[str, Any]:
    place = f"{where}: option {option.get('key', '?')!r}"
    _refuse_unknown(place, option, OPTION_KEYS)
    for key in ("key", "text", "feedback"):
        if not _text(option.get(key)):
            raise CourseError(f'{place}: {key} = "..." is missing; a learner reads it')
    if not isinstance(option.get("right"), bool):
        raise CourseError(f"{place}: right must be true or false")
    return {key: option[key].strip() if isinstance(option[key], str) else option[key] for key in OPTION_KEYS}


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
