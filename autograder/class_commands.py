"""The commands of whoever runs a class, beside their learners' own: parse, call one workflow, print. Decide nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from autograder.settings import load_settings
from autograder.terminal import UnitsArgument, chosen, err, out, progress, told

app = typer.Typer()
roster_app = typer.Typer(help="Who is in the class.", no_args_is_help=True)
app.add_typer(roster_app, name="roster")


@roster_app.command("import")
def roster_import(file: Annotated[Path, typer.Argument(help="CSV: learner, first_name, last_name, email.")]) -> None:
    """Put a class on the roster, or change names and addresses; nobody is taken off."""
    from autograder import workflows

    with told():
        settings = load_settings()
        people, new = workflows.import_roster(settings, file, actor=settings.learner)
    out.print(f"{people} learners read, {new} of them new", markup=False)


@roster_app.command("list")
def roster_list() -> None:
    """Show who is in the class, by last name, with how far each one is."""
    from autograder import workflows

    with told():
        settings = load_settings()
        rows = workflows.list_roster(settings)
    if not rows:
        out.print("Nobody is on the roster; `course roster import FILE` puts a class on it.", markup=False)
        return
    table = Table("learner", "name", "e-mail", "handed in", "passed", "last handed in", show_edge=False)
    for row in rows:
        last = f"{row.last_submitted_at:%Y-%m-%d %H:%M} UTC" if row.last_submitted_at else ""
        name = row.name if row.name != row.learner else ""
        who = (escape(text) for text in (row.learner, name, row.email))
        table.add_row(*who, _units(row.handed_in), _units(row.passed), last)
    out.print(table)
    out.print(f"{len(rows)} learner{'s' * (len(rows) != 1)}", markup=False)


def _units(count: int) -> str:
    return f"{count} unit{'s' * (count != 1)}"


@app.command()
def release(units: UnitsArgument = None) -> None:
    """Write what learners get, without solutions and hidden tests, to var/release."""
    from autograder import workflows
    from autograder.authoring.units import gradable

    with told():
        settings = load_settings()
        for path in workflows.release(settings, chosen(settings, units) if units else gradable(settings)):
            out.print(str(path), markup=False)


@app.command()
def grade(
    units: UnitsArgument = None,
    learner: Annotated[list[str] | None, typer.Option("--learner", help="Only this learner.")] = None,
    force: Annotated[bool, typer.Option(help="Grade again what is graded already.")] = False,
    jobs: Annotated[int | None, typer.Option(help="Submissions side by side.", min=1)] = None,
) -> None:
    """Grade what was submitted; can be stopped and started at any point."""
    from autograder.authoring.units import gradable
    from autograder.judge.pool import Pool
    from autograder.learner.doctor import check_secret

    fine = True
    with told():
        settings = load_settings()
        if settings.inputs_are_public:
            secret = check_secret(settings)
            err.print(f"Warning: {secret.found}; {secret.fix}", markup=False, soft_wrap=True)
        for name in chosen(settings, units) if units else gradable(settings):
            with Pool(settings) as pool, progress(name) as step:
                pool.start_ahead(name, own_work=settings.is_own_work(learner))
                from autograder import workflows  # loads nbgrader, while the servers make themselves ready

                report = workflows.grade_unit(
                    settings, name, learners=learner, force=force, jobs=jobs, progress=step, pool=pool
                )
            out.print(report.summary(), markup=False, soft_wrap=True)
            for problem in report.problems:
                err.print(problem, markup=False, soft_wrap=True)
            fine = fine and not report.problems
    raise typer.Exit(0 if fine else 1)


@app.command()
def feedback(
    units: UnitsArgument = None,
    learner: Annotated[list[str] | None, typer.Option("--learner", help="Only this learner.")] = None,
) -> None:
    """Write a feedback page for each graded submission to var/feedback."""
    from autograder import workflows
    from autograder.authoring.units import gradable

    with told():
        settings = load_settings()
        names = chosen(settings, units) if units else gradable(settings)
        pages = [page for name in names for page in workflows.write_feedback(settings, name, learner)]
    out.print(f"{len(pages)} pages in {settings.feedback}", markup=False, soft_wrap=True)
    without = [name for name in learner or () if all(page.parent.parent.name != name for page in pages)]
    for name in without:
        reason = f"nothing of {name} was graded in {', '.join(names)}; run `course grade` first"
        err.print(f"course: {reason}", markup=False, soft_wrap=True)
    raise typer.Exit(1 if without else 0)
