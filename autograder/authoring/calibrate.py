"""
Proving that a unit's checks grade what they say.

The reference and a second solution earn all points, the released notebook none, each known mistake is caught by the
checks that its author named, each check stands on its own, and small faults in the reference do not go unnoticed.
Decides what counts as proved. Never decides what a cell run is worth: the caller brings the grader's scoring rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.authoring.bench import Bench, Score, set_up
from autograder.authoring.calibration import Calibration, Row
from autograder.authoring.equivalent import read_equivalent
from autograder.authoring.mistakes import Mistake, check_mistake, read_alternative, read_mistakes
from autograder.authoring.program import Answers
from autograder.authoring.runner import Candidate, Runner
from autograder.authoring.survival import all_mutants, mutant_row, try_mutants
from autograder.model import CellRun, CheckResult, Outcome
from autograder.settings import Settings

CHECK_CPU_SECONDS = 0.5
CPU_RUNS = 5  # the quickest counts: a busy machine is not the author's fault


def calibrate(
    settings: Settings,
    name: str,
    *,
    score: Score,
    mutants_per_exercise: int | None = None,
    jobs: int | None = None,
    hidden_seed: str = "",
) -> Calibration:
    """
    Calibrate one built unit.

    Args:
        settings: Where the course lies.
        name: The unit.
        score: The grader's scoring rule.
        mutants_per_exercise: How many to draw, the same ones each time; all if None.
        jobs: Candidates run side by side; as in course.toml if None.
        hidden_seed: What hidden inputs are drawn from; empty for the public default.

    Raises:
        CourseError: If the unit is incomplete: what is missing, and where.
        PlatformError: If a process is lost.
    """
    bench = set_up(settings, name, score)
    mistakes = read_mistakes(bench.folder)
    for mistake in mistakes:
        check_mistake(mistake, bench.unit.exercises)
    alternative = read_alternative(bench.folder, bench.unit.exercises)
    faults = all_mutants(bench)
    equivalent = read_equivalent(bench.folder, faults)
    with Runner(bench.program, jobs=jobs or settings.grading.jobs, hidden_seed=hidden_seed) as runner:
        reference, cpu = _reference(bench, runner)
        rows = [reference, _alternative(bench, runner, alternative), _blank(bench, runner)]
        rows += [_alone(bench, runner), *_mistakes(bench, runner, mistakes)]
        fates = try_mutants(bench, runner, faults, equivalent, mutants_per_exercise)
    rows += [mutant_row(exercise, faults, equivalent, fates) for exercise in bench.unit.exercises]
    rows.append(_cpu_row(bench, cpu))
    return Calibration(unit=name, rows=tuple(rows), mutants=fates, cpu_seconds=tuple(cpu.items()))


def _reference(bench: Bench, runner: Runner) -> tuple[Row, dict[str, float]]:
    candidate = Candidate(cells=bench.program.whole({}))
    # one after the other: two at a time would slow each other down
    runs = [cells for _ in range(CPU_RUNS) for cells in runner.run([candidate])]
    seconds = [{run.name: run.cpu_seconds for run in cells if run.name in bench.program.checks} for cells in runs]
    return _full_marks("reference", bench.results({}, runs[0])), min(seconds, key=lambda each: sum(each.values()))


def _alternative(bench: Bench, runner: Runner, answers: Answers) -> Row:
    (runs,) = runner.run([Candidate(cells=bench.program.whole(answers))])
    return _full_marks("alternative", bench.results(answers, runs))


def _full_marks(subject: str, results: dict[str, CheckResult]) -> Row:
    problems = [f"check {name}: {_told(result)}" for name, result in results.items() if result.earned < result.points]
    return Row(subject=subject, figure=_sum(results), problems=tuple(problems))


def _blank(bench: Bench, runner: Runner) -> Row:
    """Try the released notebook: nothing is earned, nothing is blamed, and no check passes by itself."""
    (runs,) = runner.run([Candidate(cells=bench.program.whole(bench.stubs))])
    results = bench.results(bench.stubs, runs)
    problems = [
        f"check {name}: {_told(result)}, {result.earned:g} points; an unanswered check is 'not attempted' and earns 0"
        for name, result in results.items()
        if result.outcome != Outcome.NOT_ATTEMPTED or result.earned
    ]
    problems += [
        f"check {run.name}: passes on the released notebook; let it call the answer"
        for run in runs
        if run.name in results and not (run.error_name or run.stderr or run.limit or run.value is not None)
    ]
    return Row(subject="blank", figure=_sum(results), problems=tuple(problems))


def _alone(bench: Bench, runner: Runner) -> Row:
    """Run each check without the others, and all in reverse order: the reference passes just the same."""
    checks = bench.program.checks
    orders = [(check,) for check in checks] + [checks[::-1]]
    problems = []
    candidates = [Candidate(cells=bench.program.only({}, order)) for order in orders]
    for order, runs in zip(orders, runner.run(candidates), strict=True):
        where = "in reverse order" if len(order) > 1 else "alone"
        results = bench.results({}, runs)
        problems += [
            f"check {name} {where}: {_told(results[name])}; it must not use a name of another check"
            for name in order
            if results[name].earned < results[name].points
        ]
    return Row(
        subject="each check alone, all in reverse order",
        figure=f"{len(orders)} runs",
        problems=tuple(dict.fromkeys(problems)),
    )


def _mistakes(bench: Bench, runner: Runner, mistakes: Sequence[Mistake]) -> list[Row]:
    runs = runner.run([Candidate(cells=bench.program.whole(mistake.answers)) for mistake in mistakes])
    return [_mistake_row(bench, mistake, cells) for mistake, cells in zip(mistakes, runs, strict=True)]


def _mistake_row(bench: Bench, mistake: Mistake, runs: Sequence[CellRun]) -> Row:
    results = bench.results(mistake.answers, runs)
    caught = [result for result in results.values() if result.earned < result.points]
    names = {result.check for result in caught}
    problems = [
        f"check {name} passes; it must not, or take it out of caught_by"
        for name in mistake.caught_by
        if name not in names
    ]
    problems += [
        f"check {result.check} does not pass either ({_told(result)}); add it to caught_by, or make it pass"
        for result in caught
        if result.check not in mistake.caught_by
    ]
    if caught and not any(mistake.message in result.message for result in caught):
        problems.append(f"no learner reads {mistake.message!r}; they read: " + " | ".join(map(_told, caught)))
    if caught and not any(mistake.misconception == result.misconception for result in caught):
        problems.append(f"nobody is told the misconception; assert because({mistake.misconception!r}, ...) in a check")
    figure = f"caught by {len(caught)} of {len(results)} checks, {_sum(results)}"
    return Row(subject=f"mistake {mistake.name}", figure=figure, problems=tuple(problems))


def _cpu_row(bench: Bench, cpu: dict[str, float]) -> Row:
    total = sum(cpu.values())
    problems = [
        f"check {check} takes {seconds:.2f} s, at most {CHECK_CPU_SECONDS:g} s; make its data smaller"
        for check, seconds in cpu.items()
        if seconds > CHECK_CPU_SECONDS
    ]
    if total > bench.cpu_limit:
        problems.append(f"all checks take {total:.2f} s, at most {bench.cpu_limit:g} s; make their data smaller")
    return Row(subject="CPU of the checks", figure=f"{total:.3f} s of {bench.cpu_limit:g} s", problems=tuple(problems))


def _sum(results: dict[str, CheckResult]) -> str:
    earned = sum(result.earned for result in results.values())
    return f"{earned:g} of {sum(result.points for result in results.values()):g} points"


def _told(result: CheckResult) -> str:
    return f"{result.outcome}: {result.message}" if result.message else str(result.outcome)
