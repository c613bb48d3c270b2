"""
The Linux calls that Python lacks, each raising OSError on failure. Decides nothing.

Numbers and constants: Linux UAPI headers (sched.h, mount.h, prctl.h, capability.h), the same on x86_64 and aarch64
where no table says otherwise.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import sys
import threading
import time
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

THREAD_FLAGS = 0x00000100 | 0x00000200 | 0x00000400 | 0x00000800 | 0x00010000 | 0x00040000
"""CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM."""
TASK_STACK = 1 << 16

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

CPUCLOCK_SCHED = 2  # of all threads, to the nanosecond
ENDING_SECONDS = 5.0  # in which a thread that has nothing more to do has ended, also on a busy machine

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def machine() -> str:
    """Name the processor as the kernel does: x86_64 or aarch64."""
    return platform.machine()


def cpu_clock(pid: int) -> int:
    """Return the clock, for `time.clock_gettime`, of what all threads of another process have used."""
    return ~pid << 3 | CPUCLOCK_SCHED


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object, what: str = "") -> int:
    """Make a system call by number; integers go as unsigned longs, ctypes pointers as they are."""
    converted = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *converted), what or f"system call {number}")


def unshare(flags: int) -> None:
    """Leave the namespaces named by *flags* for new ones."""
    _check(_libc.unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def setns(descriptor: int, flags: int) -> None:
    """Enter the namespace that *descriptor* stands for."""
    _check(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(flags)), "setns")


def map_own_user(user: int, group: int) -> None:
    """In a new user namespace: be the same user and group as before, and nobody else."""
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Mount a file system."""
    _check(
        _libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode() or None),
        f"mount {kind or 'bind'} on {target}",
    )


def prctl(option: int, argument: int = 0, third: int = 0) -> int:
    """Change something about this process."""
    return _check(
        _libc.prctl(
            ctypes.c_int(option), ctypes.c_ulong(argument), ctypes.c_ulong(third), ctypes.c_ulong(0), ctypes.c_ulong(0)
        ),
        f"prctl({option})",
    )


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def drop_capabilities() -> None:
    """Give up every capability: ambient, bounding (where permitted), effective, permitted and inheritable."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break  # past the last one, or not permitted: without permitted ones the bounding set gives nothing
    header = _CapHeader(0x20080522, 0)
    nothing = (_CapData * 2)()
    _check(_libc.capset(ctypes.byref(header), nothing), "capset")


def a_task_starts() -> bool:
    """
    Tell whether the kernel lets this process, which has one thread, start another; it ends at once.

    A raw task of a few pages: a thread of Python's would leave 72 MiB of address space behind.
    """
    stack = mmap.mmap(-1, TASK_STACK)
    place = ctypes.addressof(ctypes.c_char.from_buffer(stack))
    entry = ctypes.cast(_libc.sched_yield, ctypes.c_void_p)  # returns at once and touches no memory
    _libc.clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    if _libc.clone(entry, place + TASK_STACK - 64, THREAD_FLAGS, None) < 0:
        number = ctypes.get_errno()
        if number == errno.EAGAIN:
            return False
        raise OSError(number, f"clone: {os.strerror(number)}")
    while thread_count() > 1:  # until then it stands on the stack
        os.sched_yield()
    return True


def thread_count() -> int:
    """Count the threads of this process: those of libraries too, where the system tells."""
    if sys.platform != "linux":
        return threading.active_count()
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - asked before every fork


def is_alone() -> bool:
    """
    Tell whether this process has one thread, so that it may fork.

    A thread that is ending is waited for: matplotlib's first import, say, starts a timer and cancels it again, and the
    timer ends in its own time.
    """
    deadline = time.monotonic() + ENDING_SECONDS
    while thread_count() != 1:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)  # the other thread needs the interpreter to end
    return True
