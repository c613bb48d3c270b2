"""
Landlock: what a job may do with files, whatever its namespaces show. Decides nothing about calls or memory.

Source: Linux userspace-api/landlock.rst. ABI 1 rules files, 2 renames across folders, 3 truncation, 4 TCP,
5 device ioctls, 6 signals and abstract sockets.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox.inside import linux

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
VERSION_FLAG = 1
RULE_PATH_BENEATH = 1
OLDEST_ABI = 2

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 10, 1 << 11
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
NET_ALL = 0b11  # bind and connect
SCOPE_ALL = 0b11  # abstract sockets and signals

READ = READ_FILE | READ_DIR
FIRST_FILE_RIGHTS = (1 << 13) - 1
NOT_IN_PRIVATE_FOLDERS = EXECUTE | MAKE_CHAR | MAKE_BLOCK | MAKE_SOCK | IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32)]


def abi() -> int:
    """Return the kernel's Landlock version; 0 if it has none or it is switched off."""
    try:
        return linux.syscall(CREATE_RULESET, None, 0, VERSION_FLAG, what="landlock_create_ruleset")
    except OSError:
        return 0


def file_rights(version: int) -> int:
    """All file rights that *version* can restrict."""
    rights = FIRST_FILE_RIGHTS
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        rights |= right if version >= since else 0
    return rights


def restrict(*, readable: Sequence[str], writable: Sequence[str]) -> int:
    """
    Restrict this process to reading *readable*, working in *writable* and writing to /dev/null.

    Needs no_new_privs, cannot be undone, and holds for this thread and those that it starts.

    Returns:
        The ABI version in force.

    Raises:
        OSError: If the kernel has no Landlock, one too old, or refuses a rule.
    """
    version = abi()
    if version < OLDEST_ABI:
        raise OSError(f"landlock: the kernel has version {version}, needed is {OLDEST_ABI} (Linux 5.19)")
    rights = file_rights(version)
    ruleset = _Ruleset(rights, NET_ALL if version >= 4 else 0, SCOPE_ALL if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    handle = linux.syscall(CREATE_RULESET, ctypes.byref(ruleset), size, 0, what="landlock_create_ruleset")
    try:
        for path in readable:
            _allow(handle, path, READ if Path(path).is_dir() else READ_FILE)
        for path in writable:
            _allow(handle, path, rights & ~NOT_IN_PRIVATE_FOLDERS)
        _allow(handle, os.devnull, READ_FILE | WRITE_FILE)
        linux.syscall(RESTRICT_SELF, handle, 0, what="landlock_restrict_self")
    finally:
        os.close(handle)
    return version


def _allow(handle: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathRule(rights, descriptor)
        linux.syscall(ADD_RULE, handle, RULE_PATH_BENEATH, ctypes.byref(rule), 0, what=f"landlock rule for {path}")
    finally:
        os.close(descriptor)
