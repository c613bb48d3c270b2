"""The filter is data: every call number is asked, and then the kernel is."""

import errno
import signal
import subprocess
import sys

import pytest

from autograder.sandbox.inside import linux, seccomp

PID = 4711
REFUSED = seccomp.ERRNO | errno.EPERM
DANGEROUS = {
    "x86_64": {
        "socket": 41,
        "connect": 42,
        "bind": 49,
        "fork": 57,
        "vfork": 58,
        "execve": 59,
        "ptrace": 101,
        "mount": 165,
        "umount2": 166,
        "init_module": 175,
        "add_key": 248,
        "keyctl": 250,
        "inotify_init": 253,
        "unshare": 272,
        "perf_event_open": 298,
        "setns": 308,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "seccomp": 317,
        "bpf": 321,
        "execveat": 322,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "pidfd_open": 434,
        "pidfd_getfd": 438,
        "open_by_handle_at": 304,
        "shmget": 29,
        "msgget": 68,
        "mq_open": 240,
        "setuid": 105,
        "chroot": 161,
        "pivot_root": 155,
        "clock_settime": 227,
        "reboot": 169,
        "rt_sigqueueinfo": 129,
        "wait4": 61,
    },
    "aarch64": {
        "socket": 198,
        "connect": 203,
        "execve": 221,
        "ptrace": 117,
        "mount": 40,
        "unshare": 97,
        "bpf": 280,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "process_vm_readv": 270,
        "keyctl": 219,
        "setns": 268,
    },
}


def ask(machine: str, number: int, *arguments: int) -> int:
    return seccomp.verdict(
        seccomp.program(machine, PID),
        architecture=seccomp.ARCHITECTURES[machine],
        number=number,
        arguments=arguments,
    )


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_only_the_named_calls_are_allowed(machine):
    """Over all numbers that a kernel could know, what is not in the table is refused."""
    named = {seccomp.number_of(name, machine) for name in seccomp.NUMBERS}
    steps = seccomp.program(machine, PID)
    allowed = {
        number
        for number in range(1024)
        if seccomp.verdict(steps, architecture=seccomp.ARCHITECTURES[machine], number=number) == seccomp.ALLOW
    }

    assert allowed <= named
    assert len(allowed) > 80


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_no_dangerous_call_is_allowed_with_any_tried_arguments(machine):
    """Sockets, programs, tracing, mounts, keys, namespaces: all answer an error."""
    answers = {
        name: ask(machine, number, *arguments)
        for name, number in DANGEROUS[machine].items()
        for arguments in [(), (1, 1, 1), (PID, PID), (0xFFFFFFFF,) * 6]
    }

    assert set(answers.values()) == {seccomp.ERRNO | errno.EPERM}


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
@pytest.mark.parametrize("architecture", [0x40000003, 0xC000003D, 0, 0xFFFFFFFF, 0x40000028])
def test_a_foreign_architecture_dies(machine, architecture):
    """A 32-bit call has other numbers: it could name anything."""
    steps = seccomp.program(machine, PID)

    assert {seccomp.verdict(steps, architecture=architecture, number=number) for number in range(512)} == {seccomp.KILL}


