"""
The outside end of a fork server: start it in one mode, keep confined jobs ready, hand them out, hear how they ended.

Believes nothing about a learner's job but what the kernel reports: directly, or through the server.
"""

from __future__ import annotations

import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from autograder.errors import CourseError, PlatformError
from autograder.sandbox import launch
from autograder.sandbox.inside import linux, wire
from autograder.sandbox.inside.endings import Cause
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.server import CONFINED, JOBS_FOLDER

START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
SPARES = 2  # confined jobs that wait
COMPLAINT_BYTES = 20_000
# what else a unit's answers use, its set-up cells import
IMPORTS = ("numpy", "pandas", "pyarrow.dataset", "pyarrow.parquet", "matplotlib.pyplot")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a job ended, as the kernel told its server."""

    signal: int  # that ended it; 0 if none did
    status: int  # with which it ended by itself
    cause: Cause
    cpu_seconds: float  # all threads
    peak_bytes: int  # resident memory at most, over what it inherited from its server


class Job:
    """
    One confined process.

    Attributes:
        number: Its number with its server.
        channel: The socket to it; whoever talks with the process may take it over by `detach`.
        pid: Its process id, as this process sees it.
    """

    def __init__(self, keeper: Keeper, number: int, pid: int, descriptors: Sequence[int]) -> None:
        self.number = number
        self.channel = socket.socket(fileno=descriptors[0])
        self._process = descriptors[1] if len(descriptors) > 1 else -1  # a pidfd, where the system has it
        self.pid = pid if self._process < 0 else _pid_here(self._process)
        self._keeper = keeper
        self._ended: Ended | None = None

    def __enter__(self) -> Self:
        """Use it as a context: it is ended at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the job."""
        self.end()

    def end(self, *, wait_seconds: float = 0.0) -> Ended:
        """
        End the job if it lives, and wait for the kernel's account of it.

        Args:
            wait_seconds: How long it may still take to end by itself; for one that has hung up, so that the account
                tells its own end and not ours.

        Raises:
            PlatformError: If its server is gone, and its account with it; the job is then dead all the same.
        """
        if self._ended is None:
            self.channel.close()
            if wait_seconds > 0 and self._process >= 0:
                select.select([self._process], [], [], wait_seconds)
            try:
                self._ended = self._keeper.end(self.number)
            finally:
                self._let_go()
        return self._ended

    def alive(self) -> bool:
        """Tell whether the kernel still runs it; True where it does not say."""
        if self._ended is not None:
            return False
        if self._process < 0:
            return True
        return not select.select([self._process], [], [], 0)[0]

    def cpu_nanoseconds(self) -> int:
        """Return what all its threads have used so far; 0 once it is dead."""
        if not self.alive() or self.pid <= 0:
            return 0
        if sys.platform != "linux":
            import psutil

            times = psutil.Process(self.pid).cpu_times()
            return int((times.user + times.system) * 1e9)
        try:
            return time.clock_gettime_ns(linux.cpu_clock(self.pid))
        except OSError:
            return 0

    def peak_bytes(self) -> int:
        """Return how much memory it has had at most so far, what it shares with its server included; 0 if unknown."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            return 0
        return next((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM:")), 0)

    def _let_go(self) -> None:
        if self._process >= 0:
            os.close(self._process)
            self._process = -1

    def _drop(self) -> None:
        """Close what leads to it; its server has ended or will end it."""
        self.channel.close()
        self._let_go()


class Keeper:
    """
    One fork server: one unit, one import profile, one hash seed. May be used from several threads.

    Args:
        mode: "M1", "M2", "M3" or "M0".
        worker: Module inside the jail whose `prepare(unit, limits)` returns what a job does with its channel.
        unit: What *worker* prepares from; only what learners may see.
        limits: Ceilings of each job.
        hash_seed: PYTHONHASHSEED of all jobs.
        imports: Modules that the server imports first.
        spares: Confined jobs that wait for `job`.
        start_seconds: Longest start, imports and set-up cells included.

    Raises:
        CourseError: If a set-up cell of the unit raised.
        PlatformError: If the server cannot be started in this mode.
    """

    def __init__(
        self,
        *,
        mode: str,
        worker: str,
        unit: dict[str, Any],
        limits: Limits,
        hash_seed: int = 0,
        imports: Sequence[str] = IMPORTS,
        spares: int = SPARES,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self.mode = mode
        self.limits = limits
        self._lock = threading.Lock()
        self._burial = threading.Lock()  # nobody signals a group whose leader another thread has just buried
        self._gone = threading.Event()
        self._ready: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._ended: dict[int, Future[Ended]] = {}
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self._folder = JOBS_FOLDER if mode in launch.WITH_BUBBLEWRAP else _private_folder(mode)
        self._reader = threading.Thread(target=self._listen, name=f"sandbox-{mode}", daemon=True)
        self._control, theirs = socket.socketpair()
        try:
            with theirs:
                design = launch.design(mode, control=theirs.fileno(), hash_seed=hash_seed, file_bytes=limits.file_bytes)
                self._process = launch.start(design, control=theirs.fileno(), complaints=self._complaints)
            order = {
                "mode": mode,
                "imports": list(imports),
                "worker": worker,
                "unit": unit,
                "limits": asdict(limits),
                "readable": design.readable,
                "jobs_folder": self._folder,
                "start_seconds": max(1, start_seconds),
            }
            self.landlock = self._greet(order, start_seconds)
            self._reader.start()
            for _ in range(spares):
                self._order({"order": "job"})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Use it as a context: it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the server and all its jobs."""
        self.close()

    @property
    def gone(self) -> bool:
        """True once the server has ended; a new keeper must then be made."""
        return self._gone.is_set()

    def job(self, *, wait_seconds: float = ANSWER_SECONDS) -> Job:
        """
        Hand out a confined job; it waits on its channel.

        Raises:
            PlatformError: If the server is gone or late, or a job could not be confined.
        """
        deadline = time.monotonic() + wait_seconds
        while True:
            self._order({"order": "job"})  # the next one; this one is ready or on its way
            try:
                job = self._ready.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise PlatformError(f"sandbox {self.mode}: no job within {wait_seconds:g} s") from None
            if job is None:
                self._ready.put(None)  # for whoever else waits
                raise PlatformError(f"sandbox {self.mode}: the server is gone: {self._last_words()}")
            if self._is_confined(job, deadline) and job.alive():
                return job
            job.end()  # the kernel had no memory for it while it waited

    def _is_confined(self, job: Job, deadline: float) -> bool:
        """Read the job's first byte; what else it says first is why it could not be confined."""
        job.channel.settimeout(max(0.1, deadline - time.monotonic()))
        try:
            first = job.channel.recv(1)
            complaint = b"" if first in {CONFINED, b""} else first + job.channel.recv(COMPLAINT_BYTES)
        except OSError as error:
            job.end()
            raise PlatformError(f"sandbox {self.mode}: a job was not confined in time ({error})") from None
        if complaint:
            job.end()
            raise PlatformError(
                f"sandbox {self.mode}: a job could not be confined: {complaint.decode(errors='replace')}"
            )
        job.channel.settimeout(None)
        return first == CONFINED

    def end(self, number: int) -> Ended:
        """Kill a job and wait until the kernel has buried it; see `Job.end`."""
        future = self._future(number)
        if not future.done():
            self._order({"order": "kill", "job": number})
        try:
            return future.result(timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise PlatformError(f"sandbox {self.mode}: job {number} would not end") from None
        finally:
            with self._lock:
                self._ended.pop(number, None)

    def close(self) -> None:
        """End the server and with it every job."""
        with self._lock:
            self._control.shutdown(socket.SHUT_RDWR) if self._control.fileno() >= 0 and not self.gone else None
        if self._reader.ident is not None:  # it was started
            self._reader.join(timeout=ANSWER_SECONDS)
        self._clean_up()

    def _greet(self, order: dict[str, Any], start_seconds: float) -> int:
        """Send the first message, wait until the server is ready, and return its kernel's Landlock version."""
        begun = time.monotonic()
        self._control.settimeout(start_seconds)
        try:
            wire.send(self._control, order)
            told, _ = wire.receive(self._control)
        except (OSError, EOFError):
            if time.monotonic() - begun >= start_seconds:  # our patience is over, or the server's own clock rang first
                late = f"sandbox {self.mode}: the server was not ready within {start_seconds:g} s"
                raise PlatformError(late) from None
            raise PlatformError(f"sandbox {self.mode}: the server did not start: {self._last_words()}") from None
        if told.get("cell"):
            raise CourseError(f"set-up cell {told['cell']!r} raised; mend it and build again:\n{told['fault']}")
        if "ready" not in told:
            raise PlatformError(f"sandbox {self.mode}: the server did not start: {told.get('fault')}")
        self._control.settimeout(None)
        return int(told["landlock"])

    def _order(self, order: dict[str, Any]) -> None:
        try:
            with self._lock:
                wire.send(self._control, order)
        except OSError:
            raise PlatformError(f"sandbox {self.mode}: the server is gone: {self._last_words()}") from None

    def _future(self, number: int) -> Future[Ended]:
        with self._lock:
            future = self._ended.setdefault(number, Future())
            if self.gone and not future.done():
                future.set_exception(PlatformError(f"sandbox {self.mode}: the server ended with its jobs"))
            return future

    def _listen(self) -> None:
        try:
            while True:
                self._hear(*wire.receive(self._control))
        except (OSError, EOFError):
            pass  # the server has ended
        finally:
            self._mourn()

    def _hear(self, told: dict[str, Any], descriptors: list[int]) -> None:
        if "ended" in told:
            number = int(told.pop("ended"))
            self._future(number).set_result(Ended(**told))
        else:
            self._ready.put(Job(self, int(told["job"]), int(told["pid"]), descriptors))

    def _mourn(self) -> None:
        """Tell everybody who waits that nothing more will come."""
        self._gone.set()
        with self._lock:
            waiting = list(self._ended)
        for number in waiting:
            self._future(number)
        self._ready.put(None)

    def _last_words(self) -> str:
        """Say what the server wrote to its standard error before it ended."""
        if self._complaints.closed:
            return "it was closed"
        self._bury()
        self._complaints.seek(max(0, self._complaints.seek(0, os.SEEK_END) - COMPLAINT_BYTES))
        said = self._complaints.read().decode(errors="replace").strip()
        return said or f"exit status {self._process.returncode}"

    def _bury(self) -> None:
        """
        Kill the server with its whole process group, and wait for it.

        A bubblewrap that is killed early leaves a child that nothing tells: it still waits to hear who it is, and only
        then asks to die with its parent. Until the server is buried its number belongs to nobody else, nor its group's.
        """
        with self._burial:
            process: subprocess.Popen[bytes] | None = getattr(self, "_process", None)
            if process is not None and process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # it leads a session of its own
                process.wait()

    def _clean_up(self) -> None:
        self._bury()
        self._control.close()
        while not self._ready.empty():
            job = self._ready.get()
            if job is not None:
                job._drop()
        self._complaints.close()
        if self._folder != JOBS_FOLDER:
            shutil.rmtree(self._folder, ignore_errors=True)


def _private_folder(mode: str) -> str:
    """Make the folder below which the private folders of jobs lie when the server has no file system of its own."""
    folder = tempfile.mkdtemp(prefix="course-jobs-")
    if mode != launch.OWN_WORK_ONLY and os.geteuid() == 0:
        os.chown(folder, launch.UNPRIVILEGED, launch.UNPRIVILEGED)
    return folder


def _pid_here(process: int) -> int:
    """Return the process id that a descriptor of a process stands for, as this process sees it."""
    for line in Path(f"/proc/self/fdinfo/{process}").read_text(encoding="ascii").splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise PlatformError("the kernel does not say which process a job is; Linux 5.3 or newer is needed")
