"""
Which system calls a job may make: an allow-list as data, and the filter made from it.

The program is a list of pairs "is it this call? then return this", so that no jump is longer than two; `verdict`
interprets it, and a test asks it about every call number. What is not named here answers EPERM. clone3 answers
ENOSYS, because its flags lie in memory that a filter cannot read; the C library then uses clone, whose flags it can.
Foreign architectures and x32 calls kill the process.

Sources: Linux seccomp(2), seccomp_filter.rst; syscall numbers of arch/x86/entry/syscalls and asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

from autograder.sandbox.inside import linux

ALLOW = 0x7FFF0000
KILL = 0x80000000
ERRNO = 0x00050000

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
CLONE_THREAD = 0x00010000
CLONE_NEW_NAMESPACES = 0x7E020000 | 0x80  # mount, cgroup, uts, ipc, user, pid, net; time

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE = 0, 4


def _argument(index: int) -> int:
    return 16 + 8 * index  # low half: both architectures are little-endian


def _high_half(index: int) -> int:
    return _argument(index) + 4


# name: (x86_64, aarch64); None where the architecture has no such call
NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, None),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "ioctl": (16, 29),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "pipe": (22, None),
    "select": (23, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "msync": (26, 227),
    "mincore": (27, 232),
    "madvise": (28, 233),
    "dup": (32, 23),
    "dup2": (33, None),
    "pause": (34, None),
    "nanosleep": (35, 101),
    "getitimer": (36, 102),
    "alarm": (37, None),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "clone": (56, 220),
    "exit": (60, 93),
    "kill": (62, 129),
    "uname": (63, 160),
    "fcntl": (72, 25),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "getdents": (78, None),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "rename": (82, None),
    "mkdir": (83, None),
    "rmdir": (84, None),
    "creat": (85, None),
    "link": (86, None),
    "unlink": (87, None),
    "symlink": (88, None),
    "readlink": (89, None),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "umask": (95, 166),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "prctl": (157, 167),
    "arch_prctl": (158, None),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "epoll_create": (213, None),
    "getdents64": (217, 61),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "fadvise64": (221, 223),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "epoll_wait": (232, None),
    "epoll_ctl": (233, 21),
    "tgkill": (234, 131),
    "utimes": (235, None),
    "openat": (257, 56),
    "mkdirat": (258, 34),
    "newfstatat": (262, 79),
    "unlinkat": (263, 35),
    "renameat": (264, 38),
    "linkat": (265, 37),
    "symlinkat": (266, 36),
    "readlinkat": (267, 78),
    "fchmodat": (268, 53),
    "faccessat": (269, 48),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "utimensat": (280, 88),
    "epoll_pwait": (281, 22),
    "fallocate": (285, 47),
    "eventfd2": (290, 19),
    "epoll_create1": (291, 20),
    "dup3": (292, 24),
    "pipe2": (293, 59),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "prlimit64": (302, 261),
    "getcpu": (309, 168),
    "renameat2": (316, 276),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "copy_file_range": (326, 285),
    "statx": (332, 291),
    "rseq": (334, 293),
    "faccessat2": (439, 439),
    "epoll_pwait2": (441, 441),
    "futex_waitv": (449, 449),
    "clone3": (435, 435),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "getxattr": (191, 8),
    "lgetxattr": (192, 9),
    "fgetxattr": (193, 10),
    "listxattr": (194, 11),
    "llistxattr": (195, 12),
    "flistxattr": (196, 13),
    "removexattr": (197, 14),
    "flock": (73, 32),
    "memfd_create": (319, 279),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "socketpair": (53, 199),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
}

# calls that are answered with an error of their own, which callers know how to take
ANSWERS = {
    "clone3": errno.ENOSYS,  # the C library falls back to clone
    **dict.fromkeys(
        (
            "setxattr",
            "lsetxattr",
            "fsetxattr",
            "getxattr",
            "lgetxattr",
            "fgetxattr",
            "listxattr",
            "llistxattr",
            "flistxattr",
            "removexattr",
        ),
        errno.ENOTSUP,  # shutil copies files without them
    ),
    "flock": errno.ENOTSUP,  # a lock on a shared file would be a channel between two jobs
    "memfd_create": errno.EPERM,
}

# Landlock rules neither modes nor times, and a truncation only from version 3 on. Where a job has no namespace of its
# own, its user owns other things too: its server's folders, in M3 the grader's files. There these calls do nothing and
# say that it is done, so that shutil can copy; a truncation by name is refused.
SHARED_USER_ANSWERS = {
    **dict.fromkeys(("chmod", "fchmod", "fchmodat", "utimes", "utimensat"), 0),
    "truncate": errno.EPERM,
}

# No lock at all: one on a shared file, /dev/null included, would be a channel between two jobs. SQLite is told that
# nobody else locks its files (sqlite_locks).
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030, 1032)  # DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC, GETPIPE_SZ
IOCTL_REQUESTS = (0x5401, 0x5413, 0x5421, 0x5450, 0x5451, 0x541B)  # TCGETS, WINSZ, FIONBIO, NCLEX, CLEX, FIONREAD
PRCTL_OPTIONS = (15, 16, 21)  # SET_NAME and GET_NAME of a thread, GET_SECCOMP

# The job's channel and the pair that asyncio wakes itself with: no address, no descriptor beside the bytes, and never
# MSG_OOB, which has led out of such filters (CVE-2025-38236).
AF_UNIX, SOL_SOCKET = 1, 1
STREAM_TYPES = (1, 0x801, 0x80001, 0x80801)  # SOCK_STREAM, NONBLOCK, CLOEXEC: a datagram could be sent to an address
SOCKET_OPTIONS = (3, 4, 7, 8, 38, 39)  # TYPE, ERROR, SNDBUF, RCVBUF, PROTOCOL, DOMAIN
BUFFER_OPTIONS = (7, 8)  # up to what the host allows everybody
MESSAGE_FLAGS = (0, 0x40, 0x4000, 0x4040)  # DONTWAIT, NOSIGNAL


@dataclass(frozen=True)
class Instruction:
    """One step of classic BPF."""

    code: int
    operand: int
    if_true: int = 0
    if_false: int = 0

    def pack(self) -> bytes:
        """Lay the step out as struct sock_filter."""
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.operand)


def number_of(name: str, machine: str) -> int | None:
    """Return a call's number on *machine*, or None if it has no such call."""
    return NUMBERS[name][list(ARCHITECTURES).index(machine)]