def test_x32_calls_die():
    """The x32 table repeats dangerous calls under high numbers."""
    answers = {ask("x86_64", seccomp.X32_BIT + number) for number in range(1024)}

    assert answers == {seccomp.KILL}
    assert ask("x86_64", 0xFFFFFFFF) == seccomp.KILL


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_a_thread_may_start_but_no_process(machine):
    """The clone call is allowed with CLONE_THREAD only."""
    number = seccomp.number_of("clone", machine)

    assert ask(machine, number, 0x3D0F00) == seccomp.ALLOW
    assert ask(machine, number, signal.SIGCHLD) == seccomp.ERRNO | errno.EPERM
    assert ask(machine, number, 0x10000000) == seccomp.ERRNO | errno.EPERM
    assert {ask(machine, number, 0x3D0F00 | new) for new in (0x20000, 0x10000000, 0x20000000, 0x40000000, 0x80)} == {
        seccomp.ERRNO | errno.EPERM
    }


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_a_socket_pair_is_all_the_network_there_is(machine):
    """An event loop wakes itself through one; it has no address, and carries neither descriptors nor urgent bytes."""
    pair, send, receive, option = (
        seccomp.number_of(name, machine) for name in ("socketpair", "sendto", "recvfrom", "getsockopt")
    )

    assert ask(machine, pair, 1, 1, 0) == seccomp.ALLOW
    assert {ask(machine, pair, family, 1, 0) for family in (0, 2, 10, 16, 17, 38, 40)} == {REFUSED}
    assert {ask(machine, pair, 1, kind, 0) for kind in (2, 3, 5, 0x802, 0x80005, 0x100001)} == {REFUSED}
    assert ask(machine, send, 3, 0xFFFF, 1, 0, 0, 0) == seccomp.ALLOW
    assert {ask(machine, send, 3, 0xFFFF, 1, 0, address, 16) for address in (1, 1 << 32, 0x7F00_0000_0000)} == {REFUSED}
    assert {ask(machine, send, 3, 0xFFFF, 1, flags, 0, 0) for flags in (1, 0x41, 0x2000000, 0x20000000)} == {REFUSED}
    assert {ask(machine, receive, 3, 0xFFFF, 1, flags, 0, 0) for flags in (1, 2, 0x2001, 0x40000000)} == {REFUSED}
    assert ask(machine, option, 3, 1, 3) == seccomp.ALLOW
    assert {ask(machine, option, 3, *words) for words in [(1, 77), (1, 17), (6, 3), (0, 3)]} == {REFUSED}
    change = seccomp.number_of("setsockopt", machine)
    assert ask(machine, change, 3, 1, 7) == seccomp.ALLOW
    assert {ask(machine, change, 3, *words) for words in [(1, 16), (1, 26), (1, 32), (1, 33), (6, 7)]} == {REFUSED}


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_a_job_may_signal_itself_only(machine, name):
    """Neither its server, nor pid 1, nor everybody (-1)."""
    number = seccomp.number_of(name, machine)

    assert ask(machine, number, PID) == seccomp.ALLOW
    assert {ask(machine, number, pid) for pid in (0, 1, PID - 1, -1 & 0xFFFFFFFFFFFFFFFF)} == {
        seccomp.ERRNO | errno.EPERM
    }


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_nothing_can_be_locked(machine):
    """Locks and leases on a file that two jobs can open, /dev/null included, would be a channel between them."""
    fcntl = seccomp.number_of("fcntl", machine)

    assert {ask(machine, fcntl, 3, command) for command in (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)} == {
        seccomp.ERRNO | errno.EPERM
    }
    assert ask(machine, seccomp.number_of("flock", machine)) == seccomp.ERRNO | errno.ENOTSUP


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_modes_and_times_stay_where_a_job_shares_its_user(machine):
    """Landlock does not rule them: without a namespace of its own a job could close its neighbours' folders."""
    steps = seccomp.program(machine, PID, shared_user=True)
    answers = {
        name: seccomp.verdict(steps, architecture=seccomp.ARCHITECTURES[machine], number=number)
        for name in ("chmod", "fchmod", "fchmodat", "utimes", "utimensat", "truncate")
        if (number := seccomp.number_of(name, machine)) is not None
    }

    assert answers.pop("truncate") == REFUSED
    assert set(answers.values()) == {seccomp.ERRNO}  # "done", and nothing is done


