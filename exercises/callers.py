"""
Callers of a service who ask on schedule, in a process of their own so that they do not slow what they measure.

Decides when a question is sent and how a caller's waiting time is measured: from the moment at which the question was
due, not from when there was time to send it. It never decides what a service answers.
"""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import httpx
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from exercises import environment
from exercises.errors import ExerciseError

REPLY_SECONDS = 30.0  # longest wait for one reply
CONNECTIONS = 16  # the service answers one question at a time, so more of them would only be set up in vain
THREADS = 1  # of numerical libraries: a service reached through memory computes in the callers' own thread
Question = dict[str, Any]
MakeClient = Callable[[], httpx.AsyncClient]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """
    One question and what came back; times in seconds since the start of the load.

    Attributes:
        planned: When the question was due.
        sent: When it was sent, later than planned if the callers were held up.
        finished: When the whole answer was there.
        status: HTTP status; None if no answer came.
        body: The answer; empty if there was none, or no JSON object.
    """

    planned: float
    sent: float
    finished: float
    status: int | None
    body: dict[str, Any]

    @property
    def waited_ms(self) -> float:
        """What the caller lived through: milliseconds from the planned moment to the answer."""
        return (self.finished - self.planned) * 1000


def client_of(address: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Make a client of the service at *address*, at most 16 connections; the machine's proxies are ignored."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    return httpx.AsyncClient(
        base_url=address,
        transport=transport,
        trust_env=False,
        timeout=httpx.Timeout(REPLY_SECONDS, pool=None),
        limits=limits,
    )


def send(make_client: MakeClient, path: str, questions: Sequence[Question], moments: Sequence[float]) -> list[Reply]:
    """Send each question at its moment from a thread of this process; a notebook's own event loop is left alone."""

    def run() -> list[Reply]:
        with threadpool_limits(limits=THREADS):
            return asyncio.run(_load(make_client, path, questions, moments))

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(run).result()


def send_from_outside(address: str, path: str, questions: Sequence[Question], moments: Sequence[float]) -> list[Reply]:
    """
    Send each question at its moment from another process.

    Raises:
        ExerciseError: If that process ended early.
    """
    due = [float(at) for at in moments]
    job = {"address": address, "path": path, "questions": list(questions), "moments": due}
    done = subprocess.run(
        [sys.executable, "-m", "exercises.callers"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=max(due, default=0.0) + 2 * REPLY_SECONDS,
        check=False,
        env=environment.fresh_environ(0),
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ExerciseError(f"the callers' process ended early: {last}")
    return [Reply(**reply) for reply in json.loads(done.stdout)]


def percentile(values: Sequence[float], share: float) -> float:
    """
    Find the smallest of *values* that at least *share* of them do not exceed (nearest rank).

    Raises:
        ValueError: If there are no values, or the share is not above 0 and at most 1.
    """
    if not len(values) or not 0 < share <= 1:
        raise ValueError("a percentile needs at least one value and a share above 0, at most 1")
    return float(sorted(values)[math.ceil(share * len(values)) - 1])


async def _load(
    make_client: MakeClient, path: str, questions: Sequence[Question], moments: Sequence[float]
) -> list[Reply]:
    async with make_client() as client:
        start = time.perf_counter()

        async def one(question: Question, planned: float) -> Reply:
            await asyncio.sleep(max(0.0, start + planned - time.perf_counter()))
            sent = time.perf_counter() - start
            status, body = await _post(client, path, question)
            finished = time.perf_counter() - start
            return Reply(planned=planned, sent=sent, finished=finished, status=status, body=body)

        return list(await asyncio.gather(*map(one, questions, moments)))


async def _post(client: httpx.AsyncClient, path: str, question: Question) -> tuple[int | None, dict[str, Any]]:
    try:
        response = await client.post(path, json=question)
    except httpx.HTTPError:
        return None, {}
    return response.status_code, _json_object(response.content)


def send_by_threads(address: str, path: str, questions: Sequence[Question], moments: Sequence[float]) -> list[Reply]:
    """Send each question at its moment with the lightest client there is, so that callers are not the slow side."""
    kept = threading.local()
    start = time.perf_counter()

    def one(question: Question, planned: float) -> Reply:
        sent = time.perf_counter() - start
        if not hasattr(kept, "connection"):
            kept.connection = HTTPConnection(urlsplit(address).netloc, timeout=REPLY_SECONDS)
        try:
            kept.connection.request("POST", path, json.dumps(question), {"Content-Type": "application/json"})
            response = kept.connection.getresponse()
            status, body = response.status, _json_object(response.read())
        except (OSError, HTTPException):
            kept.connection.close()
            status, body = None, {}
        return Reply(planned=planned, sent=sent, finished=time.perf_counter() - start, status=status, body=body)

    replies: dict[int, Future[Reply]] = {}
    with ThreadPoolExecutor(max_workers=CONNECTIONS) as pool:
        for place in sorted(range(len(moments)), key=moments.__getitem__):
            time.sleep(max(0.0, start + moments[place] - time.perf_counter()))
            replies[place] = pool.submit(one, questions[place], moments[place])
    return [replies[place].result() for place in range(len(moments))]


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def main() -> None:
    """Read a load from standard input as JSON, send it, write the replies to standard output as JSON."""
    job = json.load(sys.stdin)
    replies = send_by_threads(job["address"], job["path"], job["questions"], job["moments"])
    json.dump([asdict(reply) for reply in replies], sys.stdout)


if __name__ == "__main__":
    main()
