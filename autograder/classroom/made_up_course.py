"""
A made-up class that goes through a whole course: who hands in what, when, and again.

Decides the learners by a seed: steady, struggling, stuck, late, stopping, blank, hostile and silent ones. The same seed
makes the same class, byte for byte. Nobody in it exists. Never grades.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from autograder.classroom.made_up_class import Draft, HandedIn, Repertoire, hand_in
from autograder.errors import CourseError
from autograder.gradebook.desk import Person
from autograder.settings import Settings

FIRST_DUE = datetime(2026, 3, 2, 22, tzinfo=UTC)  # of the first unit; each further one is due a week later
ROUNDS = 3
FIRST_NAMES = """
adaeze amara anh aroha bao bilal chiara dario davi elif emeka farid fatou freja gael hana hiro ines isla jamila jonas
kaya kofi laila leilani lucia malik mateo mei milan nadia nils noor olena omar paloma priya quinn rafael ravi rosa sanna
selam sofia soren tala tariq thandi tomas uma viktor wanjiru xiomara yara yuki zainab zofia
"""
BIRDS = "avocet bunting curlew dunlin finch gannet heron ibis jackdaw kestrel lark martin"
KINDS = {  # of a hundred learners
    "steady": 42,
    "struggling": 25,
    "late": 8,
    "stopping": 8,
    "stuck": 5,
    "hostile": 4,
    "blank": 4,
    "silent": 4,
}


@dataclass(frozen=True, kw_only=True)
class Learner:
    """One made-up person."""

    person: Person
    kind: str  # of KINDS


class MadeUpCourse:
    """
    A class and all that it hands in.

    Args:
        settings: Where to; give it `due_times` so that somebody is late.
        units: Names of units with alternative.py and mistakes/, in order.
        seed: Chooses the names, and who does what.
        size: Learners.

    Raises:
        CourseError: If the class is too small to hold every kind, or too large for the names.
    """

    def __init__(self, settings: Settings, units: Sequence[str], *, seed: int, size: int) -> None:
        names = [f"{first}-{bird}" for first in FIRST_NAMES.split() for bird in BIRDS.split()]
        if not len(KINDS) <= size <= len(names):
            raise CourseError(f"a made-up class has {len(KINDS)} to {len(names)} learners, not {size}")
        self._settings = settings
        self._chance = random.Random(seed)
        self._repertoires = {unit: Repertoire(settings, unit) for unit in units}
        self._turn = 0  # so that every mistake is made by somebody
        chosen = sorted(self._chance.sample(names, size))
        kinds = _dealt(size)
        self._chance.shuffle(kinds)
        self.learners = tuple(
            Learner(person=_person(name), kind=kind) for name, kind in zip(chosen, kinds, strict=True)
        )
        self._plan = [list(self._plan_of(learner)) for learner in self.learners]

    @property
    def submissions(self) -> int:
        """How much is handed in over all rounds."""
        return sum(len(drafts) for plan in self._plan for _, drafts in plan)

    def hand_in(self, number: int) -> tuple[HandedIn, ...]:
        """Hand in what is due in a round, from 0; the files of an earlier round are replaced."""
        due = due_times(list(self._repertoires))
        found = []
        for learner, plan in zip(self.learners, self._plan, strict=True):
            for unit, drafts in plan:
                if number < len(drafts):
                    draft, name = drafts[number], learner.person.learner
                    at = _moment(due[unit], draft, number, len(drafts), f"{name}/{unit}")
                    note = f"Notes of {learner.person.first_name}, attempt {number + 1}."
                    found.append(hand_in(self._settings, self._repertoires[unit], name, draft, at=at, note=note))
        return tuple(found)

    def _plan_of(self, learner: Learner) -> Iterator[tuple[str, list[Draft]]]:
        """Say what a learner hands in, unit by unit and round by round."""
        last = len(self._repertoires)
        if learner.kind == "silent":
            return
        if learner.kind == "stopping":
            last = self._chance.randint(1, max(1, last - 1))
        elif self._chance.random() < 0.3:  # others fall behind too
            last = self._chance.randint(1, last)
        for unit in list(self._repertoires)[:last]:
            yield unit, self._drafts(self._repertoires[unit], learner.kind)

    def _drafts(self, repertoire: Repertoire, kind: str) -> list[Draft]:
        chance = self._chance
        right = chance.choice(repertoire.right)
        if kind == "steady":
            ways = [right, self._mistaken(repertoire, 1), chance.choice(repertoire.clumsy)]
            first = chance.choices(ways, [65, 25, 10])[0]
            return [first, right] if first.not_passed and chance.random() < 0.7 else [first]
        if kind == "struggling":
            first = chance.choice([self._mistaken(repertoire, chance.randint(1, 3)), self._partly(repertoire)])
            return [first, right] if chance.random() < 0.5 else [first]
        if kind == "stuck":
            return [self._mistaken(repertoire, 4) for _ in range(ROUNDS)]
        others = {
            "late": chance.choice([repertoire.late, right]),
            "stopping": self._partly(repertoire),
            "hostile": chance.choice(repertoire.hostile),
            "blank": repertoire.blank,
        }
        return [others[kind]]

    def _mistaken(self, repertoire: Repertoire, count: int) -> Draft:
        self._turn += 1
        return repertoire.mistaken(self._turn, count)

    def _partly(self, repertoire: Repertoire) -> Draft:
        return repertoire.partly(self._chance.randint(1, len(repertoire.unit.exercises)))


def due_times(units: Sequence[str]) -> Mapping[str, datetime]:
    """Say when each unit is due."""
    return {unit: FIRST_DUE + timedelta(days=7 * place) for place, unit in enumerate(units)}


def _dealt(size: int) -> list[str]:
    """Deal the kinds so that each is there at least once; what is left over is steady."""
    more = [kind for kind, share in KINDS.items() for _ in range(share * size // 100 - 1)]
    return [*KINDS, *more, *["steady"] * size][:size]


def _person(name: str) -> Person:
    first, last = name.split("-")
    return Person(learner=name, first_name=first.capitalize(), last_name=last.capitalize(), email=f"{name}@example.org")


def _moment(due: datetime, draft: Draft, number: int, rounds: int, name: str) -> datetime:
    """Say when a draft is handed in: before the due time, each round a day later, or late."""
    minutes = random.Random(name).randint(1, 1400)
    if draft.late:
        return due + timedelta(minutes=minutes)
    return due - timedelta(days=rounds - 1 - number, minutes=minutes)
