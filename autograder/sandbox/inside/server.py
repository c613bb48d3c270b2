"""
The fork server inside the jail: imports once, runs the released set-up cells once, then forks one confined job a
submission. It holds nothing that a learner may not see, because a fork inherits its memory.

It speaks with its keeper outside over one socket, whose number is its only argument; the first message says what to
prepare. For each order "job" it answers with the job's number, the keeper's end of its channel and a descriptor of the
process. It believes nothing that a job does: it only forks, kills and reaps.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import secrets
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox.inside import confine, endings, folders, landlock, linux, sqlite_locks, wire
from autograder.sandbox.inside.limits import Limits, most_tasks_of_others

CONFINED = b"\x01"  # first byte on a job's channel: every step of the confinement was done
JOBS_FOLDER = "/tmp/jobs"  # M2: private folders of jobs, below the server's own /tmp
LOOK_SECONDS = 0.2  # between two looks at the folders of jobs that have no file system of their own
COMPLAINT_CHARS = 20_000


@dataclass
class Running:
    """One job that lives."""

    number: int
    folder: str  # empty if it has a file system of its own
    base_bytes: int  # resident memory that it inherited
    cause: endings.Cause | None = None  # why the server has ended it


@dataclass
class Server:
    """What the server knows: how to confine, what to run in a job, and the jobs that live."""

    control: socket.socket
    mode: str
    limits: Limits
    readable: tuple[str, ...]
    jobs_folder: str
    serve: Callable[[int], None]
    most_tasks: int = 0  # that a job may find besides its own, where jobs share one count
    own_namespace: int = -1
    jobs: dict[int, Running] = field(default_factory=dict)  # by process id
    started: int = 0

    def start_job(self) -> None:
        """Fork and confine one job, and hand its descriptors to the keeper."""
        if not linux.is_alone():
            raise RuntimeError("the server has more than one thread; a fork could hang")
        self.started += 1
        # no job can list the folder above, so a name that it cannot guess hides even times and sizes from it
        folder = "" if self.mode == confine.NAMESPACED else f"{self.jobs_folder}/{secrets.token_hex(16)}"
        if folder:
            os.mkdir(folder, 0o700)  # noqa: PTH102 - here and not in the job, so that there is always one to remove
        ours, theirs = socket.socketpair()
        with ours, theirs:
            pid = self._fork(ours, theirs, folder)
            self.jobs[pid] = Running(self.started, folder, endings.inherited_bytes())
            told = {"job": self.started, "pid": pid}
            if not hasattr(os, "pidfd_open"):
                wire.send(self.control, told, [ours.fileno()])
                return
            process = os.pidfd_open(pid)
            try:
                wire.send(self.control, told, [ours.fileno(), process])
            finally:
                os.close(process)

    def _fork(self, ours: socket.socket, theirs: socket.socket, folder: str) -> int:
        server = os.getpid()
        namespaced = self.mode == confine.NAMESPACED
        if namespaced:
            linux.unshare(linux.CLONE_NEWPID)
        pid = -1
        try:
            pid = os.fork()
            if pid == 0:
                self._become_job(ours, theirs.detach(), folder, server)
        finally:
            if namespaced and pid != 0:  # the child never comes here
                linux.setns(self.own_namespace, linux.CLONE_NEWPID)
        return pid

    def _become_job(self, ours: socket.socket, channel: int, folder: str, server: int) -> None:
        """Never returns: the job serves its channel and dies."""
        status = 70
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ours.close()
            try:
                confine.confine(
                    mode=self.mode,
                    limits=self.limits,
                    most_tasks=self.most_tasks,
                    folder=folder or confine.PRIVATE,
                    readable=self.readable,
                    channel=channel,
                    server=server,
                )
            except BaseException:
                os.write(channel, traceback.format_exc().encode())  # nobody is served by a job that is not confined
                raise
            os.write(channel, CONFINED)
            self.serve(channel)
            status = 0
        finally:
            os._exit(status)  # the job never runs the server's code again

    def end_job(self, pid: int, cause: endings.Cause) -> None:
        """End a job, whatever it is doing; the first cause counts."""
        job = self.jobs[pid]
        job.cause = job.cause or cause
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._kill_group(pid)

    def _kill_group(self, pid: int) -> None:
        """In M0 a job may start processes; elsewhere the filter forbids it."""
        if self.mode == confine.UNCONFINED:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)

    def reap(self) -> None:
        """Tell the keeper which jobs have ended, how, and what they used."""
        while self.jobs:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            job = self.jobs.get(pid)
            if job is None:
                continue  # in M0 a job may leave orphans to its server
            self._kill_group(pid)
            del self.jobs[pid]
            if job.folder:
                folders.remove(job.folder)
            ended = endings.ending(status, usage, self.limits, base_bytes=job.base_bytes, cause=job.cause)
            wire.send(self.control, {"ended": job.number, **ended})

    def loop(self) -> None:
        """Serve the keeper until it hangs up; then end every job."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        wire.send(self.control, {"ready": True, "landlock": landlock.abi()})
        while True:
            looks = self.mode != confine.NAMESPACED and self.jobs
            ready, _, _ = select.select([self.control.fileno(), wake_read], [], [], LOOK_SECONDS if looks else None)
            if wake_read in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
            self.reap()
            if looks:
                self.look_at_folders()
            if self.control.fileno() in ready:
                order, _ = wire.receive(self.control)
                self.obey(order)

    def obey(self, order: dict[str, Any]) -> None:
        """Carry out one order of the keeper."""
        if order["order"] == "job":
            self.start_job()
        elif order["order"] == "kill":
            for pid, job in self.jobs.items():
                if job.number == int(order["job"]):
                    self.end_job(pid, "asked")
        else:
            raise ValueError(f"unknown order {order['order']!r}")

    def look_at_folders(self) -> None:
        """End jobs that keep more in files than they may; in M1 the job's own file system refuses it."""
        for pid, job in self.jobs.items():
            if folders.exceeds(job.folder, max_bytes=self.limits.file_bytes, max_inodes=self.limits.inodes):
                self.end_job(pid, "files")

    def close(self) -> None:
        """End every job and leave nothing behind."""
        for pid in self.jobs:
            self.end_job(pid, "asked")
        for pid, job in self.jobs.items():
            os.waitpid(pid, 0)
            if job.folder:
                folders.remove(job.folder)
        if self.mode != confine.NAMESPACED:
            folders.remove(self.jobs_folder)


