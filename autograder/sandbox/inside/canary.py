"""
A worker that runs whatever it is sent and says what came of it: with it the grader attacks its own sandbox at start.

It protects nothing; the jail around it must. The answer is one JSON text: {"result": ...} or {"error": "Type: text"}.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from autograder.sandbox.inside.limits import Limits

MAX_BYTES = 1 << 20


def prepare(unit: dict[str, Any], limits: Limits) -> Callable[[int], None]:  # noqa: ARG001 - as every worker
    """Return what a job does; *unit* may hold a secret of the test's own under "kept"."""
    kept = unit.get("kept")

    def serve(channel: int) -> None:
        source = os.read(channel, MAX_BYTES).decode()  # the filter allows no socket calls, not even on this one
        space: dict[str, Any] = {"kept": kept, "channel": channel, "result": None}
        try:
            exec(compile(source, "<canary>", "exec"), space)
            answer = {"result": space["result"]}
        except BaseException as error:  # noqa: BLE001 - every ending is an answer here
            answer = {"error": f"{type(error).__name__}: {error}"}
        os.write(channel, json.dumps(answer, default=repr).encode())

    return serve
