"""
Read a class's roster: CSV with one learner a line. Decides what a line must hold; every fault is told with its line.

The first line names the columns, in any order and case: learner (or id), first_name, last_name, email. Others are left
alone, so that a learning platform's export need not be cut down. Never writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import CourseError
from autograder.gradebook.desk import Person
from autograder.settings import LEARNER_NAME

MAX_BYTES = 20 << 20  # a hundred thousand learners take ten million
LONGEST_TEXT = 128  # nbgrader's columns
FAULTS_TOLD = 10
COLUMNS: Mapping[str, tuple[str, ...]] = {  # field -> names by which a column is known
    "learner": ("learner", "id", "learner_id", "student_id", "username", "login"),
    "first_name": ("first_name", "first", "given_name"),
    "last_name": ("last_name", "last", "family_name", "surname"),
    "email": ("email", "e_mail", "mail", "email_address"),
}


def read_roster(path: Path) -> tuple[Person, ...]:
    """
    Read a roster.

    Raises:
        CourseError: If the file cannot be read, a column is missing or a line is at fault; names up to ten lines.
    """
    lines = csv.reader(io.StringIO(_text(path)))
    try:
        head = next(lines, [])
        places = _places(path, head)
        rows = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CourseError(f"{path}: line {lines.line_num}: not CSV ({error})") from error
    faults: list[str] = []
    people: dict[str, Person] = {}
    seen: dict[str, int] = {}
    for number, row in rows:
        person, fault = _person(row, places)
        if not fault and person.learner in seen:
            fault = f"{person.learner!r} stands in line {seen[person.learner]} already"
        if fault:
            faults.append(f"line {number}: {fault}")
            continue
        seen[person.learner] = number
        people[person.learner] = person
    if faults:
        hidden = [f"and {len(faults) - FAULTS_TOLD} more"] if len(faults) > FAULTS_TOLD else []
        raise CourseError("\n".join([f"{path}: nobody was enrolled", *faults[:FAULTS_TOLD], *hidden]))
    if not people:
        raise CourseError(f"{path}: names no learner; write one a line below the names of the columns")
    return tuple(people.values())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CourseError(f"{path}: larger than {MAX_BYTES >> 20} MiB; is this a roster?")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: byte {error.start} is not UTF-8; save the file as CSV UTF-8") from error


def _places(path: Path, head: Sequence[str]) -> dict[str, int]:
    found = [name.strip().lower().replace("-", "_").replace(" ", "_") for name in head]
    places = {
        field: found.index(name)
        for field, names in COLUMNS.items()
        for name in reversed(names)  # the first name wins
        if name in found
    }
    if "learner" not in places:
        wanted = ", ".join(COLUMNS)
        raise CourseError(f"{path}: line 1: no column 'learner'; the first line names the columns: {wanted}")
    return places


def _person(row: Sequence[str], places: Mapping[str, int]) -> tuple[Person, str]:
    """Read one line; the fault is empty if it will do."""
    cells = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
    person = Person(**cells)
    if not LEARNER_NAME.fullmatch(person.learner) or person.learner.startswith("."):
        return person, f"learner {person.learner!r}: use 1 to 64 letters, digits and . _ - @, no dot in front"
    for field in ("first_name", "last_name", "email"):
        text = getattr(person, field)
        if len(text) > LONGEST_TEXT or not text.isprintable():
            return person, f"{field} {text[:40]!r}: use at most {LONGEST_TEXT} characters, without line ends and tabs"
    if person.email and not 0 < person.email.find("@") < len(person.email) - 1:
        return person, f"email {person.email!r}: is no address; leave it empty or write name@place"
    return person, ""
