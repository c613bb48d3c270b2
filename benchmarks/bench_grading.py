"""
Grade one honest class twice, by `nbgrader autograde` in one process and by this course's judge, and compare.

Prints both graders' scores, wall time, processor time and memory, one submission warm and cold, and one line for each
goal. Both begin with a cold start; everything is written to a folder of its own.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder import workflows
from autograder.authoring.mistakes import read_alternative
from autograder.authoring.program import Program, read_program
from autograder.authoring.runner import Candidate, Runner
from autograder.authoring.units import kind
from autograder.judge.pair import Pair
from autograder.judge.pool import Pool
from autograder.settings import Settings, load_settings

ASSIGNMENT = "assignment.ipynb"
STAMP = "2026-03-01 12:00:00.000000 UTC"
MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")
REPEAT = 5


@dataclass(frozen=True)
class Run:
    """What one grader did with the class."""

    wall_seconds: float
    cpu_seconds: float  # of the process and all that it waited for
    scores: dict[str, float]


def honest_class(settings: Settings, material: workflows.Material, learners: int) -> Iterator[tuple[str, NotebookNode]]:
    """Yield learners and what they hand in: the two known right answers, edited a little, and a cell of their own."""
    alternative = read_alternative(settings.course / material.unit.name, material.unit.exercises)
    reference = read_program(material.source).reference
    for number in range(learners):
        notebook = copy.deepcopy(material.released)
        answers = alternative if number % 2 else reference
        for cell in notebook.cells:
            if kind(cell) == "answer":
                source = answers[cell.metadata.nbgrader.grade_id]
                lines = [line for line in source.splitlines() if line.strip() not in MARKS]
                cell.source = "\n".join([f"# learner {number}", *lines])
        notebook.cells.append(nbformat.v4.new_code_cell(f"print('tried {number} times')"))
        yield f"learner-{number:02d}", notebook


def hand_in(folder: Path, unit: str, learner: str, notebook: NotebookNode) -> None:
    """Write a submission in nbgrader's layout."""
    place = folder / learner / unit
    place.mkdir(parents=True)
    nbformat.write(notebook, place / ASSIGNMENT)
    (place / "timestamp.txt").write_text(STAMP, encoding="utf-8")


def timed(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> tuple[float, float]:
    """Run a command; return its wall and processor time, those of what it waited for included."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode != 0:
        raise SystemExit(f"{' '.join(command)[:200]} ended with {ran.returncode}:\n{ran.stderr[-3000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def scores(db_url: str, unit: str) -> dict[str, float]:
    """Read the class's scores from a gradebook."""
    with Gradebook(db_url) as gradebook:
        return {row["student"]: row["score"] for row in gradebook.submission_dicts(unit)}


def grade_by_nbgrader(folder: Path, settings: Settings, unit: str) -> Run:
    """Let stock nbgrader grade the class, all in one process."""
    shutil.copytree(settings.source / unit, folder / "source" / unit)
    config = (
        "c = get_config()\nc.ClearSolutions.code_stub = {'python': 'raise NotImplementedError(\"not written yet\")'}\n"
    )
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    nbgrader = [sys.executable, "-m", "nbgrader"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])  # for its alembic
    environment = {**os.environ, "PATH": path}
    timed([*nbgrader, "generate_assignment", unit, "--create"], folder, environment)
    wall, cpu = timed([*nbgrader, "autograde", unit], folder, environment)
    return Run(wall, cpu, scores(f"sqlite:///{folder / 'gradebook.db'}", unit))


def own_settings(root: str | Path, var: Path) -> Settings:
    """Return settings that write to *var* only and believe nobody."""
    settings = load_settings(Path(root))
    return replace(settings, var_folder=var, db_url=f"sqlite:///{var / 'gradebook.db'}", mode="class", secret="")


def grade_by_judge(settings: Settings, unit: str) -> Run:
    """Let `course grade` grade the class, from nothing: servers are started and ended in that time."""
    environment = {**os.environ, "COURSE_VAR": str(settings.var)}
    wall, cpu = timed([sys.executable, "-m", "autograder", "grade", unit], settings.root, environment)
    return Run(wall, cpu, scores(settings.db_url, unit))


def cells_cpu_seconds(program: Program) -> float:
    """Return the processor time of the reference's cells alone, all in one process that is warm."""
    with Runner(program, jobs=1) as runner:
        runs = list(runner.run([Candidate(cells=program.whole({}))] * REPEAT))
    return statistics.median(sum(cell.cpu_seconds for cell in cells) for cells in runs)


@dataclass(frozen=True)
class Warm:
    """Submissions with a warm pair, from bytes to the gradebook."""

    wall_seconds: float  # of one alone
    cpu_seconds: float  # of one among others; everybody's: grader, judge, learner's process
    own_cpu_seconds: float  # of all cells, as measured in the two processes
    peak_bytes: int  # of the learner's process over its server


