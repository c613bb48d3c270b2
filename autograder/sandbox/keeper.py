"""
The outside end of a fork server: start it in the strongest mode, ask it for jobs, end them, hear how they ended.

Decides what the server is told; believes nothing about a learner's job but what the kernel reports through the server.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from autograder.errors import PlatformError
from autograder.sandbox import plan
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.server import CONFINED, JOBS_FOLDER, MESSAGE_BYTES
from autograder.sandbox.stage import STAGE

OWN_WORK_ONLY = "M0"  # no jail at all
SHARED_FILES = ("M3", OWN_WORK_ONLY)  # the server runs on the host's own files
UNPRIVILEGED = 61_347  # a user that owns nothing; used when the grader runs as root
START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
IMPORTS = ("numpy", "pandas", "pyarrow", "sklearn.linear_model", "sklearn.ensemble", "sklearn.pipeline", "matplotlib")

# bubblewrap dies with the thread that started it, so one thread that never ends starts them all
_launcher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-launcher")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a job ended, as the kernel told its server."""

    signal: int
    status: int
    cpu_seconds: float
    peak_bytes: int


class Job:
    """One confined process and the socket to it."""

    def __init__(self, keeper: Keeper, number: int, channel: socket.socket) -> None:
        self.number = number
        self.channel = channel
        self._keeper = keeper

    def end(self) -> Ended:
        """End the job if it lives, and wait for the kernel's account of it."""
        self.channel.close()
        return self._keeper.end(self.number)


class Keeper:
    """One fork server: one unit, one import profile, one hash seed."""

    def __init__(
        self,
        *,
        mode: str,
        worker: str,
        unit: dict[str, Any],
        limits: Limits,
        hash_seed: int = 0,
        imports: Sequence[str] = IMPORTS,
    ) -> None:
        self.mode = mode
        self.limits = limits
        self._lock = threading.Lock()
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], list[int]]] = queue.SimpleQueue()
        self._ended: dict[int, Future[Ended]] = {}
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = tempfile.mkdtemp(prefix="course-jobs-") if mode in SHARED_FILES else JOBS_FOLDER
        with theirs:
            start = _launcher.submit(_start, mode, hash_seed, limits, theirs.fileno(), self._folder)
            self._process = start.result()
        self._control.settimeout(START_SECONDS)
        order = {
            "mode": mode,
            "imports": list(imports),
            "worker": worker,
            "unit": unit,
            "limits": asdict(limits),
            "readable": self._readable(),
            "jobs_folder": self._folder,
        }
        try:
            self._control.send(json.dumps(order).encode())
            told = json.loads(self._control.recv(MESSAGE_BYTES) or b"{}")
        except OSError:
            told = {}  # it hung up or was too slow; its last words are on its standard error
        if "ready" not in told:
            raise PlatformError(f"sandbox {mode}: the server did not start: {self._last_words(told)}")
        self.landlock = int(told["landlock"])
        self._control.settimeout(None)
        self._reader = threading.Thread(target=self._listen, name=f"sandbox-{mode}", daemon=True)
        self._reader.start()

    def job(self) -> Job:
        """Ask for a new job; it waits on its channel."""
        with self._lock:
            self._order({"order": "job"})
            try:
                told, descriptors = self._answers.get(timeout=ANSWER_SECONDS)
            except queue.Empty:
                raise PlatformError(f"sandbox {self.mode}: no job within {ANSWER_SECONDS:g} s") from None
        if "job" not in told or len(descriptors) != 1:
            raise PlatformError(f"sandbox {self.mode}: the server is gone: {self._last_words(told)}")
        job = Job(self, int(told["job"]), socket.socket(fileno=descriptors[0]))
        job.channel.settimeout(ANSWER_SECONDS)
        first = job.channel.recv(1)
        if first != CONFINED:
            complaint = first + job.channel.recv(MESSAGE_BYTES)
            job.end()
            raise PlatformError(
                f"sandbox {self.mode}: a job could not be confined: {complaint.decode(errors='replace')}"
            )
        return job

    def end(self, number: int) -> Ended:
        """Kill a job and wait until the kernel has buried it."""
        future = self._future(number)
        if not future.done():
            self._order({"order": "kill", "job": number})
        try:
            return future.result(timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise PlatformError(f"sandbox {self.mode}: job {number} would not end") from None
        finally:
            self._ended.pop(number, None)

    def close(self) -> None:
        """End the server and with it every job."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        if self.mode in SHARED_FILES:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _readable(self) -> list[str]:
        """Name what Landlock lets a job read."""
        shown = plan.layout()
        if self.mode == "M1":
            return ["/"]
        return list(shown.readable if self.mode == "M2" else shown.readable_on_host)

    def _order(self, order: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(order).encode())
        except OSError as error:
            raise PlatformError(f"sandbox {self.mode}: the server is gone ({error})") from error

    def _future(self, number: int) -> Future[Ended]:
        return self._ended.setdefault(number, Future())

    def _listen(self) -> None:
        while True:
            try:
                data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 4)
            except OSError:
                data, descriptors = b"", []
            if not data:
                break
            told = json.loads(data)
            if "ended" in told:
                number = int(told.pop("ended"))
                self._future(number).set_result(Ended(**told))
            else:
                self._answers.put((told, descriptors))
        self._answers.put(({}, []))
        for future in list(self._ended.values()):
            if not future.done():
                future.set_exception(PlatformError(f"sandbox {self.mode}: the server ended with its jobs"))

    def _last_words(self, told: dict[str, Any]) -> str:
        if "fault" in told:
            return str(told["fault"])
        self._process.kill()
        _, complaint = self._process.communicate()
        return complaint.decode(errors="replace")[-2000:].strip() or f"exit status {self._process.returncode}"


def _start(mode: str, hash_seed: int, limits: Limits, control: int, jobs_folder: str) -> subprocess.Popen[bytes]:
    shown = plan.layout()
    root = os.geteuid() == 0
    sources: list[str] = []
    if mode in {"M1", "M2"}:
        binds = shown.binds
        if root:
            sources = [bind.source for bind in shown.binds]
            binds = tuple(plan.Bind(f"{STAGE}/{index}", bind.target) for index, bind in enumerate(shown.binds))
        command = plan.bubblewrap(
            shown,
            binds=binds,
            hash_seed=hash_seed,
            control=control,
            tmp_bytes=16 * limits.file_bytes,
            nested=mode == "M1",
        )
        environment = {"PATH": "/usr/bin:/bin"}
    else:
        path = f"{plan.code_folder()}:{sysconfig.get_paths()['purelib']}"
        environment = plan.environment(hash_seed, path=path)
        command = plan.python_command(shown.python, control)
    if root and mode != OWN_WORK_ONLY:
        if mode not in {"M1", "M2"}:
            os.chown(jobs_folder, UNPRIVILEGED, UNPRIVILEGED)
        order = {"sources": sources, "user": UNPRIVILEGED, "command": command, "environment": environment}
        command = [sys.executable, "-P", "-m", "autograder.sandbox.stage", json.dumps(order)]
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(plan.code_folder())}
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[control],
            env=environment,
            cwd="/",
        )
    except OSError as error:
        raise PlatformError(f"sandbox {mode}: cannot start {command[0]}: {error.strerror}") from error
