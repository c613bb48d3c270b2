"""
The fork server inside the jail: imports once, runs the released set-up cells once, then forks one confined job a
submission. It holds nothing that a learner may not see, because a fork inherits its memory.

It speaks with its keeper outside over one socket, whose number is its only argument: JSON datagrams, the first of which
says what to prepare. A job's channel is handed to the keeper with the answer to "job". It believes nothing that a job
does: it only forks, kills and reaps.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox.inside import confine, linux
from autograder.sandbox.inside.limits import Limits

MESSAGE_BYTES = 1 << 20
CONFINED = b"\x01"  # first byte on a job's channel: every step of the confinement was done
JOBS_FOLDER = "/tmp/jobs"  # M2 and M3: private folders of jobs, below the server's own /tmp


@dataclass
class Server:
    """What the server knows: how to confine, what to run in a job, and the jobs that live."""

    control: socket.socket
    mode: str
    limits: Limits
    readable: tuple[str, ...]
    jobs_folder: str
    serve: Callable[[int], None]
    own_namespace: int = -1
    jobs: dict[int, int] = field(default_factory=dict)  # process id -> number of the job
    started: int = 0

    def start_job(self) -> tuple[int, socket.socket]:
        """Fork and confine one job; return its number and the keeper's end of its channel."""
        if linux.thread_count() != 1:
            raise RuntimeError("the server has more than one thread; a fork could hang")
        ours, theirs = socket.socketpair()
        self.started += 1
        if self.mode == confine.NAMESPACED:
            linux.unshare(linux.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            self._become_job(ours, theirs)
        if self.mode == confine.NAMESPACED:
            linux.setns(self.own_namespace, linux.CLONE_NEWPID)
        theirs.close()
        self.jobs[pid] = self.started
        return self.started, ours

    def _become_job(self, ours: socket.socket, theirs: socket.socket) -> None:
        """Never returns: the job serves its channel and dies."""
        status = 70
        channel = theirs.detach()
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ours.close()
            folder = confine.PRIVATE if self.mode == confine.NAMESPACED else f"{self.jobs_folder}/{self.started}"
            if self.mode != confine.NAMESPACED:
                Path(folder).mkdir(mode=0o700)
            confine.confine(mode=self.mode, limits=self.limits, folder=folder, readable=self.readable, channel=channel)
            os.write(channel, CONFINED)
            self.serve(channel)
            status = 0
        except BaseException:
            os.write(channel, traceback.format_exc().encode())  # nobody is served by a job that is not confined
            raise
        finally:
            os._exit(status)  # the job never runs the server's code again

    def kill(self, number: int) -> None:
        """End a job, whatever it is doing."""
        for pid, known in self.jobs.items():
            if known == number:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def reap(self) -> None:
        """Tell the keeper which jobs have ended, how, and what they used."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            number = self.jobs.pop(pid, None)
            if number is None:
                continue
            if self.mode != confine.NAMESPACED:
                _remove(Path(self.jobs_folder, str(number)))
            self.tell(
                {
                    "ended": number,
                    "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                    "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
                    "cpu_seconds": usage.ru_utime + usage.ru_stime,
                    "peak_bytes": usage.ru_maxrss * 1024,
                }
            )

    def tell(self, message: dict[str, Any], channel: socket.socket | None = None) -> None:
        """Send one datagram, with a job's channel if there is one."""
        rights = [] if channel is None else [channel.fileno()]
        socket.send_fds(self.control, [json.dumps(message).encode()], rights)

    def loop(self) -> None:
        """Serve the keeper until it hangs up; then end every job."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.tell({"ready": True, "landlock": _landlock_version(), "address_space": _address_space()})
        while True:
            readable, _, _ = select.select([self.control.fileno(), wake_read], [], [])
            if wake_read in readable:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
            self.reap()
            if self.control.fileno() in readable:
                message = self.control.recv(MESSAGE_BYTES)
                if not message:
                    return
                self.obey(json.loads(message))

    def obey(self, order: dict[str, Any]) -> None:
        """Carry out one order of the keeper."""
        if order["order"] == "job":
            number, channel = self.start_job()
            with channel:
                self.tell({"job": number}, channel)
        elif order["order"] == "kill":
            self.kill(int(order["job"]))
        else:
            raise ValueError(f"unknown order {order['order']!r}")


def _landlock_version() -> int:
    from autograder.sandbox.inside import landlock

    return landlock.abi()


def _address_space() -> int:
    from autograder.sandbox.inside.limits import address_space_bytes

    return address_space_bytes()


def _remove(folder: Path) -> None:
    """Remove a dead job's folder without following a link out of it."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def own_namespaces(control: socket.socket) -> None:
    """Move into a user namespace that owns the server's pid namespace; the caller goes on as its first process."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWPID)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    pid = os.fork()
    if pid != 0:
        control.close()
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)


def set_threads_to_one() -> None:
    """Tell numerical libraries, before they are imported, to start no threads: a fork would lose them."""
    os.environ.update(
        {
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "ARROW_NUM_THREADS": "1",
            "JOBLIB_MULTIPROCESSING": "0",
            "JE_ARROW_MALLOC_CONF": "background_thread:false",
            "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": "/tmp/matplotlib",
            "IPYTHONDIR": "/tmp/ipython",
            "HOME": "/tmp/home",
        }
    )


def main() -> None:
    """Prepare as the keeper says, then serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    try:
        plan = json.loads(control.recv(MESSAGE_BYTES))
        if plan["mode"] == confine.NAMESPACED:
            own_namespaces(control)
        set_threads_to_one()
        for module in plan["imports"]:
            importlib.import_module(module)
        worker = importlib.import_module(plan["worker"])
        serve = worker.prepare(plan["unit"])
        server = Server(
            control=control,
            mode=plan["mode"],
            limits=Limits(**plan["limits"]),
            readable=tuple(plan["readable"]),
            jobs_folder=plan["jobs_folder"],
            serve=serve,
        )
        if server.mode == confine.NAMESPACED:
            server.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        else:
            Path(server.jobs_folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        gc.collect()
        gc.disable()
        gc.freeze()
        ctypes.CDLL(None).malloc_trim(0)
    except BaseException:
        control.send(json.dumps({"fault": traceback.format_exc()[-20000:]}).encode())
        raise
    server.loop()


if __name__ == "__main__":
    main()
