"""
Running a rebuilt notebook with nbgrader's own executor: one fresh kernel, one empty folder, one cell after the other.

Decides nothing about points. It observes: outputs, times, memory, and which limit ended a cell. The learner's code
shares the kernel with the test cells here, as in nbgrader itself, so a learner who attacks the tests can win; this
executor is for one's own work and is the oracle that a judge in a process of its own is compared with. It is also the
one place that starts kernels.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute

from autograder.errors import PlatformError
from autograder.judge.evidence import observe
from autograder.judge.executor import Observed
from autograder.model import CellRun, Outcome
from autograder.submission.marks import grade_id, is_grade, is_solution
from autograder.submission.rebuild import OWN_CELL

MAX_OUTPUT_BYTES = 1 << 20  # of one cell, counted as it arrives
MAX_ADDRESS_BYTES = 4 << 30  # of the kernel's process; a larger allocation raises MemoryError there
MAX_CELLS_SECONDS = 10  # times the limit of one cell: real time of all cells together
STARTUP_SECONDS = 60
OUTPUT_SECONDS = 60  # until what a cell showed has followed its reply; on a busy machine it may come late
_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())  # a cell over its limit is a finding, not a line on our terminal
_OUTPUTS = {"stream", "display_data", "execute_result", "error", "update_display_data"}


@dataclass(frozen=True, kw_only=True)
class Stock:
    """nbgrader's own executor; the arguments are those of `run`."""

    cell_seconds: int
    hidden_seed: str
    mode: str = "nbgrader"

    def run(self, notebook: NotebookNode) -> Observed:
        """Run one notebook in a fresh kernel."""
        return run(notebook, cell_seconds=self.cell_seconds, hidden_seed=self.hidden_seed)


def run(notebook: NotebookNode, *, cell_seconds: int, hidden_seed: str) -> Observed:
    """
    Run every code cell of *notebook*; its outputs are written into it.

    Args:
        notebook: From the rebuild: our cells, the learner's answers.
        cell_seconds: Real time after which a cell is interrupted.
        hidden_seed: What hidden inputs are drawn from; empty for the public default.

    Raises:
        PlatformError: If the kernel does not start or cannot be talked to.
        CourseError: If a test cell ends in something else than a plain number.
    """
    with tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True) as folder:
        executor = _Executor(Path(folder), cell_seconds=cell_seconds, hidden_seed=hidden_seed)
        try:
            executor.preprocess(notebook, {"metadata": {"path": str(executor.work)}})
        except (RuntimeError, OSError, psutil.Error) as error:
            raise PlatformError(
                f"the kernel could not run the notebook ({type(error).__name__}: {error}); run `course doctor`"
            ) from error
        finally:
            executor.stop()
    cells = executor.cells
    return Observed(
        notebook=notebook,
        cells=tuple(cells),
        wall_seconds=sum(cell.wall_seconds for cell in cells),
        cpu_seconds=sum(cell.cpu_seconds for cell in cells),
        peak_bytes=max((cell.peak_bytes for cell in cells), default=0),
    )


