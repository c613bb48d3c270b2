"""Time remote calls between two processes: a scalar, a method, a callback, and a frame of 10,000 x 10."""

from __future__ import annotations

import os
import socket
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from autograder.protocol.cells import CellReport
from autograder.protocol.records import Registry
from autograder.protocol.session import Session
from autograder.protocol.worker import serve

ROWS = 10_000
ANSWER = """
def add(a, b): return a + b
def copied(frame): return frame.copy()
def changed(frame): frame["n0"] += 1
def call(function, n):
    for i in range(n): function(i)
class Model:
    def predict(self, x): return x
model = Model()
"""


class PlainShell:
    """Runs cells with exec."""

    def __init__(self) -> None:
        self.namespace: dict[str, object] = {"__name__": "__main__"}

    def execute(self, name: str, source: str) -> CellReport:
        """Run one cell."""
        exec(compile(source, name, "exec"), self.namespace)
        return CellReport(name=name)


def start(registry: Registry) -> tuple[Session, int]:
    """Fork a learner's process."""
    mine, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        mine.close()
        serve(theirs, PlainShell(), registry)
        os._exit(0)
    theirs.close()
    return Session(mine, registry), pid


def flights() -> pd.DataFrame:
    """Make a frame with one tz-aware, one string and one categorical column."""
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({f"n{number}": draw.random(ROWS) for number in range(7)})
    frame["time"] = pd.date_range("2013-01-01", periods=ROWS, freq="min", tz="America/New_York")
    frame["text"] = draw.choice(["JFK", "LaGuardia", "Zürich"], ROWS)
    frame["kind"] = pd.Categorical(draw.choice(["UA", "AA", "DL"], ROWS))
    return frame


def cpu_seconds(act: Callable[[], object], times: int, pid: int) -> float:
    """Return the CPU time of both processes for one *act*: what a loaded machine leaves of the figure."""
    began = time.process_time() + _cpu_of(pid)
    for _ in range(times):
        act()
    return (time.process_time() + _cpu_of(pid) - began) / times


def _cpu_of(pid: int) -> float:
    return time.clock_gettime(
        ~pid << 3 | 2
    )  # the kernel's clock of another process, as clock_getcpuclockid(3) makes it


def median_seconds(act: Callable[[], object], times: int) -> tuple[float, float]:
    """Return median and best time of *act*."""
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken), min(taken)


def main() -> None:
    """Print a table and one line per goal."""
    session, pid = start(Registry.of())
    session.execute("answer", ANSWER)
    names = session.bind(["add", "copied", "changed", "call", "model"])
    frame, scratch = flights(), flights()
    pd.testing.assert_frame_equal(names["copied"](frame), frame)
    rows = {
        "remote call, scalar": median_seconds(lambda: names["add"](1, 2), 5_000),
        "method of a handle": median_seconds(lambda: names["model"].predict(1), 2_000),
        "100 reverse calls": median_seconds(lambda: names["call"](lambda _: None, 100), 50),
        "frame round trip": median_seconds(lambda: names["copied"](frame), 200),
        "frame changed in place": median_seconds(lambda: names["changed"](scratch), 100),
    }
    cpu = {
        "remote call, scalar": cpu_seconds(lambda: names["add"](1, 2), 2_000, pid),
        "frame round trip": cpu_seconds(lambda: names["copied"](frame), 50, pid),
    }
    session.close()
    os.waitpid(pid, 0)
    print(f"{'what':26}{'median us':>12}{'best us':>12}{'CPU us':>12}")
    for name, (median, best) in rows.items():
        spent = f"{cpu[name] * 1e6:12.1f}" if name in cpu else ""
        print(f"{name:26}{median * 1e6:12.1f}{best * 1e6:12.1f}{spent}")
    goal("remote_call_scalar", rows["remote call, scalar"][0] * 1e6, 100, "us")
    goal("remote_frame_round_trip", rows["frame round trip"][0] * 1e3, 5, "ms")


def goal(name: str, value: float, wanted: float, unit: str) -> None:
    """Print how a figure compares with its goal."""
    print(f"goal {name}: {value:.1f} {unit} (wanted <= {wanted} {unit}) {'met' if value <= wanted else 'short'}")


if __name__ == "__main__":
    main()
