"""
Ten attacks on our own sandbox, run at start through the real path. Any surprise refuses to grade.

Each canary is a short program for a job and the one answer that a closed jail gives.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import PlatformError
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.keeper import Keeper

WORKER = "autograder.sandbox.inside.canary"
SECONDS = 20.0


@dataclass(frozen=True)
class Canary:
    """One attack: what a job tries, and how the answer looks when it could not."""

    aim: str
    source: str
    closed: str  # regular expression that the whole answer matches


REFUSED = r'\{"error": "(PermissionError|OSError|FileNotFoundError): .*"\}'
CANARIES = (
    Canary("opens_a_socket", "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)", REFUSED),
    Canary("starts_a_program", "import os\nos.execv('/bin/sh', ['sh', '-c', 'true'])", REFUSED),
    Canary("forks", "import os\nos.fork()", REFUSED),
    Canary("kills_its_server", "import os\nos.kill(os.getppid() or 1 << 22, 9)", REFUSED),
    Canary("reads_the_repository", "open({marker!r}).read()", REFUSED),
    Canary("lists_processes", "import os\nresult = [name for name in os.listdir('/proc') if name.isdigit()]",
           REFUSED + r'|\{"result": \[\]\}'),
    Canary("writes_outside_its_folder", "open({marker!r} + '-too', 'w')", REFUSED),
    Canary("changes_a_package", "import numpy\nopen(numpy.__file__, 'a')", REFUSED),
    Canary("makes_a_namespace",
           "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
           "if libc.unshare(0x10000000) != 0: raise OSError(ctypes.get_errno(), 'refused')",
           REFUSED),
    Canary("takes_all_memory", "result = len(bytearray({memory}))", r'\{"error": "MemoryError: "\}'),
)  # fmt: skip


def examine(mode: str) -> None:
    """
    Attack a fresh sandbox of *mode*.

    Raises:
        PlatformError: If the mode cannot be started here, or an attack came through; the text says which.
    """
    limits = Limits(memory_bytes=256 << 20)
    keeper = Keeper(mode=mode, worker=WORKER, unit={}, limits=limits, imports=("numpy",))
    with (
        keeper,
        # open to everybody, so that the jail alone can refuse it; not below /tmp, which jobs have their own of
        tempfile.TemporaryDirectory(dir=_outside(), prefix="course-canary-") as folder,
    ):
        Path(folder).chmod(0o777)
        marker = Path(folder, "marker")
        marker.write_text("seen", encoding="ascii")
        values = {"marker": str(marker), "memory": 2 * limits.memory_bytes}
        surprises = [surprise for canary in CANARIES if (surprise := attack(keeper, canary, values))]
    if surprises:
        raise PlatformError(f"sandbox {mode}: {'; '.join(surprises)}. Nothing is graded in this mode.")


def _outside() -> str | None:
    return "/var/tmp" if os.access("/var/tmp", os.W_OK) else None


def attack(keeper: Keeper, canary: Canary, values: dict[str, object]) -> str:
    """Run one canary; return what was surprising, or nothing."""
    source = canary.source.replace("{marker!r}", repr(values["marker"])).replace("{memory}", str(values["memory"]))
    try:
        with keeper.job() as job:
            job.channel.settimeout(SECONDS)
            job.channel.sendall(source.encode())
            answer = job.channel.recv(1 << 16).decode(errors="replace")
    except (OSError, PlatformError) as error:
        answer = json.dumps({"lost": str(error)})
    return "" if re.fullmatch(canary.closed, answer) else f"the canary {canary.aim} got {answer[:200]}"
