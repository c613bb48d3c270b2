"""
A real HTTP service inside a notebook, and a client that asks on schedule.

Decides how a service gets a free loopback port, how it starts and stops, and how a caller's waiting time is measured:
from the moment at which the question was due, not from when there was time to send it. It never decides what a service
answers, and never listens to another machine. Where no loopback port can be opened, the same calls go through memory.
"""

from __future__ import annotations

import asyncio
import math
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

import httpx
import uvicorn
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from exercises import environment
from exercises.errors import ExerciseError

LOOPBACK = "127.0.0.1"
START_SECONDS = 20.0  # longest wait for the service to start or stop, real time
REPLY_SECONDS = 30.0  # longest wait for one reply
THREADS = 1  # of numerical libraries in the service: for one row more of them only wait for each other
Answer = TypeVar("Answer")
Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """
    One question and what came back; times in seconds since the first planned moment of the load.

    Attributes:
        planned: When the question was due.
        sent: When it was sent, later than planned if the client was held up.
        finished: When the whole answer was there.
        status: HTTP status; None if no answer came.
        body: The answer; empty if there was none, or no JSON.
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


class Service:
    """An application behind HTTP on a free port of this machine; stop it, or use it in a `with` block."""

    def __init__(self, app: App) -> None:
        """Prepare to serve the ASGI application *app*, for example a FastAPI object; nothing listens yet."""
        self._app = app
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.address = ""

    @property
    def in_memory(self) -> bool:
        """True if no port could be opened, so that questions go to the application through memory."""
        return bool(self.address) and self._server is None

    def start(self) -> Service:
        """
        Start to serve; do nothing if it serves already.

        Raises:
            ExerciseError: If the service did not come up within 20 s.
        """
        if self.address:
            return self
        listener = free_listener()
        if listener is None:
            self.address = "http://in-memory"
            return self
        self.address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        config = uvicorn.Config(self._app, log_config=None, access_log=False, lifespan="off", ws="none", loop="asyncio")
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.serve_on, args=(listener,), daemon=True)
        self._thread.start()
        if not self._server.ready.wait(START_SECONDS) or not self._server.started:
            self.stop()
            raise ExerciseError(f"the service did not start within {START_SECONDS:.0f} s; run this cell once more")
        return self

    def stop(self) -> None:
        """Stop serving and close the port; do nothing if it does not serve."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
        self._server = self._thread = None
        self.address = ""

    def __enter__(self) -> Service:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Service at {self.address}" if self.address else "Service, not started"

    def client(self) -> httpx.AsyncClient:
        """
        Make a client of this service; it ignores the machine's proxies.

        Raises:
            ExerciseError: If the service is not started.
        """
        if not self.address:
            raise ExerciseError("the service is not started; call start() first")
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False) if self.in_memory else None
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        return httpx.AsyncClient(
            base_url=self.address, transport=transport, trust_env=False, timeout=REPLY_SECONDS, limits=limits
        )

    def ask(self, path: str, question: dict[str, Any]) -> Reply:
        """Ask one question and wait for the answer."""
        [reply] = open_loop(self, path, [question], [0.0])
        return reply


class _Server(uvicorn.Server):
    """A server that says when it is ready, and keeps numerical libraries to one thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    def serve_on(self, listener: socket.socket) -> None:
        try:
            with threadpool_limits(limits=THREADS):
                self.run(sockets=[listener])
        finally:
            listener.close()
            self.ready.set()


def free_listener() -> socket.socket | None:
    """Listen on a free loopback port that can really be reached; None if this machine allows no such thing."""
    try:
        listener = socket.create_server((LOOPBACK, 0))
    except OSError:
        return None
    try:
        socket.create_connection(listener.getsockname(), timeout=2).close()
        accepted, _ = listener.accept()
        accepted.close()
    except OSError:
        listener.close()
        return None
    return listener


def open_loop(
    service: Service, path: str, questions: Sequence[dict[str, Any]], moments: Sequence[float]
) -> list[Reply]:
    """
    Send each question at its moment, whether or not earlier ones were answered: callers do not wait for each other.

    Args:
        service: A started service.
        path: Route, for example "/now".
        questions: One JSON body a question.
        moments: When each is due, in seconds from the start of the load.

    Returns:
        One reply a question, in their order. A lost connection or a reply after 30 s is a reply without status.
    """
    if len(questions) != len(moments):
        raise ValueError(f"{len(questions)} questions but {len(moments)} moments; give one moment a question")
    return _in_own_loop(_load(service, path, questions, moments))


async def _load(
    service: Service, path: str, questions: Sequence[dict[str, Any]], moments: Sequence[float]
) -> list[Reply]:
    async with service.client() as client:
        start = time.perf_counter()

        async def one(question: dict[str, Any], planned: float) -> Reply:
            await asyncio.sleep(max(0.0, start + planned - time.perf_counter()))
            sent = time.perf_counter() - start
            status, body = await _post(client, path, question)
            finished = time.perf_counter() - start
            return Reply(planned=planned, sent=sent, finished=finished, status=status, body=body)

        return list(await asyncio.gather(*map(one, questions, moments)))


async def _post(client: httpx.AsyncClient, path: str, question: dict[str, Any]) -> tuple[int | None, dict[str, Any]]:
    try:
        response = await client.post(path, json=question)
    except httpx.HTTPError:
        return None, {}
    try:
        body = response.json()
    except ValueError:
        body = {}
    return response.status_code, body if isinstance(body, dict) else {}


def _in_own_loop(work: Coroutine[Any, Any, Answer]) -> Answer:
    # a notebook has a running event loop already, so the client gets a thread with a loop of its own
    def run() -> Answer:
        with threadpool_limits(limits=THREADS):
            return asyncio.run(work)

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(run).result()


def percentile(values: Sequence[float], share: float) -> float:
    """
    Find the smallest of *values* that at least *share* of them do not exceed (nearest rank).

    Raises:
        ValueError: If there are no values, or the share is not above 0 and at most 1.
    """
    if not len(values) or not 0 < share <= 1:
        raise ValueError("a percentile needs at least one value and a share above 0, at most 1")
    return float(sorted(values)[math.ceil(share * len(values)) - 1])


def resident_bytes(code: str) -> int:
    """
    Measure the memory that a fresh Python process holds after running *code*.

    Raises:
        ExerciseError: If the code did not run to its end.
    """
    ask = f"{code}\nimport psutil\nprint(psutil.Process().memory_info().rss)"
    done = subprocess.run(
        [sys.executable, "-c", ask],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment.fresh_environ(0),
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ExerciseError(f"the measured program stopped early: {last}")
    return int(done.stdout.split()[-1])
