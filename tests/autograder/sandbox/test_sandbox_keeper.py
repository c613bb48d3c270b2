"""The keeper: jobs ready ahead, accounts of the dead, and every way in which a server can let it down."""

import contextlib
import gc
import itertools
import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sandbox_cases import PATIENCE_SECONDS, SMALL, STAYS, WORKER, ask, attack, is_dead, parent, start, wait_until

from autograder.errors import CourseError, PlatformError
from autograder.sandbox import launch
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.keeper import Keeper

ROUNDS = 4
JOBS = 50  # a round
ROOM_BYTES = 2 << 20  # a heap grows and shrinks


def descriptors(pid: int | str) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def resident(pid: int | str) -> int:
    """Count page by page: the kernel's quick sums are off by some pages for each processor."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("Rss:"))


def children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def held(server: int) -> list[int]:
    """Descriptors of this process and of the server, and the server's children."""
    return [descriptors("self"), descriptors(server), len(children(server))]


def test_a_job_waits_ready(keeper):
    """Handing out a job that was confined ahead needs nothing of its server: it comes while the server stands still."""
    with keeper.job() as job:
        server = parent(job.pid)
    assert wait_until(lambda: keeper._ready.qsize() == 2)
    os.kill(server, signal.SIGSTOP)
    try:
        jobs = [keeper.job(), keeper.job()]
        answers = [ask(job, f"result = {number}") for number, job in enumerate(jobs)]
    finally:
        os.kill(server, signal.SIGCONT)
    for job in jobs:
        job.end()

    assert answers == [{"result": 0}, {"result": 1}]


def test_many_jobs_leave_nothing_behind(keeper):
    """After two hundred jobs keeper and server hold no more than before: descriptors, processes, memory."""
    with keeper.job() as job:
        server = parent(job.pid)
    attack(keeper, "result = 1")
    assert wait_until(lambda: keeper._ready.qsize() == 2)
    gc.collect()  # what other tests left would be closed meanwhile
    before = held(server)
    memory = [(resident("self"), resident(server))]
    for _ in range(ROUNDS):
        for _ in range(JOBS):
            with keeper.job():
                pass
        memory.append((resident("self"), resident(server)))

    def holds_no_more() -> bool:  # the server may still hold an end of the last job that it made ahead
        counts = zip(held(server), before, strict=True)
        return keeper._ready.qsize() == 2 and all(now <= was for now, was in counts)

    assert wait_until(holds_no_more), (held(server), before)
    # a leak grows in every round, whatever else a heap does in one of them
    grown = [[after - earlier for earlier, after in itertools.pairwise(sizes)] for sizes in zip(*memory, strict=True)]
    assert max(map(min, grown)) < ROOM_BYTES, grown
    assert keeper._ended == {}


def test_jobs_run_side_by_side_from_several_threads(keeper):
    """Each thread gets a job of its own, and its own account."""
    found = []

    def use(number: int) -> None:
        with keeper.job() as job:
            found.append((number, ask(job, f"result = {number}")["result"]))

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [(number, number) for number in range(8)]


def test_the_processor_time_of_a_running_job_can_be_read(keeper):
    """In nanoseconds, all its threads, without asking the job."""
    with keeper.job() as job:
        before = job.cpu_nanoseconds()
        burn = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n"
        told = ask(job, STAYS.format(burn + "result = time.process_time_ns()"))["result"]
        between = job.cpu_nanoseconds()
        peak = job.peak_bytes()
        job.end()

        assert between - before >= 0.2e9
        assert told <= between < SMALL.cpu_seconds * 2e9
        assert peak > 1 << 20
        assert job.cpu_nanoseconds() == 0


def test_ending_twice_tells_the_same(keeper):
    """The account is kept."""
    job = keeper.job()

    assert job.end() is job.end()


def test_a_closed_keeper_says_so():
    """Closing twice is no fault; asking afterwards is."""
    keeper = start("M0", imports=(), spares=1)
    keeper.close()
    keeper.close()

    assert keeper.gone
    with pytest.raises(PlatformError, match="closed"):
        keeper.job()


