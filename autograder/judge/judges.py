"""
The outside end of the judges' fork server: start it, wait until it is ready, ask it for one judge a submission.

Decides the environment of judges. Only the set-up cells and the checks of a unit reach the server, no submission.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from autograder.errors import CourseError, PlatformError
from autograder.judge.cells import setup_cells, sort_cells
from autograder.judge.wire import Wire

if TYPE_CHECKING:
    from nbformat import NotebookNode

START_SECONDS = 60.0


class Judges:
    """
    The server of one unit; it makes itself ready while its starter goes on. May be used from several threads.

    Args:
        source: The unit's own notebook, with hidden tests.
        hidden_seed: What hidden inputs are drawn from; only judges know it.
    """

    def __init__(self, source: NotebookNode, *, hidden_seed: str) -> None:
        tests = [[cell.name, cell.source] for cell in sort_cells(source, source) if cell.kind == "test"]
        self._lock = threading.Lock()
        self._home = tempfile.TemporaryDirectory(prefix="course-judges-", ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.judge.server", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=judges_environment(hidden_seed, self._home.name),
                cwd="/",
                start_new_session=True,  # an interrupt at the terminal is the grader's business
            )
        self._control = Wire(ours)
        try:
            self._control.send({"setup": setup_cells(source), "tests": tests})
        except OSError:
            pass  # it is gone already, which `wait` tells
        except BaseException:
            self.close()
            raise

    @property
    def gone(self) -> bool:
        """Whether the server has ended."""
        return self._process.poll() is not None

    def wait(self) -> None:
        """
        Wait until judges can be summoned; called once.

        Raises:
            CourseError: If a set-up cell of the unit raised.
            PlatformError: If the server did not start.
        """
        try:
            told, _ = self._control.receive(timeout=START_SECONDS)
        except (EOFError, OSError) as error:
            told = {"fault": repr(error)}
        if "course_error" in told:
            raise CourseError(told["course_error"])
        if "ready" not in told:
            raise PlatformError(f"the judges' server did not start: {told.get('fault')}")

    def summon(self) -> Wire:
        """
        Fork a judge; return the line to it.

        Raises:
            PlatformError: If the server is gone.
        """
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                self._control.send({"order": "judge"}, [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise PlatformError(f"the judges' server is gone ({error})") from error
        return Wire(ours)

    def close(self) -> None:
        """End the server and every judge."""
        self._process.kill()  # before it can find its line hung up, and complain
        self._process.wait()
        self._control.close()
        self._home.cleanup()


def judges_environment(hidden_seed: str, home: str) -> Mapping[str, str]:
    """Return the whole environment of the judges: one thread, no window, the secret of hidden inputs."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": home,
        "PYTHONHASHSEED": "0",
        "NBGRADER_EXECUTION": "autograde",
        "COURSE_HIDDEN_SEED": hidden_seed,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_NUM_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "MPLBACKEND": "Agg",
    }
