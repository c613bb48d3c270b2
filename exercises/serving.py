"""
A real HTTP service inside a notebook, on a free port of this machine.

Decides how a service gets its port, how it starts and stops, and how callers reach it. It never decides what a service
answers, and never listens to another machine. Where no loopback port can be opened, the same calls go through memory.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from types import TracebackType
from typing import Any

import httpx
import uvicorn
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from exercises import environment
from exercises.callers import Question, Reply, client_of, send, send_from_outside
from exercises.errors import ExerciseError

LOOPBACK = "127.0.0.1"
IN_MEMORY = "http://in-memory"
START_SECONDS = 20.0  # longest wait for the service to start or stop, real time
THREADS = 1  # of numerical libraries in the service: for one row more of them only wait for each other
Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


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
        return self.address == IN_MEMORY

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
            self.address = IN_MEMORY
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
        """Make a client of this service, through its port or through memory."""
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False) if self.in_memory else None
        return client_of(self.address, transport)

    def ask(self, path: str, question: Question) -> Reply:
        """
        Ask one question and wait for the answer.

        Raises:
            ExerciseError: If the service is not started.
        """
        self._must_serve()
        return send(self.client, path, [question], [0.0])[0]

    def open_loop(self, path: str, questions: Sequence[Question], moments: Sequence[float]) -> list[Reply]:
        """
        Send each question at its moment, whether or not earlier ones were answered; callers are another process.

        Args:
            path: Route, for example "/now".
            questions: One JSON body a question.
            moments: When each is due, in seconds from the start of the load.

        Returns:
            One reply a question, in their order. A lost connection or a reply after 30 s is a reply without status.

        Raises:
            ExerciseError: If the service is not started.
            ValueError: If there is not one moment a question.
        """
        self._must_serve()
        if len(questions) != len(moments):
            raise ValueError(f"{len(questions)} questions but {len(moments)} moments; give one moment a question")
        if self.in_memory:
            return send(self.client, path, questions, moments)
        return send_from_outside(self.address, path, questions, moments)

    def _must_serve(self) -> None:
        if not self.address:
            raise ExerciseError("the service is not started; call start() first")


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
    # the protocol is named, because asyncio sends small answers at once only on sockets that say TCP
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.bind((LOOPBACK, 0))
        listener.listen(2048)
        socket.create_connection(listener.getsockname(), timeout=2).close()
        accepted, _ = listener.accept()
        accepted.close()
    except OSError:
        listener.close()
        return None
    return listener


def resident_bytes(code: str) -> int:
    """
    Measure the memory that a fresh Python process holds after running *code*.

    Raises:
        ExerciseError: If the code did not run to its end.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport psutil\nprint(psutil.Process().memory_info().rss)"],
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
