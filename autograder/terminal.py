"""
How the commands speak: two consoles, units as people name them, an error in one line, a bar of what is done.

Decides the exit status of an error: 1 for a solution that is not open yet, 2 for everything else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.errors import GraderError
from autograder.settings import Settings
from exercises.errors import ClosedError, NotShownError

PIPE_WIDTH = 140  # of tables where no terminal tells its width
out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, highlight=False)

UnitArgument = Annotated[str, typer.Argument(help="Unit: 01, 1 or 01_training.")]
UnitsArgument = Annotated[list[str] | None, typer.Argument(help="Units; all if none is named.")]


@contextmanager
def told(*, as_json: bool = False) -> Iterator[None]:
    """Turn an error that was raised on purpose, or a disk that refuses, into one clear line and an exit status."""
    try:
        yield
    except BrokenPipeError:  # nobody reads on
        raise
    except (GraderError, NotShownError, OSError) as error:
        if as_json:
            print(json.dumps({"state": "refused", "reason": _said(error)}))
        else:
            err.print(f"course: {_said(error)}", markup=False, soft_wrap=True)
        raise typer.Exit(1 if isinstance(error, ClosedError) else 2) from error


def _said(error: GraderError | NotShownError | OSError) -> str:
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}; mend that, then type the command again"
    return f"{error.head}: {error}" if isinstance(error, NotShownError) else str(error)


def chosen(settings: Settings, names: list[str] | None) -> list[str]:
    """Name the units that were asked for, in full; all of course.toml if none was."""
    return [settings.unit_name(name) for name in names] if names else [unit.name for unit in settings.units]


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Draw a bar with the time left; the callback takes submissions done and in all."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=not sys.stderr.isatty()) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
