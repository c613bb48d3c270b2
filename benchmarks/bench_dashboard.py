"""
Serve made-up classes of 2,000 and 10,000 learners with 11 units; time every page of the dashboard and of formgrader.

The time of a page is from the request to the last byte on this machine, the median of several; of a formgrader page it
is the page and the data that it fetches at once. The server's processor time stands beside it: other work on the
machine lengthens the one, not the other. Elements are counted in Debian's browser, once the page is drawn.
`/api/status` is timed while the largest export is made; `bench_status.py` does so while a class is graded.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from made_up_gradebook import make_gradebook
from playwright.sync_api import Browser, Error, sync_playwright

from autograder.gradebook.class_queries import ClassQueries
from autograder.settings import Settings

TOKEN = "benchmark"  # of two servers on this machine that live for a minute
REPEAT = 5
START_SECONDS = 60
DRAW_MILLISECONDS = 120_000
MOST_NODES, MOST_MILLISECONDS, TIMES_FASTER = 3_000, 100.0, 50.0
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
FORMGRADER = """
c.ServerApp.jpserver_extensions = {{"nbgrader.server_extensions.formgrader": True}}
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {db_url!r}
c.Exchange.root = {root!r} + "/exchange"
"""
OURS = """
c.ServerApp.jpserver_extensions = {{"autograder.dashboard": True}}
c.CourseApp.root = {root!r}
"""


@dataclass(frozen=True)
class Page:
    """One page: its address, and what it fetches before anything can be read."""

    name: str
    path: str
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """What a page costs."""

    name: str
    milliseconds: float
    cpu_milliseconds: float  # of the server
    kibibytes: float
    nodes: int | None  # None: not drawn within DRAW_MILLISECONDS


def our_pages(settings: Settings) -> list[Page]:
    """Name every page of the dashboard, and the lists at their far end."""
    unit = settings.units[4].name
    with ClassQueries(settings) as book:
        row = book.submissions(unit=unit, state="not passed").rows[0]
        statistics_of = book.unit(unit).checks
        last, middle = book.learners().page.pages, book.submissions().page.pages // 2
        learner, run = row.learner, book.run_list().runs[0].run.id
    return [
        Page("overview", ""),
        Page("unit", f"units/{unit}"),
        Page("check", f"units/{unit}/checks/{statistics_of[0].check}"),
        Page("learners", "learners"),
        Page("learners, by score, last page", f"learners?sort=score&order=descending&page={last}"),
        Page("learners, searched", "learners?search=sofia"),
        Page("learners, at risk", "learners?at_risk=yes&sort=last&order=ascending"),
        Page("learner", f"learners/{learner}"),
        Page("submissions", "submissions"),
        Page("submissions, not passed, by score", f"submissions?unit={unit}&state=not+passed&sort=score"),
        Page("submissions, searched", "submissions?search=sofia&sort=name"),
        Page("submissions, found everywhere", "submissions?search=learner&sort=score"),
        Page("submissions, by name, in the middle", f"submissions?sort=name&page={middle}"),
        Page("submissions, by attempts, in the middle", f"submissions?sort=attempts&page={middle}"),
        Page("submissions, to be graded again", "submissions?state=regrade"),
        Page("submission", f"submissions/{row.latest_attempt}"),
        Page("queue", "queue"),
        Page("runs", "runs"),
        Page("run", f"runs/{run}"),
        Page("badges", "badges"),
        Page("audit log", "audit"),
        Page("audit log, searched", "audit?search=eve"),
        Page("export", "export"),
    ]


def formgrader_pages(settings: Settings) -> list[Page]:
    """Name formgrader's pages with what their scripts fetch."""
    unit = settings.units[4].name
    with ClassQueries(settings) as book:
        learner = book.learners().rows[0].learner
    return [
        Page("manage assignments", "manage_assignments", ("assignments",)),
        Page("manage submissions", f"manage_submissions/{unit}", (f"submissions/{unit}",)),
        Page("gradebook", "gradebook", ("assignments",)),
        Page("gradebook of a unit", f"gradebook/{unit}", (f"notebooks/{unit}",)),
        Page("gradebook of a notebook", f"gradebook/{unit}/assignment", (f"submitted_notebooks/{unit}/assignment",)),
        Page("manage students", "manage_students", ("students",)),
        Page("a student", f"manage_students/{learner}", (f"student_submissions/{learner}",)),
    ]


@dataclass(frozen=True)
class Server:
    """A server of this benchmark's own."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """Read the kernel's clock of the process: what it has worked until now."""
        return time.clock_gettime((~self.pid << 3) | 2)  # CPUCLOCK_SCHED of a process, as clock_getcpuclockid makes it


