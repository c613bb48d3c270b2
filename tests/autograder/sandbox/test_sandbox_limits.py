"""Each ceiling of the table holds in each mode, and its crossing is told apart."""

import signal

import pytest
from sandbox_cases import (
    GREEDY,
    LET_GO,
    PATIENCE_SECONDS,
    SMALL,
    STAYS,
    ask,
    attack,
    least_threads,
    most_threads,
    start,
)

from autograder.sandbox.inside.limits import SHARES_AT_ONCE

BURN = [
    ("in_c", "sum(range(1 << 62))"),
    ("signals_ignored", "import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
     "    except (OSError, ValueError): pass\nwhile True: pass"),
    ("errors_ignored", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
]  # fmt: skip


@pytest.mark.parametrize("source", [source for _, source in BURN], ids=[name for name, _ in BURN])
def test_processor_time_ends(keeper, source):
    """No program outlives its processor time, whatever it ignores."""
    answer, ended = attack(keeper, source)

    assert answer == {"lost": "hung up"}
    assert (ended.signal, ended.cause) == (signal.SIGKILL, "cpu")


def test_all_threads_share_the_processor_time(keeper):
    """
    Six busy threads have no more of it than one, where six times as much would be theirs if each had its own.

    The kernel counts by ticks, so the same limit ends one job sooner and another later. In M3 a busy machine may refuse
    some of the threads.
    """
    burn = "import threading, hashlib\nburn = lambda: hashlib.pbkdf2_hmac('sha256', b'a', b'b', 1 << 30)\n"
    _, one = attack(keeper, burn + "burn()")
    more = "try: [threading.Thread(target=burn).start() for _ in range(5)]\nexcept RuntimeError: pass\nburn()"
    _, six = attack(keeper, burn + more)

    assert (one.cause, six.cause) == ("cpu", "cpu")
    assert six.cpu_seconds < 3 * max(one.cpu_seconds, SMALL.cpu_seconds)


def test_a_sleeper_is_ended_when_its_time_is_over(keeper):
    """Sleep costs no processor time; the keeper ends it."""
    with keeper.job() as job:
        job.channel.sendall(b"import time; time.sleep(10**6)")
        ended = job.end()

    assert (ended.signal, ended.cause) == (signal.SIGKILL, "asked")


@pytest.mark.parametrize(
    "source",
    [
        "bytearray(1 << 40)",
        "kept = []\nwhile True: kept.append(bytearray(1 << 16))",
        "import mmap; kept = [mmap.mmap(-1, 1 << 24) for _ in range(1000)]",
    ],
    ids=["quick", "slow", "shared"],
)
def test_memory_ends(keeper, source):
    """More memory than allowed is an error in the program, however it is asked for."""
    answer, ended = attack(keeper, source)

    assert answer["error"].split(":")[0] in {"MemoryError", "OSError"}
    assert ended.peak_bytes < 2 * SMALL.memory_bytes  # with what it touched of libraries, which is not its own


def test_threads_end(keeper):
    """No more threads than allowed at one time; those that there are work."""
    answer, _ = attack(keeper, GREEDY + LET_GO)

    assert least_threads(keeper.mode) <= answer["result"] <= most_threads(keeper.mode)


def test_threads_end_for_a_chain_of_greedy_jobs(mode):
    """Each is forked while the one before it holds all its threads, takes theirs as well, and still there is an end."""
    held = 0
    with start(mode, spares=0) as keeper:
        before = keeper.job()
        for _ in range(3 * SHARES_AT_ONCE):
            held = ask(before, STAYS.format(GREEDY))["result"]
            after = keeper.job()
            before.end()
            before = after
        before.end()

    assert 1 <= held <= most_threads(mode)


@pytest.mark.parametrize("source", ["os.fork()", "os.posix_spawn('/bin/true', ['true'], {})", "os.vfork()"])
def test_no_process_starts(keeper, source):
    """There is the job and nothing beside it."""
    answer, _ = attack(
        keeper,
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "class Os:\n    @staticmethod\n    def vfork():\n"
        "        if libc.syscall(58) < 0: raise PermissionError(ctypes.get_errno(), 'refused')\n"
        "os.vfork = Os.vfork\n" + source,
    )

    assert answer["error"].startswith("PermissionError")


def test_a_file_ends(keeper):
    """One file does not grow beyond what all files may have."""
    answer, _ = attack(keeper, f"open('big', 'wb').write(bytes({2 * SMALL.file_bytes}))")

    assert answer["error"].startswith("OSError: [Errno 2")


@pytest.mark.parametrize(
    "source",
    [
        f"for n in range(64): open(str(n), 'wb').write(bytes({SMALL.file_bytes // 2}))",
        f"for n in range({20 * SMALL.inodes}): open(str(n), 'w').close()",
        f"for n in range({20 * SMALL.inodes}): os.mkdir('d'); os.chdir('d')",
        f"for n in range({20 * SMALL.inodes}): os.symlink('/', str(n))",
    ],
    ids=["bytes", "files", "depth", "links"],
)
def test_all_files_together_end(keeper, source):
    """Where the job's own file system does not refuse it, the job is ended."""
    answer, ended = attack(keeper, f"import os, time\n{source}\ntime.sleep(10**6)")

    assert "error" in answer or ended.cause == "files", (answer, ended)


def test_descriptors_end(keeper):
    """No more open files than allowed."""
    answer, _ = attack(
        keeper,
        "import os\nkept = []\ntry:\n    while True: kept.append(os.open('.', os.O_RDONLY))\n"
        "except OSError: result = len(kept)",
    )

    assert SMALL.open_files - 8 <= answer["result"] <= SMALL.open_files


def test_pipes_end(keeper):
    """Pipes are descriptors, and a full one only blocks its own job."""
    answer, _ = attack(
        keeper,
        "import os\nkept = []\ntry:\n    while True: kept.append(os.pipe())\nexcept OSError: result = len(kept)",
    )

    assert answer["result"] <= SMALL.open_files // 2


def test_no_limit_can_be_raised(keeper):
    """Hard limits are as low as soft ones."""
    answer, _ = attack(
        keeper,
        "import resource\nresult = []\n"
        "for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE,\n"
        "             resource.RLIMIT_NPROC, resource.RLIMIT_CORE):\n"
        "    soft, hard = resource.getrlimit(kind)\n"
        "    try: resource.setrlimit(kind, (hard, hard + 1)); result.append(kind)\n"
        "    except (ValueError, OSError): result.append(soft == hard)\n",
    )

    assert answer["result"] == [True] * 6


def test_a_forbidden_call_is_told_apart(keeper):
    """What nothing honest calls kills, and the kernel says so."""
    with keeper.job() as job:
        ask(job, "import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)")
        ended = job.end(wait_seconds=PATIENCE_SECONDS)

    assert (ended.signal, ended.cause) == (signal.SIGSYS, "call")


@pytest.mark.parametrize(
    "source",
    ["import os; os.abort()", "import ctypes; ctypes.string_at(0)"],
)
def test_a_crash_is_told_apart(keeper, source):
    """Also where the job is the first process of its namespace, which signals usually spare."""
    _, ended = attack(keeper, source)

    assert (ended.signal in {signal.SIGABRT, signal.SIGSEGV}, ended.cause) == (True, "signal")


def test_an_early_exit_is_told_apart(keeper):
    """A program that ends itself well has not answered."""
    answer, ended = attack(keeper, "import os; os._exit(0)")

    assert (answer, ended.cause, ended.status) == ({"lost": "hung up"}, "exit", 0)