def _pipe() -> tuple[int, int]:
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    return read, write


def own_namespaces(control: socket.socket) -> None:
    """Move into a user namespace that owns the server's pid namespace; the caller goes on as its first process."""
    user, group = os.getuid(), os.getgid()
    seconds_left = signal.alarm(0)
    linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWPID)
    linux.map_own_user(user, group)
    pid = os.fork()
    if pid != 0:
        control.close()
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(seconds_left)  # a fork inherits none
    if os.getppid() != 0 or os.getpid() != 1:
        raise OSError("the server is not the first process of its namespace")


def settle_environment(folder: str) -> None:
    """Tell libraries, before they are imported, to start no threads (a fork would lose them) and where to write."""
    os.environ.update(
        {
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "ARROW_NUM_THREADS": "1",
            "JOBLIB_MULTIPROCESSING": "0",
            "JE_ARROW_MALLOC_CONF": "background_thread:false",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "MPLCONFIGDIR": f"{folder}/matplotlib",
            "IPYTHONDIR": f"{folder}/ipython",
            "HOME": f"{folder}/home",
            "TMPDIR": folder,
        }
    )


def prepare(control: socket.socket, plan: dict[str, Any]) -> Server:
    """Do once what all jobs share."""
    if plan["mode"] == confine.NAMESPACED:
        own_namespaces(control)
    jobs_folder = plan["jobs_folder"]
    Path(jobs_folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    settle_environment(jobs_folder)
    if plan["mode"] != confine.UNCONFINED:
        sqlite_locks.grant_every_lock()
    for module in plan["imports"]:
        importlib.import_module(module)
    limits = Limits(**plan["limits"])
    server = Server(
        control=control,
        mode=plan["mode"],
        limits=limits,
        readable=tuple(plan["readable"]),
        jobs_folder=jobs_folder,
        serve=importlib.import_module(plan["worker"]).prepare(plan["unit"], limits),
    )
    if not linux.is_alone():
        raise RuntimeError("a set-up cell started a thread; a fork would lose it, and could hang")
    if server.mode == confine.NAMESPACED:
        server.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    elif server.mode != confine.UNCONFINED:
        server.most_tasks = most_tasks_of_others(limits)
    gc.collect()
    gc.disable()
    gc.freeze()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    return server


def main() -> None:
    """Prepare as the keeper says, then serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    plan, _ = wire.receive(control)
    signal.alarm(int(plan["start_seconds"]))  # a set-up cell that hangs must not outlive its keeper
    try:
        server = prepare(control, plan)
    except BaseException as error:
        fault = {"fault": traceback.format_exc()[-COMPLAINT_CHARS:], "cell": getattr(error, "cell", "")}
        wire.send(control, fault)
        raise
    signal.alarm(0)
    try:
        server.loop()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the keeper has hung up, which ends the server
    finally:
        server.close()


if __name__ == "__main__":
    main()
