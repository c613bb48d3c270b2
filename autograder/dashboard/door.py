"""
The socket on which `submit()` in a notebook reaches the warm judge of this server: one line of JSON each way.

Only the user who runs the server may open it (mode 0600 in a folder of mode 0700). It decides nothing: a request names
a unit, and the answer is what `course submit --json` would print.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.settings import Settings
from exercises.environment import JUDGE_SOCKET, STATE_FOLDER

LONGEST_ADDRESS = 100  # bytes; the system takes 107
REQUEST_BYTES = 1 << 12


def door_path(settings: Settings) -> Path:
    """Return where the socket stands; `exercises` looks there too."""
    return settings.work / STATE_FOLDER / JUDGE_SOCKET


async def open_door(settings: Settings, shared: Mapping[str, Any]) -> asyncio.Server | None:
    """
    Open the socket; None where the path is too long for one, and `submit()` then starts a process of its own.

    Args:
        settings: The course.
        shared: The server's settings: "course_submit" hands in, "course_grading" keeps the order.
    """
    path = door_path(settings)
    if len(os.fsencode(path)) > LONGEST_ADDRESS:
        return None

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            told = await _answer(await reader.readline(), settings, shared)
            writer.write(json.dumps(told).encode() + b"\n")
            await writer.drain()
        except (ConnectionError, ValueError):  # nobody waits any more, or the line was too long
            return
        finally:
            writer.close()

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.unlink(missing_ok=True)  # left by a server that was killed
    before = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(answer, path, limit=REQUEST_BYTES)
    finally:
        os.umask(before)


async def _answer(line: bytes, settings: Settings, shared: Mapping[str, Any]) -> dict[str, Any]:
    try:
        unit = settings.unit_name(str(json.loads(line)["unit"]))
        async with shared["course_grading"]:
            loop = asyncio.get_running_loop()
            outcome = await loop.run_in_executor(None, shared["course_submit"], settings, unit)
    except (GraderError, LookupError, TypeError, ValueError) as error:
        return {"state": "refused", "reason": str(error)}
    told: dict[str, Any] = outcome.to_json()
    return told