class _Executor(Execute):
    """nbgrader's executor, with a clean environment, a cap on output, and a record of each cell."""

    def __init__(self, folder: Path, *, cell_seconds: int, hidden_seed: str) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            timeout=cell_seconds,
            startup_timeout=STARTUP_SECONDS,
            iopub_timeout=OUTPUT_SECONDS,
            shutdown_kernel="immediate",
            log=_LOG,
        )
        self.work = folder / "work"
        self.work.mkdir()
        self._home = folder / "home"
        self._home.mkdir()
        self._connection = folder / "kernel.json"
        self._hidden_seed = hidden_seed
        self._cell_seconds = cell_seconds
        self.cells: list[CellRun] = []
        self._learners: dict[int, str] = {}  # the learner's cells by execution count
        self._process: psutil.Process | None = None
        self._ended = False  # the kernel is gone, or does not answer
        self._output_bytes = 0

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Take this interpreter's own kernel, whatever others are installed, and sockets that no port clashes with."""
        self.km = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            transport="ipc",
            connection_file=str(self._connection),
        )
        return self.km

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel in the empty folder and with an environment of our own making."""
        super().start_new_kernel(cwd=str(self.work), env=_environ(self._home, self._hidden_seed), **kwargs)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell and record what was observed."""
        if cell.cell_type != "code":
            return cell, resources
        name = grade_id(cell) or str(cell.id)
        own = cell.metadata.get("course", {}).get("kind") == OWN_CELL
        if sum(run.wall_seconds for run in self.cells) > MAX_CELLS_SECONDS * self._cell_seconds:
            self._ended = True
        if self._ended or not cell.source.strip():
            cell.outputs = []
            self.cells.append(CellRun(name=name, ran=not self._ended))
            return cell, resources
        if own or is_solution(cell):
            self._learners[self.code_cells_executed + 1] = name
        with self._measured() as measured:
            limit = self._execute(cell, resources, index)
        seen = observe(name, cell.outputs, graded=is_grade(cell), learners_cells=self._learners, source=cell.source)
        if limit is None and seen.error_name == "MemoryError":
            limit = Outcome.MEMORY
        self.cells.append(replace(seen, limit=limit, **measured))
        return cell, resources

    def _execute(self, cell: NotebookNode, resources: dict[str, Any], index: int) -> Outcome | None:
        """Run one cell; return the limit that ended it."""
        self._output_bytes = 0
        started = time.monotonic()
        try:
            super().preprocess_cell(cell, resources, index)  # type: ignore[no-untyped-call]
        except DeadKernelError:
            self._ended = True
            return Outcome.KILLED
        except CellTimeoutError:  # interrupted in vain
            self._ended = True
            return Outcome.OUTPUT if self._output_bytes > MAX_OUTPUT_BYTES else Outcome.TIME
        except (KeyError, TypeError, ValueError, AttributeError):  # messages that no honest kernel sends
            self._ended = True
            return Outcome.KILLED
        if self._output_bytes > MAX_OUTPUT_BYTES:
            return Outcome.OUTPUT
        if time.monotonic() - started >= self._cell_seconds and any(
            output.output_type == "error" and output.ename == self.error_on_timeout["ename"] for output in cell.outputs
        ):
            return Outcome.TIME
        return None

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Count output as it arrives; past the cap it is dropped and the cell interrupted."""
        if msg["msg_type"] in _OUTPUTS:
            before = self._output_bytes
            self._output_bytes += _size(msg["content"])
            if self._output_bytes > MAX_OUTPUT_BYTES:
                if before <= MAX_OUTPUT_BYTES and self._process is not None:
                    self._process.send_signal(signal.SIGINT)  # as nbclient's own interrupt
                return None
        return super().process_message(msg, cell, cell_index)

    @contextmanager
    def _measured(self) -> Iterator[dict[str, Any]]:
        """Measure wall, CPU and peak memory of the kernel's process while a cell runs."""
        if self._process is None:
            self._process = psutil.Process(getattr(getattr(self.km, "provisioner", None), "pid", None))
            if hasattr(psutil, "RLIMIT_AS"):  # Linux
                self._process.rlimit(psutil.RLIMIT_AS, (MAX_ADDRESS_BYTES, MAX_ADDRESS_BYTES))
        measured: dict[str, Any] = {}
        _reset_peak(self._process.pid)
        wall, cpu = time.perf_counter(), _cpu_seconds(self._process)
        yield measured
        measured["wall_seconds"] = time.perf_counter() - wall
        measured["cpu_seconds"] = max(0.0, _cpu_seconds(self._process) - cpu)
        measured["peak_bytes"] = _peak_bytes(self._process)

    def stop(self) -> None:
        """End the kernel and every process below it."""
        if self._process is None:
            return
        try:
            family = [*self._process.children(recursive=True), self._process]
        except psutil.NoSuchProcess:
            return
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(family, timeout=5)


def _environ(home: Path, hidden_seed: str) -> dict[str, str]:
    """Make the kernel's environment from nothing, so that no secret of ours is in it."""
    seed = {"COURSE_HIDDEN_SEED": hidden_seed} if hidden_seed else {}
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "HOME": str(home),
        "TMPDIR": str(home),  # what a kernel that is killed leaves there goes with the run
        "IPYTHONDIR": str(home / "ipython"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **seed,
    }


def _size(content: Any) -> int:
    """Count the characters of a message, without building its JSON."""
    waiting, size = [content], 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
        size += len(value) if isinstance(value, str | bytes) else 8
    return size


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


def _reset_peak(pid: int) -> None:
    """Ask Linux to count the peak anew; elsewhere the peak is that of the whole run."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak_bytes(process: psutil.Process) -> int:
    try:
        for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return int(process.memory_info().rss)
    except (OSError, psutil.NoSuchProcess):
        return 0
