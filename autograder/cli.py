"""
The command `course`: parse, call one workflow, print. Decides nothing.

Exit status: 0 fine, 1 work left (a check not passed, a submission not graded, a solution not open yet), 2 used wrongly
or stopped by an error.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from autograder.badge.commands import app as badge_commands
from autograder.class_commands import app as class_commands
from autograder.settings import load_settings
from autograder.terminal import UnitArgument, UnitsArgument, chosen, out, progress, told

app = typer.Typer(
    name="course",
    help="Work through, grade and write the course Production ML systems.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(badge_commands, name="badge")
app.add_typer(class_commands)


@app.command()
def start(
    unit: Annotated[str | None, typer.Argument(help="Open this unit first.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    port: Annotated[int, typer.Option(help="Port to try first.", min=1, max=65535)] = 8888,
    ip: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Copy what is new to var/work and open the course."""
    from autograder.dashboard import launch

    with told():
        settings = load_settings()
        first = settings.unit_name(unit) if unit else None
        raise typer.Exit(launch.start(settings, unit=first, browser=browser, port=port, ip=ip))


@app.command()
def doctor() -> None:
    """Check this machine: Python, packages, kernel, disk, port, sandbox; each FAIL says its fix."""
    from autograder.learner.doctor import examine

    with told():
        rows = examine(load_settings())
    for row in rows:
        out.print(f"{'OK  ' if row.ok else 'FAIL'}  {row.name}: {row.found}", markup=False, soft_wrap=True)
        if row.fix:
            out.print(f"      {row.fix}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if all(row.ok for row in rows) else 1)


@app.command()
def status() -> None:
    """Show the units, their state, the points and the next step."""
    from autograder.learner.status import read_status, status_lines

    with told():
        for line in status_lines(read_status(load_settings())):
            out.print(line, markup=False, soft_wrap=True)


@app.command()
def check(unit: UnitArgument) -> None:
    """Run the visible checks of your exercises, as the notebook does."""
    from autograder import workflows
    from autograder.model import Outcome

    with told():
        settings = load_settings()
        results = workflows.check(settings, settings.unit_name(unit))
    words = {Outcome.PASSED: "Passed", Outcome.NOT_ATTEMPTED: "Not started"}
    for result in results:
        out.print(f"{words.get(result.outcome, 'Not yet'):12} {result.exercise}: {result.check}", markup=False)
        if result.message and result.outcome is not Outcome.NOT_ATTEMPTED:
            out.print(f"             {result.message}", markup=False, soft_wrap=True)
    passed = sum(result.outcome is Outcome.PASSED for result in results)
    out.print(f"{passed} of {len(results)} visible checks passed", markup=False)
    raise typer.Exit(0 if all(result.outcome is Outcome.PASSED for result in results) else 1)


@app.command()
def hint(
    exercise: Annotated[str, typer.Argument(help="Name of the exercise, for example prequential.")],
    rung: Annotated[int | None, typer.Option(help="Repeat this step of the ladder.", min=1, max=3)] = None,
) -> None:
    """Give the next hint of an exercise; hints cost nothing."""
    from exercises import ladder

    with told():
        load_settings()
        ladder.climb(exercise, rung=rung)


@app.command()
def solution(exercise: Annotated[str, typer.Argument(help="Name of the exercise, for example prequential.")]) -> None:
    """Show the reference solution of an exercise, once it is open."""
    from exercises import ladder

    with told():
        load_settings()
        ladder.reveal(exercise)


@app.command()
def quiz(
    question: Annotated[str, typer.Argument(help="Question, for example 01.predict_july.")],
    choice: Annotated[str | None, typer.Argument(help="Letter of your answer.")] = None,
) -> None:
    """Show a quiz question, or answer it."""
    from exercises import questions

    with told():
        load_settings()
        questions.ask(question, choice)


@app.command()
def reset(unit: UnitArgument) -> None:
    """Start the exercises of a unit afresh; your file is kept as a backup beside it."""
    from autograder.learner import workcopy

    with told():
        settings = load_settings()
        kept = workcopy.reset(settings, settings.unit_name(unit))
    backup = f" Your file is kept as {kept}" if kept.name != workcopy.ASSIGNMENT else ""
    out.print(f"A fresh copy is in place.{backup}", markup=False, soft_wrap=True)


@app.command()
def submit(
    unit: UnitArgument, as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False
) -> None:
    """Hand in your exercises; in self-study they are graded at once."""
    from autograder.judge.pool import Pool
    from autograder.learner.workcopy import read_copy

    with told(as_json=as_json):
        settings = load_settings()
        name = settings.unit_name(unit)
        read_copy(settings, name, datetime.now(UTC))  # what is wrong with it is told before servers start for it
        with Pool(settings) as pool:
            if settings.mode == "self-study":
                pool.start_ahead(name, own_work=True)
            from autograder import workflows  # loads nbgrader, while the servers make themselves ready

            outcome = workflows.submit(settings, name, pool=pool)
    result = outcome.to_json()
    if as_json:
        print(json.dumps(result))
    else:
        _print_submission(result)
    raise typer.Exit(1 if outcome.state == "refused" else 0)


def _print_submission(told: dict[str, Any]) -> None:
    from exercises.handin import result_word

    receipt = told["receipt"]
    out.print(f"Received {receipt['unit']} at {receipt['submitted_at']}, SHA-256 {receipt['sha256']}", soft_wrap=True)
    if told["state"] != "graded":
        out.print(str(told["reason"]), markup=False, soft_wrap=True)
        return
    table = Table("check", "", "points", "what to do", show_edge=False)
    before = ""
    for row in told["checks"]:
        passed = row["outcome"] == "passed"
        advice = "" if passed else " ".join(text for text in (row["message"], row["next_step"]) if text)
        advice, before = ("as above" if advice and advice == before else advice), advice
        # a learner's text may hold brackets, such as datetime64[ns, UTC], which rich would take for markup
        table.add_row(row["check"], result_word(row["outcome"]), _points(row), escape(advice))
    out.print(table)
    verdict = "passed" if told["passed"] else "not passed yet"
    out.print(f"{told['earned']:g} of {told['points']:g} points: {verdict}", markup=False)
    if told["badge"]:
        out.print(told["badge"], markup=False, soft_wrap=True)
    for repair in told["repairs"]:
        out.print(f"Repaired: {repair}", markup=False, soft_wrap=True)


def _points(row: dict[str, float]) -> str:
    return f"{row['earned']:g} of {row['points']:g}"


@app.command()
def build(
    units: UnitsArgument = None,
    check_only: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if a build is due.")] = False,
) -> None:
    """Build notebooks and assignments from course/."""
    from autograder.authoring import build as builder

    with told():
        settings = load_settings()
        if check_only:
            differences = builder.check_built(settings)
            for line in differences:
                out.print(line, markup=False, soft_wrap=True)
            raise typer.Exit(1 if differences else 0)
        for path in builder.build(settings, chosen(settings, units)):
            out.print(str(path.relative_to(settings.root)), markup=False)


@app.command("new-unit")
def new_unit(name: Annotated[str, typer.Argument(help="NN_name, for example 04_input_data.")]) -> None:
    """Make a small working unit to start from."""
    from autograder.authoring import scaffold

    with told():
        for path in scaffold.new_unit(load_settings(), name):
            out.print(str(path), markup=False)


@app.command()
def calibrate(
    units: UnitsArgument = None,
    mutants: Annotated[int | None, typer.Option(help="Mutants an exercise, seeded; all if left out.", min=1)] = None,
) -> None:
    """Prove the tests of a unit: reference, alternative, blank, mistakes, order, mutants."""
    from autograder.authoring import calibrate as calibration
    from autograder.authoring.units import load_unit
    from autograder.judge.scoring import score
    from autograder.judge.seed import hidden_seed

    fine = True
    with told():
        settings = load_settings()
        for name in chosen(settings, units):
            seed = hidden_seed(settings.secret, load_unit(settings, name))
            report = calibration.calibrate(settings, name, score=score, mutants_per_exercise=mutants, hidden_seed=seed)
            out.print(report.table())
            fine = fine and report.ok
    raise typer.Exit(0 if fine else 1)


@app.command()
def demo(
    units: UnitsArgument = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another class.")] = 2013,
    size: Annotated[int, typer.Option(help="Learners.")] = 200,
    folder: Annotated[Path | None, typer.Option(help="Where; var/demo if left out.")] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the dashboard; --no-browser ends after the table.")
    ] = True,
) -> None:
    """Hand in and grade a made-up class over all units, show how it did, and open the dashboard on it."""
    from autograder import demo as made_up
    from autograder.authoring.units import gradable

    with told():
        settings = load_settings()
        names = chosen(settings, units) if units else gradable(settings)
        with progress("a made-up class") as step:
            result = made_up.run(settings, names, seed=seed, size=size, folder=folder, progress=step)
    out.print(result.table())
    out.print(result.summary(), markup=False, soft_wrap=True)
    if browser and result.as_expected:
        from autograder.dashboard import launch

        with told():
            raise typer.Exit(launch.start(result.settings, grading=True))
    raise typer.Exit(0 if result.as_expected else 1)


def main() -> None:
    """Run the command."""
    app()
