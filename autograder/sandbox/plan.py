"""
What the jail shows and how bubblewrap is told: pure lists, made from where Python and the course are installed.

The jail sees the C library, Python, the installed packages, `exercises`, the protocol and the server. It never sees the
repository, which holds course/ and source/.
"""

from __future__ import annotations

import stat
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

CODE = "/course/code"
SITE = "/course/site"
PLATFORM_SITE = "/course/platform-site"  # where an installation keeps compiled packages apart
STAGE = "/mnt"  # any folder that exists: what is mounted there is private to the server
SERVER = "autograder.sandbox.inside.server"
CODE_PARTS = (
    "exercises",
    "autograder/__init__.py",
    "autograder/protocol",
    "autograder/sandbox/__init__.py",
    "autograder/sandbox/inside",
)
DEVICES = ("/dev/null", "/dev/urandom", "/dev/random", "/dev/zero")
SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")


@dataclass(frozen=True)
class Bind:
    """One read-only part of the host that the jail shows."""

    source: str
    target: str


@dataclass(frozen=True)
class Layout:
    """Where the parts of the jail come from."""

    python: str  # interpreter, on the host and inside the jail
    binds: tuple[Bind, ...]
    links: tuple[tuple[str, str], ...]  # (what the link says, where it stands)

    @property
    def path(self) -> str:
        """PYTHONPATH inside the jail."""
        return ":".join(place for place in (CODE, SITE, PLATFORM_SITE) if self._shows(place))

    @property
    def readable(self) -> tuple[str, ...]:
        """What Landlock lets a job read where it has no file system of its own."""
        return (*(bind.target for bind in self.binds), *DEVICES)

    def _shows(self, place: str) -> bool:
        return any(f"{bind.target}/".startswith(f"{place}/") for bind in self.binds)


def code_folder() -> Path:
    """Return the folder that holds the packages `autograder` and `exercises`."""
    return Path(__file__).resolve().parents[2]


def site_folders() -> tuple[str, ...]:
    """Return where packages are installed; two where compiled ones are kept apart."""
    paths = sysconfig.get_paths()
    return tuple(dict.fromkeys((paths["purelib"], paths["platlib"])))


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
    place = python if base == Path("/usr") else base
    binds.append(Bind(str(place), str(place)))
    binds += [Bind(folder, target) for folder, target in zip(site_folders(), (SITE, PLATFORM_SITE), strict=False)]
    binds += [Bind(str(code_folder() / part), f"{CODE}/{part}") for part in CODE_PARTS]
    return Layout(python=str(python), binds=tuple(binds), links=tuple(links))


def staged(shown: Layout) -> Layout:
    """Describe the same parts where root has bound them for an ordinary user, each below the stage."""
    binds = tuple(Bind(f"{STAGE}{bind.target}", bind.target) for bind in shown.binds)
    return Layout(python=f"{STAGE}{shown.python}", binds=binds, links=shown.links)


def on_host(shown: Layout) -> Layout:
    """Describe a server that runs on the host's own files (M3), or on those of the stage: sources are targets."""
    binds = tuple(Bind(bind.source, bind.source) for bind in shown.binds)
    return Layout(python=shown.python, binds=binds, links=())


def open_to_all(path: str) -> bool:
    """Tell whether every user may read *path* and pass the folders above it."""
    place = Path(path)
    wanted = stat.S_IROTH | (stat.S_IXOTH if place.is_dir() else 0)
    return (place.stat().st_mode & wanted) == wanted and all(
        folder.stat().st_mode & stat.S_IXOTH for folder in place.parents
    )


def bubblewrap(shown: Layout, command: list[str], *, hash_seed: int, tmp_bytes: int, nested: bool) -> list[str]:
    """
    Tell bubblewrap to run the server.

    Args:
        shown: The jail's layout, each part where it is now.
        command: The server as the jail sees it.
        hash_seed: PYTHONHASHSEED of the server and so of its jobs.
        tmp_bytes: Size of the server's /tmp.
        nested: Jobs get namespaces of their own (M1); otherwise user namespaces are switched off inside (M2).
    """
    words = ["bwrap", "--unshare-all", "--unshare-user", "--new-session", "--die-with-parent", "--clearenv"]
    words += [] if nested else ["--disable-userns"]
    for bind in shown.binds:
        words += ["--ro-bind", bind.source, bind.target]
    for says, stands in shown.links:
        words += ["--symlink", says, stands]
    words += ["--proc", "/proc", "--tmpfs", "/dev"]
    for device in DEVICES:
        words += ["--dev-bind", device, device]
    words += ["--size", str(tmp_bytes), "--tmpfs", "/tmp"]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    for name, value in environment(hash_seed, shown.path).items():
        words += ["--setenv", name, value]
    return [*words, "--", *command]


def environment(hash_seed: int, path: str) -> dict[str, str]:
    """Return the whole environment of the server."""
    return {
        "PATH": "/usr/bin",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONPATH": path,
        "MALLOC_ARENA_MAX": "2",  # each further one takes 64 MiB of a job's address space
    }


def python_command(python: str, control: int) -> list[str]:
    """Start the server: nothing on its path but what PYTHONPATH names, no bytecode written."""
    return [python, "-s", "-S", "-P", "-B", "-m", SERVER, str(control)]
