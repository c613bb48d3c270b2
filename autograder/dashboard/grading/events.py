"""
How far a run has come: as a stream that the server sends, and as JSON for those who ask again and again.

The page works without either. A stream ends with the run, and when the browser goes; it costs one cheap question to the
gradebook a second.
"""

from __future__ import annotations

import asyncio
import json

from tornado import web
from tornado.iostream import StreamClosedError

from autograder.dashboard.grading.base import GradingHandler, number
from autograder.dashboard.grading.runs import run_line

TICK_SECONDS = 1.0
RETRY_MILLISECONDS = 5_000  # how long a browser waits before it connects again


class ProgressHandler(GradingHandler):
    """How far a run has come, once."""

    async def now(self, run: int) -> dict[str, object]:
        """Ask how far it is."""
        state = await self.ask_or_404(lambda book: book.run_state(run))
        return run_line(state, self.grading, {}).to_json()

    @web.authenticated
    async def get(self, run: str) -> None:
        """Answer in JSON."""
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(await self.now(number(run))))


class EventsHandler(ProgressHandler):
    """How far a run has come, again and again."""

    @web.authenticated
    async def get(self, run: str) -> None:
        """Send an event for each change, until the run ends or nobody listens."""
        wanted = number(run)
        told = await self.now(wanted)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("X-Accel-Buffering", "no")
        self.write(f"retry: {RETRY_MILLISECONDS}\n")
        try:
            await self._send(told)
            while told["going_on"]:
                await asyncio.sleep(TICK_SECONDS)
                before, told = told, await self.now(wanted)
                if told != before:
                    await self._send(told)
                else:
                    self.write(":\n\n")  # finds out whether somebody listens
                    await self.flush()
        except StreamClosedError:
            return
        self.finish()

    async def _send(self, told: dict[str, object]) -> None:
        self.write(f"data: {json.dumps(told)}\n\n")
        await self.flush()
