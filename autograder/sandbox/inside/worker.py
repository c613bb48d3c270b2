"""
The learner's side of a hearing: runs the released set-up cells once in the server, then serves the judge in each job.

It decides nothing about right and wrong, and protects nobody: the learner's code can do in its process what it likes.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable
from typing import Any

from autograder.protocol import worker as peer
from autograder.protocol.records import EXERCISE_MODULES, Registry
from autograder.sandbox.inside import warm
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.shell import Shell


class SetupFailed(Exception):  # noqa: N818 - a fact about the course's own cell
    """
    A set-up cell of the course raised.

    Attributes:
        cell: Its name.
    """

    def __init__(self, cell: str, text: str) -> None:
        super().__init__(f"set-up cell {cell!r} raised {text}")
        self.cell = cell


def prepare(unit: dict[str, Any], limits: Limits) -> Callable[[int], None]:
    """
    Run the set-up cells and warm what a first use would cost each job.

    Args:
        unit: "cells", the (name, source) of each set-up cell; "seed", from which each job draws (0 if missing);
            "modules" of `exercises` whose records and exceptions cross (the protocol's own list if missing).
        limits: The output limit counts here; all others are the kernel's.

    Returns:
        What a job does with its channel.

    Raises:
        SetupFailed: If a set-up cell raises.
    """
    os.environ["NBGRADER_EXECUTION"] = "autograde"  # so that `exercises` shows no cards and hands nothing in
    shell = Shell(limits.output_bytes)
    shell.capture()
    for name, source in unit["cells"]:
        report = shell.execute(name, source)
        if report.error_name is not None:
            raise SetupFailed(name, f"{report.error_name}: {report.error_text} (line {report.error_line})")
    warm.up()
    registry = Registry.of(unit.get("modules", EXERCISE_MODULES))
    warm.up_protocol(registry)
    shell.outputs.left = limits.output_bytes
    seed = int(unit.get("seed", 0))

    def serve(channel: int) -> None:
        seed_generators(seed)
        peer.serve(socket.socket(fileno=channel), shell, registry)

    return serve


def seed_generators(seed: int) -> None:
    """Let every job draw the same numbers, so that a regrade repeats exactly."""
    import numpy as np

    random.seed(seed)
    np.random.seed(seed % (1 << 32))