def test_a_job_killed_before_it_was_confined_is_buried(mode):
    """However early a job ends, its server lives on."""
    with start(mode, spares=0) as keeper:
        for _ in range(5):
            keeper._order({"order": "job"})
            job = keeper._ready.get(timeout=PATIENCE_SECONDS)
            assert job.end().signal in {0, signal.SIGKILL}

        assert attack(keeper, "result = 1")[0] == {"result": 1}


def test_a_killed_server_is_a_platform_fault_and_no_hang(mode):
    """Jobs die with it; the keeper says so at once, also to whoever asks later."""
    with start(mode) as keeper:
        job = keeper.job()
        job.channel.sendall(b"while True: pass")
        os.kill(parent(job.pid), signal.SIGKILL)

        assert wait_until(lambda: is_dead(job.pid))
        assert wait_until(lambda: keeper.gone)
        for act in (job.end, lambda: [keeper.job() for _ in range(4)], keeper.job, keeper.job):
            with pytest.raises(PlatformError, match="server"):
                act()


def start_in_time(mode: str) -> tuple[Keeper, int]:
    """Start a server that has about as much time for it as this machine needs; return it and that time."""
    for seconds in (2, 4, 8, 16, 32):
        with contextlib.suppress(PlatformError):
            return start(mode, start_seconds=seconds), seconds
    return start(mode, start_seconds=64), 64


KEEP = """
import json, sys
sys.path.insert(0, {tests!r})
from sandbox_cases import parent, start
keeper = start({mode!r})
jobs = [keeper.job() for _ in range(2)]
for job in jobs:
    job.channel.sendall(b"while True: pass")
server = parent(jobs[0].pid)
print(json.dumps([[server, keeper._process.pid, *(job.pid for job in jobs)], keeper._folder]), flush=True)
sys.stdin.read()
"""


def test_a_killed_keeper_leaves_no_process_and_no_folder(mode):
    """The kernel tells the server, and the server its jobs."""
    script = KEEP.format(tests=str(Path(__file__).parent), mode=mode)
    keeper = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    with keeper:
        pids, folder = json.loads(keeper.stdout.readline())
        keeper.kill()

    assert wait_until(lambda: all(is_dead(pid) for pid in pids))
    assert mode in launch.WITH_BUBBLEWRAP or wait_until(lambda: not Path(folder).exists())


def test_a_slow_start_has_an_end(mode):
    """A set-up cell that hangs is told apart from a server that cannot be started."""
    with pytest.raises(PlatformError, match="not ready within 2 s"):
        Keeper(
            mode=mode,
            worker=WORKER,
            unit={"cells": [["slow", "import time; time.sleep(600)"]]},
            limits=Limits(),
            imports=(),
            start_seconds=2,
        )


def test_a_server_outlives_the_time_for_its_start(mode):
    """The clock of a start that hangs stops when the server is ready, in each of its processes."""
    keeper, seconds = start_in_time(mode)
    with keeper:
        assert not keeper._gone.wait(timeout=seconds + 0.5)
        with keeper.job() as job:
            assert job.alive()


def test_a_server_imports_what_is_compiled(mode):
    """It runs on the interpreter's own library, not on another one of the same name."""
    with start(mode, imports=("ssl", "sqlite3", "pyarrow.dataset"), spares=0) as keeper:
        assert attack(keeper, "import ctypes, ssl; result = ssl.CERT_NONE")[0] == {"result": 0}


def test_a_set_up_cell_that_raises_is_named_to_the_author():
    """The course is at fault, not the machine."""
    with pytest.raises(CourseError, match=r"(?s)set-up cell 'setup-data' raised.*ZeroDivisionError"):
        Keeper(mode="M0", worker=WORKER, unit={"cells": [["setup-data", "1 / 0"]]}, limits=Limits(), imports=())


