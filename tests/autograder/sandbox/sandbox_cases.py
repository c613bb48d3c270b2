"""Running short hostile programs in jobs, and running the grader as a user who may do little."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.sandbox import plan
from autograder.sandbox.inside import linux
from autograder.sandbox.inside.limits import SHARES_AT_ONCE, Limits
from autograder.sandbox.keeper import Ended, Job, Keeper

CANARY = "autograder.sandbox.inside.canary"
WORKER = "autograder.sandbox.inside.worker"
MODES = ("M1", "M2", "M3")
PATIENCE_SECONDS = 120.0  # for what comes at once on a machine that is neither slow nor busy
NOBODY_IN_PARTICULAR = 61_348
SMALL = Limits(
    cpu_seconds=1,
    memory_bytes=160 << 20,
    output_bytes=10_000,
    file_bytes=1 << 20,
    inodes=100,
    open_files=32,
    threads=12,
)

# a program that answers and does not end
STAYS = "{}\nimport json, os, time\nos.write(channel, json.dumps(dict(result=result)).encode())\ntime.sleep(10**6)"

# a program that starts threads until it is refused and answers how many there were
GREEDY = (
    "import threading\nthreading.stack_size(1 << 16)\ngo = threading.Event()\nkept = []\ntry:\n"
    "    while len(kept) < 1000:\n"
    "        thread = threading.Thread(target=go.wait, daemon=True); thread.start(); kept.append(thread)\n"
    "except RuntimeError: pass\n"
    "result = len(kept)\n"
)
LET_GO = "go.set(); [thread.join() for thread in kept]"


def most_threads(mode: str) -> int:
    """
    Say how many threads a job may have at most.

    In M2 and M3 its neighbours' are counted with it, also those that are dying; in M3 the kernel counts all tasks of
    the user on the machine, so another course that grades at this moment moves the limit by as many.
    """
    shares, others = {"M1": (1, 0), "M2": (SHARES_AT_ONCE, 0), "M3": (SHARES_AT_ONCE, 60)}[mode]
    return shares * SMALL.threads + others


def least_threads(mode: str) -> int:
    """
    Say how many threads a job has at least.

    In M2 and M3 neighbours that came after it take their part of its limit: spare jobs, a dying one, and what each
    starts to find its own limit; in M3 so does every task of the user on the machine.
    """
    return {"M1": SMALL.threads - 3, "M2": SMALL.threads // 3, "M3": 1}[mode]


def start(mode: str, **changes: Any) -> Keeper:
    """Start a server whose jobs run what they are sent."""
    return Keeper(**{"mode": mode, "worker": CANARY, "unit": {}, "limits": SMALL, "imports": ("numpy",)} | changes)


def ask(job: Job, source: str) -> dict[str, Any]:
    """Let a job run *source*; return its answer, or {"lost": ...} if it died or said nothing."""
    job.channel.settimeout(PATIENCE_SECONDS)
    try:
        job.channel.sendall(source.encode())
        data = job.channel.recv(1 << 20)
    except OSError as error:
        return {"lost": str(error)}
    return json.loads(data) if data else {"lost": "hung up"}


def attack(keeper: Keeper, source: str) -> tuple[dict[str, Any], Ended]:
    """Let a fresh job run *source*; return its answer and how it ended."""
    job = keeper.job()
    answer = ask(job, source)
    return answer, job.end(wait_seconds=PATIENCE_SECONDS if "lost" in answer else 0.0)


def wait_until(fact: Callable[[], bool]) -> bool:
    """Ask until the kernel has done what it does in its own time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        if time.monotonic() > deadline:
            return False
        select.select([], [], [], 0.005)
    return True


def is_dead(pid: int) -> bool:
    """Tell whether a process is gone or only waits to be buried."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def parent(pid: int) -> int:
    """Return the process that *pid* came from."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("PPid:"))


BECOME = """
import json, os, sys
from autograder.sandbox import stage
order = json.loads(sys.argv[1])
stage.show("/mnt", order["binds"])
os.symlink(order["python"], "/mnt/venv/bin/python")
with open("/mnt/venv/pyvenv.cfg", "w") as file:
    file.write("home = " + os.path.dirname(order["python"]) + "\\n")
os.chdir("/")
os.setgroups([])
os.setresgid(order["user"], order["user"], order["user"])
os.setresuid(order["user"], order["user"], order["user"])
os.execve("/mnt/venv/bin/python", ["/mnt/venv/bin/python", "-P", "-c", order["script"]], order["environment"])
"""


def run_as_ordinary_user(script: str) -> subprocess.CompletedProcess[str]:
    """
    Run a program of the grader as a user who owns nothing, without any privilege.

    If we are root, the interpreter, the packages and the code are first bound to where that user can read them.
    """
    if os.geteuid() != 0:
        command, environment = [sys.executable, "-P", "-c", script], dict(os.environ)
    else:
        site = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        binds = [
            (sys.base_prefix, "/mnt/python"),
            (plan.site_folders()[0], f"/mnt/venv/{site}"),
            ("/usr/bin/true", "/mnt/venv/bin/true"),
            (str(plan.code_folder()), "/mnt/code"),
        ]
        order = {
            "binds": binds,
            "python": f"/mnt/python/bin/python{sys.version_info[0]}.{sys.version_info[1]}",
            "user": NOBODY_IN_PARTICULAR,
            "script": script,
            "environment": {"PATH": "/usr/bin:/bin", "PYTHONPATH": "/mnt/code", "HOME": "/tmp"},
        }
        command, environment = [sys.executable, "-P", "-c", BECOME, json.dumps(order)], dict(os.environ)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)


def may_bind() -> bool:
    """Tell whether this process may give itself a mount namespace, as root outside a closed container may."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            linux.unshare(linux.CLONE_NEWNS)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0
