"""How long the lessons take, and what the checks of unit 01 cost. A table, and one line per goal."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from rich.console import Console
from rich.table import Table

from autograder.authoring.calibrate import calibrate
from autograder.judge.scoring import score
from autograder.settings import load_settings

LESSON_SECONDS = 60.0
CHECK_CPU_SECONDS = 0.3
UNIT = "01_training"


def run_lesson(path: Path) -> tuple[float, float]:
    """Run a lesson from top to bottom; return its wall and CPU seconds, the kernel's start included."""
    notebook = nbformat.read(path, as_version=4)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, cpu


def goal(name: str, value: float, wanted: float, unit: str) -> str:
    """Write one goal's line."""
    return f"goal {name}: {value:.2f} {unit} (wanted <= {wanted:g} {unit}) {'met' if value <= wanted else 'short'}"


def main() -> None:
    """Measure and print."""
    settings = load_settings()
    table = Table("what", "wall s", "CPU s")
    goals = []
    for path in sorted(settings.notebooks.glob("*.ipynb")):
        wall, cpu = run_lesson(path)
        table.add_row(f"lesson {path.stem}", f"{wall:.1f}", f"{cpu:.1f}")
        goals.append(goal(f"lesson {path.stem}", wall, LESSON_SECONDS, "s"))
    report = calibrate(settings, UNIT, score=score, mutants_per_exercise=1)
    cpu_seconds = dict(report.cpu_seconds)
    for check, cpu in cpu_seconds.items():
        table.add_row(f"check {check}", "", f"{cpu:.3f}")
    goals.append(goal(f"checks of {UNIT}", sum(cpu_seconds.values()), CHECK_CPU_SECONDS, "s CPU"))
    Console(width=100).print(table)
    print("\n".join(goals))


if __name__ == "__main__":
    main()