def test_a_server_that_cannot_start_says_why():
    """Its last words are in the message, and nothing of it is left."""
    gc.collect()  # what other tests left would be closed meanwhile
    before = descriptors("self")
    with pytest.raises(PlatformError, match="No module named 'no_such_module'"):
        start("M0", imports=("no_such_module",))

    assert descriptors("self") <= before


LEAVES_A_CHILD = """
import os, signal, sys
os.open(sys.argv[1], os.O_WRONLY)
if os.fork():
    os._exit(3)
os.close(int(sys.argv[2]))
signal.alarm(600)
signal.pause()
"""


def test_a_first_program_that_dies_early_takes_its_children_along(monkeypatch, tmp_path):
    """A bubblewrap killed at its start leaves a child that nothing tells; the keeper ends the whole group."""
    pipe = tmp_path / "held"
    os.mkfifo(pipe)

    def design(_mode: str, *, control: int, **_: object) -> launch.Launch:
        command = [sys.executable, "-I", "-c", LEAVES_A_CHILD, str(pipe), str(control)]
        return launch.Launch(command=command, environment={}, readable=())

    monkeypatch.setattr(launch, "design", design)
    held = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(PlatformError, match="exit status"):
            start("M0", start_seconds=PATIENCE_SECONDS)

        ended = select.poll()
        ended.register(held, 0)  # hung up once nobody holds the other end
        assert ended.poll(PATIENCE_SECONDS * 1000)
    finally:
        os.close(held)


def refuse_orders(monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise PlatformError("no order reaches the server")

    monkeypatch.setattr(Keeper, "_order", refuse)


def refuse_threads(monkeypatch) -> None:
    begin = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "sandbox-M0":
            raise RuntimeError("can't start new thread")
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)


@pytest.mark.parametrize("fault", [refuse_orders, refuse_threads])
def test_a_keeper_that_fails_once_its_server_is_ready_ends_it(monkeypatch, fault):
    """Before the keeper is handed over nobody else could end the server."""
    start("M0", imports=(), spares=0).close()  # what is made once for all servers is there
    gc.collect()  # what other tests left would be closed meanwhile
    before = descriptors("self")
    servers = []
    begin = launch.start

    def remember(design: launch.Launch, **named: object) -> subprocess.Popen[bytes]:
        servers.append(begin(design, **named))
        return servers[-1]

    monkeypatch.setattr(launch, "start", remember)
    fault(monkeypatch)
    with pytest.raises((PlatformError, RuntimeError), match=r"no order|new thread"):
        start("M0", imports=())

    assert [server.returncode is None for server in servers] == [False]
    assert descriptors("self") <= before


def test_a_set_up_larger_than_any_datagram_arrives(mode):
    """Set-up cells of some megabytes cross whole."""
    long = f"TEXT = {'x' * (3 << 20)!r}"
    with (
        Keeper(mode=mode, worker=WORKER, unit={"cells": [["big", long]]}, limits=Limits(), imports=(), spares=0) as big,
        big.job() as job,
    ):
        assert job.alive()


def test_another_hash_seed_is_another_server():
    """Sets of text are ordered by the seed that was asked for, the same in each job."""
    orders = []
    for seed in (1, 1, 2):
        with start("M0", hash_seed=seed, imports=(), spares=0) as keeper:
            orders.append(attack(keeper, "result = [hash('a'), hash('b')]")[0]["result"])

    assert orders[0] == orders[1] != orders[2]


def test_what_a_job_starts_without_a_jail_ends_with_it():
    """In one's own work a job may start programs; they do not outlive it."""
    with start("M0", imports=(), spares=0) as keeper:
        answer, _ = attack(keeper, "import subprocess; result = subprocess.Popen(['sleep', '600']).pid")

        assert wait_until(lambda: is_dead(answer["result"]))


def test_a_keeper_in_a_fork_can_start_servers():
    """The thread that starts them is not in a fork; another one is made there."""
    start("M0", imports=(), spares=0).close()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with start("M0", imports=(), spares=0) as keeper:
                status = 0 if attack(keeper, "result = 7")[0] == {"result": 7} else 2
        finally:
            os._exit(status)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
