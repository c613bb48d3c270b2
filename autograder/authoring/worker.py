"""
The process that runs candidates while a unit is calibrated: imports and set-up once, then a fork a candidate.

Decides what was observed of each cell, never whether it passed. It runs the author's own trusted code: limits are
there against endless loops, not against malice. Started as `python -m autograder.authoring.worker FOLDER`; speaks lines
of JSON on its standard streams. Everything that it writes lies in FOLDER, and it removes that when it ends.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

PLACE = "<cell {}>"  # stands for a file's name in the code of a cell
MEMORY_BYTES = 2 << 30  # on top of what the worker holds
ENDING_SECONDS = 5.0  # in which a thread that has nothing more to do has ended, also on a busy machine


class Shell:
    """An IPython shell that shows nothing and tells what each cell did."""

    def __init__(self, folder: str) -> None:
        config = Config()
        config.HistoryManager.enabled = False  # the default starts a thread, and threads do not survive a fork
        self._running = ""
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self._shell = InteractiveShell.instance(config=config, user_module=module, ipython_dir=folder)
        # frames of a traceback then say in which cell they lie
        setattr(self._shell.compile, "get_code_name", lambda *_: PLACE.format(self._running))  # noqa: B010 - a method, for mypy
        for name in ("showtraceback", "showsyntaxerror", "showindentationerror"):
            setattr(self._shell, name, lambda *_, **__: None)

    def run(self, name: str, source: str) -> dict[str, Any]:
        """Run one cell; its value comes as text, as in a notebook."""
        self._running = name
        stderr = io.StringIO()
        wall, cpu = time.perf_counter(), time.process_time()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(stderr):
            result = self._shell.run_cell(source, store_history=True)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        error = result.error_before_exec or result.error_in_exec
        return {
            "name": name,
            "result": None if error or result.result is None else repr(result.result),
            "error_name": type(error).__name__ if error else None,
            "error_message": str(error) if error else "",
            "frames": list(_frames(error)) if error else [],
            "stderr": stderr.getvalue()[-2000:],
            "wall_seconds": wall,
            "cpu_seconds": cpu,
            "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yield cell and line of each frame that lies in a cell, the outermost first."""
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if name.startswith(PLACE[:6]):
            yield name.removeprefix(PLACE[:6]).removesuffix(">"), line


def serve(requests: IO[str], replies: IO[str], folder: str) -> None:
    """Answer one line of JSON by another until the other side closes."""
    shell = Shell(folder)
    for line in requests:
        request = json.loads(line)
        if "setup" in request:
            cells = [shell.run(name, source) for name, source in request["setup"]]
        else:
            cells = _forked(shell, request, folder)
        replies.write(json.dumps({"cells": cells, "threads": _threads()}) + "\n")
        replies.flush()


def _threads() -> int:
    """
    Count the threads of this process, those of C libraries too; 1 where the system does not tell.

    One that is ending is waited for: matplotlib's first import, say, starts a timer and cancels it again.
    """
    deadline = time.monotonic() + ENDING_SECONDS
    while (count := _threads_now()) > 1 and time.monotonic() < deadline:
        time.sleep(0.001)  # the other thread needs the interpreter to end
    return count


def _threads_now() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names alone are wanted
    except OSError:
        return 1


def _forked(shell: Shell, request: Mapping[str, Any], home: str) -> list[dict[str, Any]]:
    """Run the cells in a fork; a cell that is cut short is reported with its limit, later ones not at all."""
    cells, seconds = request["cells"], request["seconds"]
    # what a process that was only now killed may still write goes with the worker's folder
    with tempfile.TemporaryDirectory(prefix="course-candidate-", dir=home, ignore_cleanup_errors=True) as folder:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _candidate(shell, request, writer, folder)
        with contextlib.suppress(ProcessLookupError):  # it may have done so itself, and have ended
            os.setpgid(child, child)
        os.close(writer)
        started = time.monotonic()
        try:
            done = [json.loads(line) for line in _lines(reader, child, started + seconds)]
            late = time.monotonic() - started >= seconds
        finally:
            os.close(reader)
            with contextlib.suppress(ProcessLookupError, PermissionError):  # some systems say so of the dead
                os.killpg(child, signal.SIGKILL)  # with what it has started
            _, status, usage = os.wait4(child, 0)
    finished = bool(done) and "finished" in done[-1]
    runs = [run for run in done if "finished" not in run]
    if not finished and len(runs) < len(cells):
        timed = late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
        runs.append(
            {
                "name": cells[len(runs)][0],
                "limit": "time" if timed else "killed",
                "wall_seconds": time.monotonic() - started,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
            }
        )
    return runs


def _candidate(shell: Shell, request: Mapping[str, Any], writer: int, folder: str) -> None:
    """Run the cells in the child, one line of JSON each, and end the process without any clean-up."""
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.chdir(folder)
        Path(".tmp").mkdir()
        tempfile.tempdir = f"{folder}/.tmp"  # what a test leaves goes with the candidate
        if request["cpu_seconds"]:  # some systems measure CPU more coarsely once it has a limit
            resource.setrlimit(resource.RLIMIT_CPU, (request["cpu_seconds"], request["cpu_seconds"] + 1))
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        resource.setrlimit(resource.RLIMIT_AS, (_mapped_bytes(held) + MEMORY_BYTES,) * 2)
        for name, source in request["cells"]:
            run = shell.run(name, source)
            os.write(writer, json.dumps(run).encode() + b"\n")
            if name in request["until"] and run["error_name"]:
                break
        os.write(writer, b'{"finished": true}\n')
    finally:
        os._exit(0)


def _mapped_bytes(fallback: int) -> int:
    """Return the size of the address space, which is what RLIMIT_AS counts."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123 - no pathlib cost in every fork
            return int(stream.read().split()[0]) * resource.getpagesize()
    except OSError:
        return fallback


def _lines(reader: int, child: int, deadline: float) -> Iterator[bytes]:
    """Yield whole lines until the other side closes or time is up."""
    rest = b""
    with _watched(child) as dead:
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([reader, *dead], [], [], left)
            chunk = os.read(reader, 1 << 16) if reader in ready else b""
            if not chunk:  # a process that the child left behind may hold the pipe on
                return
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


@contextlib.contextmanager
def _watched(child: int) -> Iterator[list[int]]:
    """Open what becomes readable when the child dies; nothing where the system has no such thing."""
    with contextlib.ExitStack() as stack:
        opened = []
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # an old kernel
                opened.append(os.pidfd_open(child))
                stack.callback(os.close, opened[0])
        yield opened


def main() -> None:
    """Keep the two streams for the protocol and let the cells print into nothing."""
    folder = sys.argv[1]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    try:
        serve(requests, replies, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