@pytest.mark.parametrize("shared_user", [False, True])
def test_no_jump_is_longer_than_its_rule(shared_user):
    """A wrong jump once allowed everything: each jump stays within the rule that it belongs to."""
    for machine in seccomp.ARCHITECTURES:
        steps = seccomp.program(machine, PID, shared_user=shared_user)
        ends = [index + max(step.if_true, step.if_false) + 1 for index, step in enumerate(steps)]

        assert max(ends) <= len(steps)
        assert steps[-1] == seccomp.Instruction(seccomp.RETURN, seccomp.ERRNO | errno.EPERM)
        assert len(steps) < 4096


PROBE = """
import ctypes, os, sys, threading
from autograder.sandbox.inside import linux, seccomp
linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
seccomp.install(os.getpid())
{body}
"""


def probe(body: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", PROBE.format(body=body)], capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize(
    "body",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair(socket.AF_INET)",
        "import socket; socket.socketpair(type=socket.SOCK_DGRAM)",
        "import socket; a, b = socket.socketpair(); a.send(b'x', socket.MSG_OOB)",
        "import socket; a, b = socket.socketpair(); socket.send_fds(a, [b'x'], [0])",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 9)",
        "import subprocess; subprocess.run(['true'])",
        "linux.unshare(linux.CLONE_NEWUSER)",
        "linux.mount('none', '/tmp', 'tmpfs', 0)",
        "linux.syscall(101, 0, 0, 0, 0)" if linux.machine() == "x86_64" else "linux.syscall(117, 0, 0, 0, 0)",
        "linux.syscall(425, 1, 0)",
        "import fcntl; fcntl.fcntl(0, fcntl.F_GETLK, b'0' * 32)",
        "import fcntl; fcntl.lockf(1, fcntl.LOCK_EX)",
    ],
)
def test_the_kernel_refuses(body):
    """The installed filter answers PermissionError, and the process lives on."""
    run = probe(f"try:\n    {body}\nexcept PermissionError:\n    print('refused')")

    assert run.stdout.strip() == "refused", run.stderr


@pytest.mark.skipif(linux.machine() != "x86_64", reason="x32 and i386 calls exist on x86_64 only")
def test_the_kernel_kills_an_x32_call():
    """Not an error but death: nothing honest makes such a call."""
    run = probe("linux.syscall(0x40000000 + 39)\nprint('alive')")

    assert run.returncode == -signal.SIGSYS
    assert "alive" not in run.stdout


def test_ordinary_work_goes_on_under_the_filter():
    """Threads, files, SQLite in WAL mode, copies and numpy need nothing more."""
    run = probe(
        "import shutil, sqlite3, tempfile, time, asyncio, selectors\n"
        "import numpy, pandas, pyarrow\n"
        "from autograder.sandbox.inside import sqlite_locks\n"
        "sqlite_locks.grant_every_lock()\n"
        "with tempfile.TemporaryDirectory() as place:\n"
        "    a = os.path.join(place, 'a.db')\n"
        "    with sqlite3.connect(a) as db:\n"
        "        mode = db.execute('pragma journal_mode=wal').fetchone()[0]\n"
        "        db.execute('create table t(x)')\n"
        "        db.execute('insert into t values (1)')\n"
        "    second = sqlite3.connect(a, timeout=0); db.execute('begin immediate')\n"
        "    try:\n"
        "        second.execute('begin immediate')\n"
        "        raise SystemExit('two writers at once')\n"
        "    except sqlite3.OperationalError:\n"
        "        db.rollback()\n"
        "    shutil.copy2(a, os.path.join(place, 'b.db'))\n"
        "    os.replace(os.path.join(place, 'b.db'), os.path.join(place, 'c.db'))\n"
        "    pandas.DataFrame({'x': [1.0]}).to_parquet(os.path.join(place, 'd.parquet'))\n"
        "seen = [asyncio.run(asyncio.sleep(0, 2))]\n"
        "thread = threading.Thread(target=lambda: seen.append(1)); thread.start(); thread.join()\n"
        "print(mode, seen, float(numpy.ones(3) @ numpy.ones(3)))"
    )

    assert run.stdout.strip() == "wal [2, 1] 3.0", run.stderr