def _if_equal(value: int, then: int) -> list[Instruction]:
    return [Instruction(EQUAL, value, 0, 1), Instruction(RETURN, then)]


def _with_argument(number: int, index: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allow a call only for some values of one argument; the call's number is then loaded again."""
    tests = [step for value in values for step in _if_equal(value & 0xFFFFFFFF, ALLOW)]
    body = [Instruction(LOAD, _argument(index)), *tests, Instruction(RETURN, ERRNO | errno.EPERM)]
    return [Instruction(EQUAL, number, 0, len(body)), *body]


def _threads_only(number: int) -> list[Instruction]:
    """Allow clone for threads only; a new process answers EPERM."""
    body = [
        Instruction(LOAD, _argument(0)),
        Instruction(AND, CLONE_THREAD | CLONE_NEW_NAMESPACES),
        *_if_equal(CLONE_THREAD, ALLOW),
        Instruction(RETURN, ERRNO | errno.EPERM),
    ]
    return [Instruction(EQUAL, number, 0, len(body)), *body]


def _socket_call(number: int, fixed: dict[int, int], index: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allow a call only if the words at *fixed* offsets are as given, and one argument is one of *values*."""
    refuse = Instruction(RETURN, ERRNO | errno.EPERM)
    tests = [
        step
        for offset, value in fixed.items()
        for step in (Instruction(LOAD, offset), Instruction(EQUAL, value, 1, 0), refuse)
    ]
    body = [*tests, Instruction(LOAD, _argument(index))]
    body += [step for value in values for step in _if_equal(value, ALLOW)]
    return [Instruction(EQUAL, number, 0, len(body) + 1), *body, refuse]


def program(machine: str, own_pid: int, *, shared_user: bool = False) -> list[Instruction]:
    """
    Make the filter.

    Args:
        machine: "x86_64" or "aarch64".
        own_pid: The job's process id as the job sees it; it may signal nobody else.
        shared_user: The job has no namespace of its own (M2, M3), so that others' files belong to its user.
    """
    answers = ANSWERS | SHARED_USER_ANSWERS if shared_user else ANSWERS
    steps = [
        Instruction(LOAD, ARCHITECTURE),
        Instruction(EQUAL, ARCHITECTURES[machine], 1, 0),
        Instruction(RETURN, KILL),
    ]
    steps += [Instruction(LOAD, NUMBER)]
    if machine == "x86_64":
        steps += [Instruction(AT_LEAST, X32_BIT, 0, 1), Instruction(RETURN, KILL)]
    no_address = {_argument(4): 0, _high_half(4): 0}
    sockets: dict[str, tuple[dict[int, int], int, tuple[int, ...]]] = {
        "socketpair": ({_argument(0): AF_UNIX}, 1, STREAM_TYPES),
        "sendto": (no_address, 3, MESSAGE_FLAGS),
        "recvfrom": ({}, 3, MESSAGE_FLAGS),
        "setsockopt": ({_argument(1): SOL_SOCKET}, 2, BUFFER_OPTIONS),
        "getsockopt": ({_argument(1): SOL_SOCKET}, 2, SOCKET_OPTIONS),
    }
    limited: dict[str, tuple[int, tuple[int, ...]]] = {
        "fcntl": (1, FCNTL_COMMANDS),
        "ioctl": (1, IOCTL_REQUESTS),
        "prctl": (0, PRCTL_OPTIONS),
        "kill": (0, (own_pid,)),
        "tgkill": (0, (own_pid,)),
        "prlimit64": (0, (0,)),
    }
    for name in NUMBERS:
        number = number_of(name, machine)
        if number is None:
            continue
        if name in answers:
            steps += _if_equal(number, ERRNO | answers[name])
        elif name == "clone":
            steps += _threads_only(number)
        elif name in sockets:
            steps += _socket_call(number, *sockets[name])
        elif name in limited:
            steps += _with_argument(number, *limited[name])
        else:
            steps += _if_equal(number, ALLOW)
    return [*steps, Instruction(RETURN, ERRNO | errno.EPERM)]


def verdict(steps: list[Instruction], *, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """
    Interpret the filter as the kernel does, for one call.

    Raises:
        ValueError: If the program runs off its end or uses a step that it should not hold.
    """
    words = {NUMBER: number, ARCHITECTURE: architecture}
    for index, value in enumerate((*arguments, 0, 0, 0, 0, 0, 0)[:6]):
        words |= {_argument(index): value & 0xFFFFFFFF, _high_half(index): value >> 32 & 0xFFFFFFFF}
    accumulator, position = 0, 0
    while position < len(steps):
        step = steps[position]
        if step.code == RETURN:
            return step.operand
        if step.code == LOAD:
            accumulator = words[step.operand]
        elif step.code == AND:
            accumulator &= step.operand
        elif step.code in {EQUAL, AT_LEAST}:
            true = accumulator == step.operand if step.code == EQUAL else accumulator >= step.operand
            position += step.if_true if true else step.if_false
        else:
            raise ValueError(f"unknown step {step}")
        position += 1
    raise ValueError("the filter runs off its end")


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def install(own_pid: int, *, shared_user: bool = False) -> None:
    """Put the filter in force for this process and its threads; needs no_new_privs and cannot be undone."""
    machine = linux.machine()
    packed = b"".join(step.pack() for step in program(machine, own_pid, shared_user=shared_user))
    buffer = ctypes.create_string_buffer(packed, len(packed))
    filter_program = _Program(len(packed) // 8, ctypes.addressof(buffer))
    seccomp_call = {"x86_64": 317, "aarch64": 277}[machine]
    linux.syscall(seccomp_call, 1, 1, ctypes.byref(filter_program), what="seccomp")  # SET_MODE_FILTER, TSYNC