@contextmanager
def served(folder: Path, config: str) -> Iterator[Server]:
    """Run a Jupyter server with one extension."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = folder / "jupyter_benchmark_config.py"
    file.write_text(f"c = get_config()\nc.IdentityProvider.token = {TOKEN!r}\n{config}", encoding="utf-8")
    command = [sys.executable, "-m", "jupyter_server", f"--config={file}", "--allow-root", "--no-browser"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("COURSE_", "JUPYTER"))}
    environment |= {"JUPYTER_CONFIG_DIR": str(folder / "no-config"), "JUPYTER_NO_CONFIG": "1"}
    process = subprocess.Popen(
        [*command, f"--port={port}", "--ServerApp.port_retries=0", "--log-level=ERROR"],
        cwd=folder,
        env=environment | {"COURSE_ROOT": str(folder)},
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}")
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            httpx.get(address)
            return
        time.sleep(0.2)
    raise RuntimeError(f"{address}: no server within {START_SECONDS} s")


def measure(server: Server, home: str, api: str, pages: list[Page], browser: Browser | None) -> list[Measured]:
    """Time each page and count its elements; the first request of each is not counted."""
    client = httpx.Client(headers={"Authorization": f"token {TOKEN}"}, timeout=300)
    address, measured = server.address, []
    with client:
        for page in pages:
            places = [f"{address}/{home}/{page.path}".rstrip("/"), *(f"{address}/{api}/{name}" for name in page.data)]
            first, size = _seconds(client, places)
            repeat = REPEAT if first < 2 else 1
            before = server.cpu_seconds()
            times = [_seconds(client, places)[0] for _ in range(repeat)]
            cpu = (server.cpu_seconds() - before) / repeat
            nodes = _nodes(browser, address, places[0]) if browser else None
            measured.append(Measured(page.name, statistics.median(times) * 1000, cpu * 1000, size / 1024, nodes))
            print(f"  {row(measured[-1])}", flush=True)
    return measured


def _seconds(client: httpx.Client, places: list[str]) -> tuple[float, int]:
    size, begun = 0, time.perf_counter()
    for place in places:
        answer = client.get(place)
        if answer.status_code != 200:
            raise RuntimeError(f"{place}: {answer.status_code}")
        size += len(answer.content)
    return time.perf_counter() - begun, size


def _nodes(browser: Browser, address: str, place: str) -> int | None:
    context = browser.new_context()
    page = context.new_page()
    try:
        page.goto(f"{address}/api?token={TOKEN}")
        page.goto(place, wait_until="networkidle", timeout=DRAW_MILLISECONDS)
        count: int = page.evaluate("document.querySelectorAll('*').length")
    except Error:
        return None
    else:
        return count
    finally:
        context.close()


def row(one: Measured) -> str:
    """Write one line of the table."""
    nodes = "not drawn" if one.nodes is None else f"{one.nodes:,}"
    times = f"{one.milliseconds:10,.1f} ms {one.cpu_milliseconds:10,.1f} ms cpu"
    return f"{one.name:40} {times} {one.kibibytes:8,.0f} KiB {nodes:>10} elements"


def status_while_busy(address: str, settings: Settings) -> float:
    """Ask /api/status while exports and pages of the class are being made; gives the slowest answer in ms."""
    slowest = 0.0
    with httpx.Client(headers={"Authorization": f"token {TOKEN}"}, timeout=300) as client:
        command = [
            sys.executable,
            "-c",
            "import httpx, sys; httpx.get(sys.argv[1], headers={'Authorization': f'token {sys.argv[2]}'}, timeout=300)",
            f"{address}/course/grading/export/grades.json",
            TOKEN,
        ]
        client.get(f"{address}/api/status")
        busy = subprocess.Popen(command, cwd=settings.root)
        while busy.poll() is None:
            begun = time.perf_counter()
            client.get(f"{address}/api/status")
            slowest = max(slowest, time.perf_counter() - begun)
            time.sleep(0.02)
    return slowest * 1000


def goal(name: str, value: float, unit: str, wanted: float, *, at_least: bool = False) -> None:
    """Print how a figure compares with its goal."""
    met = value >= wanted if at_least else value <= wanted
    sign = ">=" if at_least else "<="
    print(f"goal {name}: {value:,.1f} {unit} (wanted {sign} {wanted:,.0f} {unit}) {'met' if met else 'short'}")


def compare(settings: Settings, learners: int, browser: Browser | None, *, with_formgrader: bool) -> None:
    """Measure one class."""
    folder = settings.root
    print(f"{learners:,} learners, {len(settings.units)} units: this dashboard")
    with served(folder, OURS.format(root=str(folder))) as server:
        ours = measure(server, "course/grading", "", our_pages(settings), browser)
        busy = status_while_busy(server.address, settings)
    slowest = max(ours, key=lambda one: one.milliseconds)
    dearest = max(ours, key=lambda one: one.cpu_milliseconds)
    goal(f"slowest page at {learners:,} ({slowest.name})", slowest.milliseconds, "ms", MOST_MILLISECONDS)
    cpu = dearest.cpu_milliseconds
    goal(f"most processor time of a page at {learners:,} ({dearest.name})", cpu, "ms", MOST_MILLISECONDS / 2)
    if browser:
        goal(f"most elements at {learners:,}", max(one.nodes or 0 for one in ours), "", MOST_NODES)
    goal(f"/api/status during an export at {learners:,}", busy, "ms", MOST_MILLISECONDS)
    if not with_formgrader:
        return
    print(f"{learners:,} learners, {len(settings.units)} units: formgrader")
    with served(folder, FORMGRADER.format(root=str(folder), db_url=settings.db_url)) as server:
        theirs = measure(server, "formgrader", "formgrader/api", formgrader_pages(settings), browser)
    times = max(one.milliseconds for one in theirs) / slowest.milliseconds
    goal(f"slowest page against formgrader's at {learners:,}", times, "x", TIMES_FASTER, at_least=True)


def main() -> None:
    """Make the classes, measure, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--formgrader", type=int, default=2_000, help="largest class that formgrader is measured on")
    parser.add_argument("--keep", type=Path, help="folder in which the classes are made and found again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = None
        if Path("/usr/bin/chromium").exists():
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for learners in arguments.learners:
            folder = (arguments.keep or Path(scratch)) / f"class-of-{learners}"
            settings = found(folder) if folder.exists() else make_gradebook(folder, learners)
            (folder / "exchange").mkdir(exist_ok=True)  # formgrader asks for one
            compare(settings, learners, browser, with_formgrader=learners <= arguments.formgrader)
        if browser:
            browser.close()


def found(folder: Path) -> Settings:
    """Load a class that was made before."""
    from autograder.settings import load_settings

    return load_settings(folder, {"USER": "eve"})


if __name__ == "__main__":
    main()
