"""A copy of the course in a folder of its own, served as a learner starts it."""

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import BrowserContext

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = END_SECONDS = 300  # two busy cores
SAID_WHERE = "The course is open at "
OWN = ("COURSE_", "JUPYTER", "JPY_", "IPYTHON", "NBGRADER")  # variables that must not leak into the journey


@dataclass(frozen=True)
class CourseCopy:
    """A course in a folder of its own, served."""

    root: Path
    address: str  # of the course page, with the token

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.address))

    def work(self, unit: str) -> Path:
        """The learner's exercises."""
        return self.root / "var" / "work" / unit / "assignment.ipynb"

    def solutions(self, unit: str) -> dict[str, str]:
        """The reference answers by grade_id, as a learner would type them."""
        notebook = nbformat.read(self.root / "source" / unit / "assignment.ipynb", as_version=4)
        answers = [cell for cell in notebook.cells if cell.metadata.get("course", {}).get("kind") == "answer"]
        return {
            cell.metadata.nbgrader.grade_id: "\n".join(
                line for line in cell.source.splitlines() if not line.strip().startswith("### ")
            )
            for cell in answers
        }


@dataclass
class Loads:
    """Every address that a browser asked for."""

    addresses: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note requests and sockets of all pages of *context*."""
        context.on("request", lambda request: self.addresses.append(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self.addresses.append(socket.url)))

    def foreign(self, origin: str) -> list[str]:
        """List what did not come from *origin*, nor out of the page itself."""
        host = urlsplit(origin).netloc
        return [
            url
            for url in self.addresses
            if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != host
        ]


def copy_course(folder: Path) -> Path:
    """Copy what a learner's checkout holds; var/ stays behind."""
    root = folder / "course copy"  # a blank in the path must not matter
    root.mkdir()
    for name in ("course", "source", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("course.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    return root


def own_environment(root: Path, home: Path) -> dict[str, str]:
    """Make the environment of a learner who has never used Jupyter."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return kept | {"COURSE_ROOT": str(root), "COURSE_LEARNER": "ada", "HOME": str(home), "PYTHONUNBUFFERED": "1"}


@contextmanager
def serve(root: Path, home: Path) -> Iterator[CourseCopy]:
    """Run `course start --no-browser` on a copy, from the line with the address until the end."""
    command = [sys.executable, "-m", "autograder", "start", "--no-browser", "--port", "8890"]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=own_environment(root, home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, lines))
    reader.start()
    try:
        yield CourseCopy(root=root, address=_address(lines))
    finally:
        process.terminate()
        process.wait(timeout=END_SECONDS)
        reader.join(timeout=END_SECONDS)


def _read(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    assert process.stdout is not None
    with process.stdout as told:
        for line in told:
            lines.put(line)
    lines.put("")


def _address(lines: queue.Queue[str]) -> str:
    told = []
    while line := lines.get(timeout=START_SECONDS):
        told.append(line)
        if SAID_WHERE in line:
            return line.split(SAID_WHERE, 1)[1].strip()
    raise AssertionError("the server ended without an address: " + "".join(told))
