"""
Starting a fork server: the one place of the grader that starts a process for the learner's side.

Decides what is started and as whom: bubblewrap or Python itself, and never as root where there is a jail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

from autograder.errors import PlatformError
from autograder.sandbox import plan

OWN_WORK_ONLY = "M0"  # no jail at all
WITH_BUBBLEWRAP = ("M1", "M2")
UNPRIVILEGED = 61_347  # a user that owns nothing; used when the grader runs as root
TMP_FILES = 16  # the server's /tmp holds so many times what one job may write


@dataclass(frozen=True, kw_only=True)
class Launch:
    """All that starts a server."""

    command: list[str]
    environment: dict[str, str]
    readable: tuple[str, ...]  # what Landlock lets a job read


def design(mode: str, *, control: int, hash_seed: int, file_bytes: int) -> Launch:
    """
    Say how the server of *mode* is started on this machine.

    Args:
        mode: "M1", "M2", "M3" or "M0".
        control: Number of the server's socket.
        hash_seed: PYTHONHASHSEED of the server and so of its jobs.
        file_bytes: What one job may write.
    """
    root = os.geteuid() == 0 and mode != OWN_WORK_ONLY
    host = plan.layout()
    must_stage = root and not all(plan.open_to_all(bind.source) for bind in host.binds)
    here = plan.staged(host) if must_stage else host
    if mode in WITH_BUBBLEWRAP:
        inner = plan.python_command(host.python, control)
        command = plan.bubblewrap(
            here, inner, hash_seed=hash_seed, tmp_bytes=TMP_FILES * file_bytes, nested=mode == "M1"
        )
        environment = {"PATH": "/usr/bin:/bin"}
        readable = ("/",) if mode == "M1" else here.readable
    else:
        shown = plan.on_host(here)
        command = plan.python_command(shown.python, control)
        packages = [bind.source for bind in here.binds if bind.target in {plan.SITE, plan.PLATFORM_SITE}]
        code = f"{plan.STAGE}{plan.CODE}" if must_stage else str(plan.code_folder())
        environment = plan.environment(hash_seed, ":".join([code, *packages]))
        if must_stage:  # an interpreter that is linked to a library of its own would take another one of the system
            environment["LD_LIBRARY_PATH"] = f"{plan.STAGE}{sys.base_prefix}/lib"
        readable = shown.readable
    if root:
        binds = [(bind.source, f"{plan.STAGE}{bind.target}") for bind in host.binds] if must_stage else []
        command, environment = _from_root(command, environment, binds)
    return Launch(command=command, environment=environment, readable=readable)


def _from_root(
    command: list[str], environment: dict[str, str], binds: list[tuple[str, str]]
) -> tuple[list[str], dict[str, str]]:
    order = {
        "stage": plan.STAGE,
        "binds": binds,
        "user": UNPRIVILEGED,
        "command": command,
        "environment": environment,
    }
    staging = [sys.executable, "-P", "-m", "autograder.sandbox.stage", json.dumps(order)]
    return staging, {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(plan.code_folder())}


def start(launch: Launch, *, control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """
    Start the server; its standard error goes to *complaints*, which never fills up as a pipe does.

    Raises:
        PlatformError: If the first program cannot be started.
    """
    return _launcher().submit(_start, launch, control, complaints).result()


def _start(launch: Launch, control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            pass_fds=[control],
            env=launch.environment,
            cwd="/",
            start_new_session=True,  # an interrupt at the terminal is the keeper's business
        )
    except OSError as error:
        raise PlatformError(f"the sandbox cannot start {launch.command[0]}: {error.strerror}") from error


_pools: dict[int, ThreadPoolExecutor] = {}


def _launcher() -> ThreadPoolExecutor:
    """Return this process's one thread that starts servers: bubblewrap dies with the thread that started it."""
    pid = os.getpid()
    if pid not in _pools:  # a fork has the pool but not its thread
        _pools.clear()
        _pools[pid] = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-launcher")
    return _pools[pid]
