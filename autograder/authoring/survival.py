"""
Trying the mutants of a unit: which of them no check notices.

Decides how many may survive, and which ones are drawn when not all are tried. Never makes a mutant.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence

from autograder.authoring.bench import Bench
from autograder.authoring.calibration import MutantFate, Row
from autograder.authoring.equivalent import Key
from autograder.authoring.mutate import Mutant, mutants
from autograder.authoring.runner import Candidate, Runner
from autograder.model import Exercise

ALIVE_SHARE = 0.05  # of an exercise's mutants that are not argued to be equivalent
MUTANT_CPU_SECONDS = 1.0  # on top of five times what the reference may take; then it counts as an endless loop


def all_mutants(bench: Bench) -> tuple[Mutant, ...]:
    """Make the mutants of all exercises."""
    reference = bench.program.reference
    return tuple(
        mutant
        for exercise in bench.unit.exercises
        for mutant in mutants(exercise.name, {answer: reference[answer] for answer in exercise.answers})
    )


def try_mutants(
    bench: Bench, runner: Runner, faults: Sequence[Mutant], equivalent: Mapping[Key, str], number: int | None
) -> tuple[MutantFate, ...]:
    """Run *number* mutants of each exercise, all if None, against the checks of their exercise."""
    drawn = [mutant for exercise in bench.unit.exercises for mutant in _draw(bench, exercise, faults, number)]
    checks = {exercise.name: tuple(check.name for check in exercise.checks) for exercise in bench.unit.exercises}
    # an error in a check ends the run: one is enough
    candidates = [
        Candidate(
            cells=bench.program.only({mutant.answer: mutant.source}, checks[mutant.exercise]),
            cpu_seconds=math.ceil(MUTANT_CPU_SECONDS + 5 * bench.cpu_limit),
            until=frozenset(checks[mutant.exercise]),
        )
        for mutant in drawn
    ]
    fates = []
    for mutant, runs in zip(drawn, runner.run(candidates), strict=True):
        results = bench.results({mutant.answer: mutant.source}, runs)
        alive = all(results[name].earned >= results[name].points for name in checks[mutant.exercise])
        reason = equivalent.get(mutant.key)
        fates.append(_fate(mutant, alive, reason))
    return tuple(fates)


def _fate(mutant: Mutant, alive: bool, reason: str | None) -> MutantFate:
    if reason is None:
        return MutantFate(mutant=mutant, fate="alive" if alive else "killed")
    return MutantFate(mutant=mutant, fate="equivalent" if alive else "refuted", reason=reason)


def _draw(bench: Bench, exercise: Exercise, faults: Sequence[Mutant], number: int | None) -> list[Mutant]:
    """Draw mutants of one exercise, the same ones each time; in the order of the code."""
    own = [mutant for mutant in faults if mutant.exercise == exercise.name]
    if number is None or number >= len(own):
        return own
    generator = random.Random(f"{bench.unit.name}/{exercise.name}")
    return [own[index] for index in sorted(generator.sample(range(len(own)), number))]


def mutant_row(
    exercise: Exercise, faults: Sequence[Mutant], equivalent: Mapping[Key, str], fates: Sequence[MutantFate]
) -> Row:
    """Judge what became of the mutants of one exercise."""
    own = [fate for fate in fates if fate.mutant.exercise == exercise.name]
    count = Counter(fate.fate for fate in own)
    total = sum(mutant.exercise == exercise.name for mutant in faults)
    argued = sum(key[0] == exercise.name for key in equivalent)
    allowed = int(ALIVE_SHARE * (total - argued))
    problems = [
        f"{fate.mutant.text!r} {fate.mutant.mutation}: argued to be equivalent, but a check notices it; take it out"
        for fate in own
        if fate.fate == "refuted"
    ]
    if count["alive"] > allowed:
        problems.append(f"{count['alive']} alive, at most {allowed} may be; add a check, or argue in equivalent.toml")
    fate_words = ", ".join(f"{count[fate]} {fate}" for fate in ("killed", "equivalent", "alive"))
    figure = f"{len(own)} of {total} tried: {fate_words}"
    return Row(subject=f"mutants of {exercise.name}", figure=figure, problems=tuple(problems))
