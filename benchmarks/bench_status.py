"""
Grade a real class from the dashboard, and ask the server meanwhile whether it still answers others at once.

A made-up class of unit 01 is handed in to a course of its own. A click starts the run, as an instructor would. Until it
ends, `/api/status`, which Jupyter and its launchers ask, is asked again and again, and between them the pages that an
instructor watches. The same is asked before, while nothing goes on. A slow answer by a busy machine counts as slow; the
last line says how late this process itself was woken, which is the machine's part in it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from bench_dashboard import MOST_MILLISECONDS, OURS, TOKEN, goal, served

from autograder import workflows
from autograder.classroom.made_up_course import MadeUpCourse
from autograder.gradebook.class_queries import ClassQueries
from autograder.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
UNIT = "01_training"
PAUSE_SECONDS = 0.02
QUIET_SECONDS = 3.0
PAGE_EVERY = 10  # questions to /api/status


@dataclass
class Answers:
    """How long the server took, in milliseconds."""

    status: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)  # by how much a pause of this process was longer than wished


def make_class(folder: Path, learners: int) -> Settings:
    """Hand in a class of unit 01 in a copy of the course."""
    for name in ("course", "source"):
        shutil.copytree(ROOT / name, folder / name)
    told = (ROOT / "course.toml").read_text(encoding="utf-8")
    (folder / "course.toml").write_text(told.replace('mode = "self-study"', 'mode = "class"'), encoding="utf-8")
    settings = load_settings(folder, {"USER": "eve"})
    course = MadeUpCourse(settings, [UNIT], seed=2013, size=learners)
    workflows.enrol(settings, [each.person for each in course.learners], actor="eve", reason="a benchmark")
    course.hand_in(0)
    return settings


def ask(client: httpx.Client, address: str, pages: list[str], going_on: Callable[[], bool]) -> Answers:
    """Ask until nothing goes on any more."""
    answers, number = Answers(), 0
    while going_on():
        answers.status.append(_milliseconds(client, f"{address}/api/status"))
        if number % PAGE_EVERY == 0:
            answers.pages.append(_milliseconds(client, f"{address}/{pages[number // PAGE_EVERY % len(pages)]}"))
        number += 1
        begun = time.perf_counter()
        time.sleep(PAUSE_SECONDS)
        answers.late.append((time.perf_counter() - begun - PAUSE_SECONDS) * 1000)
    return answers


def _milliseconds(client: httpx.Client, place: str) -> float:
    begun = time.perf_counter()
    client.get(place).raise_for_status()
    return (time.perf_counter() - begun) * 1000


def told(name: str, times: list[float]) -> str:
    """Write one line of the table."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    middle = statistics.median(ordered)
    return f"{name:40} {len(times):6,} asked {middle:8.1f} ms median {late:8.1f} ms p99 {ordered[-1]:8.1f} ms slowest"


def main() -> None:
    """Make the class, grade it, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = make_class(folder, arguments.learners)
        with (
            served(folder, OURS.format(root=str(folder))) as server,
            httpx.Client(headers={"Authorization": f"token {TOKEN}"}, timeout=300) as client,
        ):
            address = server.address
            pages = [
                "course/grading",
                "course/grading/submissions",
                f"course/grading/units/{UNIT}",
                "course/grading/runs",
            ]
            ask(client, address, pages, iter([True] * len(pages) * PAGE_EVERY + [False]).__next__)  # templates compile
            until = time.monotonic() + QUIET_SECONDS
            quiet = ask(client, address, pages, lambda: time.monotonic() < until)
            begun = time.monotonic()
            with ThreadPoolExecutor(1) as beside:
                starting = beside.submit(_start, address)
                start = ask(client, address, pages, lambda: not starting.done())
            run = starting.result()
            busy = ask(
                client, address, [*pages, f"course/grading/runs/{run}/progress"], lambda: _goes_on(settings, run)
            )
            seconds = time.monotonic() - begun
    print(f"{arguments.learners} submissions of {UNIT} graded in {seconds:.0f} s while the server was asked")
    print(told("/api/status, nothing goes on", quiet.status))
    print(told("/api/status, while the run starts", start.status))
    print(told("/api/status, a class is graded", busy.status))
    print(told("pages of the dashboard, nothing goes on", quiet.pages))
    print(told("pages of the dashboard, a class is graded", busy.pages))
    print(told("this process, woken late", busy.late))
    slowest = max(*start.status, *busy.status)
    goal("/api/status while a class is graded, slowest", slowest, "ms", MOST_MILLISECONDS)


def _start(address: str) -> int:
    headers = {"Authorization": f"token {TOKEN}"}
    answer = httpx.post(f"{address}/course/grading/runs", data={"unit": UNIT}, headers=headers, timeout=300)
    if answer.status_code != 303:
        raise RuntimeError(f"the run did not start: {answer.status_code} {answer.text[:500]}")
    return int(answer.headers["Location"].split("?")[0].rsplit("/", 1)[1])


def _goes_on(settings: Settings, run: int) -> bool:
    with ClassQueries(settings) as book:
        state = book.run_state(run)
    return state is not None and state.going_on


if __name__ == "__main__":
    main()