def grade_warm(settings: Settings, material: workflows.Material, learners: list[str]) -> Warm:
    """Grade submissions one by one, each with a run of its own, as `submit()` does; then all of them in one run."""
    walls = []
    with Pool(settings) as pool:
        observed = _watched(pool.pair(material.unit, material.source, own_work=False))
        for learner in learners:
            begun = time.perf_counter()
            workflows.grade_material(settings, material, learners=[learner], force=True, pool=pool)
            walls.append(time.perf_counter() - begun)
        observed.clear()
        used = time.process_time()
        workflows.grade_material(settings, material, learners=learners, force=True, pool=pool)
        used = time.process_time() - used
    return Warm(
        wall_seconds=statistics.median(walls),
        cpu_seconds=(used + sum(ran.cpu_seconds for ran in observed)) / len(learners),
        own_cpu_seconds=statistics.median(sum(cell.cpu_seconds for cell in ran.cells) for ran in observed),
        peak_bytes=max(ran.peak_bytes for ran in observed),
    )


def _watched(judge: Pair) -> list:
    """Keep what the judge observes."""
    observed, run = [], judge.run

    def keep(notebook: NotebookNode):
        observed.append(run(notebook))
        return observed[-1]

    judge.run = keep
    return observed


def submit_cold(settings: Settings, unit: str, folder: Path) -> float:
    """Return the seconds of one `course submit`, from nothing to the verdict."""
    work = folder / "work" / unit
    work.mkdir(parents=True)
    shutil.copy(settings.submitted / "learner-00" / unit / ASSIGNMENT, work / ASSIGNMENT)
    environment = {**os.environ, "COURSE_VAR": str(folder), "COURSE_LEARNER": "learner-00"}
    walls = []
    for _ in range(2):  # the first also makes the gradebook's tables
        begun = time.perf_counter()
        ran = subprocess.run(
            [sys.executable, "-m", "autograder", "submit", unit, "--json"],
            cwd=settings.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        walls.append(time.perf_counter() - begun)
        state = json.loads(ran.stdout)["state"] if ran.returncode == 0 else ran.stderr
        if state != "graded":
            raise SystemExit(f"course submit: {state}")
        copy_of = nbformat.read(work / ASSIGNMENT, as_version=4)
        copy_of.cells.append(nbformat.v4.new_code_cell("again = 1"))  # the same bytes would be answered from the table
        nbformat.write(copy_of, work / ASSIGNMENT)
    return walls[-1]


def main() -> None:
    """Grade, compare, and print the figures and goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=40, help="submissions of the class")
    parser.add_argument("--unit", default="01_training")
    arguments = parser.parse_args()
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="course-bench-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        settings = own_settings(load_settings().root, folder / "ours")
        material = workflows.load_material(settings, arguments.unit)
        learners = []
        for learner, notebook in honest_class(settings, material, arguments.learners):
            learners.append(learner)
            for place in (folder / "stock" / "submitted", settings.submitted):
                hand_in(place, arguments.unit, learner, notebook)
        stock = grade_by_nbgrader(folder / "stock", settings, arguments.unit)
        ours = grade_by_judge(settings, arguments.unit)
        cells = cells_cpu_seconds(read_program(material.source))
        warm = grade_warm(settings, material, learners[:10])
        cold = submit_cold(settings, arguments.unit, folder / "cold")
    print(f"{len(learners)} submissions of {arguments.unit}; load {load_before:.1f} -> {os.getloadavg()[0]:.1f}")
    number = len(learners)
    table(
        ("class, wall s", stock.wall_seconds, ours.wall_seconds),
        ("a submission, wall s", stock.wall_seconds / number, ours.wall_seconds / number),
        ("a submission, processor s", stock.cpu_seconds / number, warm.cpu_seconds),
        ("its cells, processor s", cells, warm.own_cpu_seconds),
        ("share of the cells alone, %", 100 * cells * number / stock.cpu_seconds, 100 * cells / warm.cpu_seconds),
    )
    goals(stock, ours, cells, warm, cold)


def table(*rows: tuple[str, float, float]) -> None:
    """Print figures of both graders."""
    print(f"{'':30}{'nbgrader':>10}{'judge':>10}")
    for name, theirs, ours in rows:
        print(f"{name:30}{theirs:10.2f}{ours:10.2f}")


def goals(stock: Run, ours: Run, cells: float, warm: Warm, cold: float) -> None:
    """Print one line for each goal."""
    unlike = sum(stock.scores[learner] != ours.scores.get(learner) for learner in stock.scores)
    goal("scores that differ", unlike, "", 0)
    goal("times faster than nbgrader", stock.wall_seconds / ours.wall_seconds, "x", 15, at_least=True)
    goal("checks of the reference, CPU", cells, "s", 0.3)
    goal("CPU a submission", warm.cpu_seconds, "s", 1.25 * cells + 0.06)
    goal("one submission, warm", warm.wall_seconds, "s", 1.0)
    goal("course submit, cold", cold, "s", 5.0)
    goal("memory of a job over its server's", warm.peak_bytes / (1 << 20), "MiB", 60.0)


def goal(name: str, value: float, unit: str, wanted: float, *, at_least: bool = False) -> None:
    """Print how a figure compares with its goal."""
    met = value >= wanted if at_least else value <= wanted
    sign = ">=" if at_least else "<="
    print(f"goal {name}: {value:.2f} {unit} (wanted {sign} {wanted:.2f} {unit}) {'met' if met else 'short'}")


if __name__ == "__main__":
    main()
