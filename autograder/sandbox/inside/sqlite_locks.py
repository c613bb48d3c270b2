"""
SQLite without locks: the filter refuses them, because one on a shared file would be a channel between two jobs.

SQLite locks its files against other processes, and keeps its own connections apart by itself. Nobody but the job can
open a file of its private folders, so each lock is granted at once and each question about one is answered with no.
This module tells SQLite so through the library's own door for it, `xSetSystemCall`. Source: SQLite's sqlite3_vfs and
os_unix.c.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import fcntl

_POINTER = ctypes.c_void_p
_FCNTL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, use_errno=True)
_SET_SYSTEM_CALL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        *[(name, _POINTER) for name in ("next", "name", "data")],
        *[(name, _POINTER) for name in ("open", "delete", "access", "full_path", "dl_open", "dl_error", "dl_sym")],
        *[(name, _POINTER) for name in ("dl_close", "randomness", "sleep", "time", "last_error", "time64")],
        ("set_system_call", _SET_SYSTEM_CALL),
    ]


_libc = ctypes.CDLL(None, use_errno=True)
_libc.fcntl.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]


def _fcntl(descriptor: int, command: int, argument: int | None) -> int:
    if command == fcntl.F_GETLK and argument:
        ctypes.c_short.from_address(argument).value = fcntl.F_UNLCK  # l_type is the first field of struct flock
    if command in {fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW}:
        return 0
    return int(_libc.fcntl(descriptor, command, argument))


_callback = _FCNTL(_fcntl)  # kept alive: SQLite holds its address


def grant_every_lock() -> None:
    """
    Let SQLite of this process believe that it holds every lock that it asks for.

    Raises:
        OSError: If the library does not show its functions, or refuses.
    """
    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))  # the copy that Python uses, wherever it lies
    if not hasattr(library, "sqlite3_vfs_find"):
        raise OSError("sqlite: this Python hides its copy of the library; use the system's Python")
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    vfs = library.sqlite3_vfs_find(b"unix")
    if not vfs:
        raise OSError("sqlite: no file system named unix")
    code = vfs.contents.set_system_call(
        ctypes.cast(vfs, ctypes.c_void_p), b"fcntl", ctypes.cast(_callback, ctypes.c_void_p)
    )
    if code != 0:
        raise OSError(f"sqlite: xSetSystemCall answered {code}")
