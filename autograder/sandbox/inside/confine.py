"""
The last steps of a forked job before a learner's cell runs in it. Every step raises or is done; none is skipped.

Mode M1: own user, pid, mount and ipc namespaces, a private tmpfs, no /proc. Modes M2 and M3: a private folder behind
Landlock. All three: Landlock, limits, no capabilities, no new privileges, the system-call filter. Mode M0 has limits
only and is for one's own work.
"""

from __future__ import annotations

import gc
import itertools
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox.inside import landlock, linux, seccomp
from autograder.sandbox.inside.limits import Limits, apply, apply_without_jail, tasks_of_user

PRIVATE = "/tmp"
NAMESPACED = "M1"
UNCONFINED = "M0"
MOST_DESCRIPTORS = 1 << 20


def confine(
    *, mode: str, limits: Limits, most_tasks: int, folder: str, readable: Sequence[str], channel: int, server: int
) -> None:
    """
    Confine this freshly forked process for good.

    Args:
        mode: "M1", "M2", "M3" or "M0".
        limits: Ceilings of the job.
        most_tasks: Besides its own, which are counted with its neighbours' in M2 and M3.
        folder: Private folder of the job; in M1 the new tmpfs.
        readable: What the job may read besides it.
        channel: The one descriptor that stays open.
        server: Process id of the server, in the server's own pid namespace.

    Raises:
        OSError: If any step fails; the caller must then end the process.
    """
    if mode == UNCONFINED:
        os.setsid()  # what the job starts is ended with it
        apply_without_jail(limits)
        _settle(folder, channel)
        _die_with(server)
        return
    if mode == NAMESPACED:
        enter_namespaces(limits, os.getuid(), os.getgid())
    else:
        apply(limits, tasks=min(tasks_of_user(), most_tasks))
    _settle(folder, channel)
    linux.drop_capabilities()
    if mode != NAMESPACED:  # there the server is the first process of a namespace around this one, and ends it
        _die_with(server)
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(readable=readable, writable=[folder])
    seccomp.install(os.getpid(), shared_user=mode != NAMESPACED)


def enter_namespaces(limits: Limits, user: int, group: int) -> None:
    """Give the job its own user, mount and ipc namespaces and a private tmpfs; hide /proc."""
    linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS | linux.CLONE_NEWIPC)
    linux.map_own_user(user, group)
    apply(limits, tasks=0)  # needs /proc, which goes now; the kernel counts tasks for each user namespace
    quiet = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    linux.mount("private", PRIVATE, "tmpfs", quiet, f"size={limits.file_bytes},nr_inodes={limits.inodes},mode=0700")
    linux.mount("none", "/proc", "tmpfs", quiet | linux.MS_RDONLY, "size=4k,nr_inodes=2")


def close_all_but(kept: Sequence[int]) -> None:
    """Close every descriptor except *kept*; 0, 1 and 2 lead to /dev/null."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    edges = [2, *sorted(descriptor for descriptor in kept if descriptor > 2), MOST_DESCRIPTORS]
    for low, high in itertools.pairwise(edges):
        os.closerange(low + 1, high)


def _die_with(server: int) -> None:
    """Let the kernel end this process when its server ends. Last: a change of credentials would undo it."""
    if sys.platform == "linux":
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        raise OSError("the server has ended meanwhile")


def _settle(folder: str, channel: int) -> None:
    """Make the private folder the job's home, and leave nothing open but its channel."""
    close_all_but([channel])
    for name in ("home", "work"):
        Path(folder, name).mkdir(mode=0o700)
    os.environ.update({"HOME": f"{folder}/home", "TMPDIR": folder})
    tempfile.tempdir = None  # the server may have looked it up
    os.chdir(f"{folder}/work")
    gc.enable()
