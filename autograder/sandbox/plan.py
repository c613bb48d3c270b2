"""
What the jail shows and how bubblewrap is told: pure lists, made from where Python and the course are installed.

The jail sees the C library, Python, the installed packages, `exercises`, the protocol and the server. It never sees the
repository, which holds course/ and source/.
"""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

CODE = "/course/code"
SITE = "/course/site"
SERVER = "autograder.sandbox.inside.server"
CODE_PARTS = (
    "exercises",
    "autograder/__init__.py",
    "autograder/protocol",
    "autograder/sandbox/__init__.py",
    "autograder/sandbox/inside",
)
DEVICES = ("/dev/null", "/dev/urandom", "/dev/zero")
SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")


@dataclass(frozen=True)
class Bind:
    """One read-only part of the host that the jail shows."""

    source: str
    target: str


@dataclass(frozen=True)
class Layout:
    """Where the parts of the jail come from."""

    python: str  # interpreter inside the jail
    binds: tuple[Bind, ...]
    links: tuple[tuple[str, str], ...]  # (what the link says, where it stands)

    @property
    def readable(self) -> tuple[str, ...]:
        """What Landlock lets a job read where it has no file system of its own."""
        return (*(bind.target for bind in self.binds), *DEVICES)

    @property
    def readable_on_host(self) -> tuple[str, ...]:
        """The same where the server runs on the host's own files (M3)."""
        return (*(bind.source for bind in self.binds), *DEVICES)


def code_folder() -> Path:
    """Return the folder that holds the packages `autograder` and `exercises`."""
    return Path(__file__).resolve().parents[2]


def layout() -> Layout:
    """Describe the jail for the running interpreter."""
    binds, links = [], []
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            links.append((str(path.readlink()), name))
        elif path.exists():
            binds.append(Bind(name, name))
    base = Path(sys.base_prefix)
    python = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    if base == Path("/usr"):
        binds.append(Bind(str(python), str(python)))
    else:
        binds.append(Bind(str(base), str(base)))
    binds.append(Bind(sysconfig.get_paths()["purelib"], SITE))
    binds += [Bind(str(code_folder() / part), f"{CODE}/{part}") for part in CODE_PARTS]
    return Layout(python=str(python), binds=tuple(binds), links=tuple(links))


def bubblewrap(
    shown: Layout, *, binds: tuple[Bind, ...], hash_seed: int, control: int, tmp_bytes: int, nested: bool
) -> list[str]:
    """
    Tell bubblewrap to run the server.

    Args:
        shown: The jail's layout.
        binds: Where its parts are now; elsewhere than in *shown* when they were staged.
        hash_seed: PYTHONHASHSEED of the server and so of its jobs.
        control: Number of the server's socket.
        tmp_bytes: Size of the server's /tmp.
        nested: Jobs get namespaces of their own (M1); otherwise user namespaces are switched off inside (M2).
    """
    command = ["bwrap", "--unshare-all", "--unshare-user", "--new-session", "--die-with-parent", "--clearenv"]
    command += [] if nested else ["--disable-userns"]
    for bind in binds:
        command += ["--ro-bind", bind.source, bind.target]
    for says, stands in shown.links:
        command += ["--symlink", says, stands]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(tmp_bytes), "--tmpfs", "/tmp"]
    command += ["--remount-ro", "/", "--chdir", "/tmp"]
    for name, value in environment(hash_seed).items():
        command += ["--setenv", name, value]
    return [*command, "--", *python_command(shown.python, control)]


def environment(hash_seed: int, *, path: str = f"{CODE}:{SITE}") -> dict[str, str]:
    """Return the whole environment of the server."""
    return {"PATH": "/usr/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": path}


def python_command(python: str, control: int) -> list[str]:
    """Start the server: no user site, no working folder on the path, no bytecode written."""
    return [python, "-s", "-P", "-B", "-m", SERVER, str(control)]
