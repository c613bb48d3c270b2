"""
Measure the sandbox as grading uses it: start of a warm server, a confined job cold and forked ahead, jobs a second, and
the memory that one job adds. Prints a table and one line for each goal; decides nothing.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.protocol.records import Registry
from autograder.protocol.session import Session
from autograder.sandbox import modes
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.keeper import Job, Keeper

WORKER = "autograder.sandbox.inside.worker"
UNIT = {
    "cells": [["setup-imports", "import numpy as np\nimport pandas as pd\nfrom exercises import Drift, log_losses"]]
}
CELL = """
def busy_hours(frame):
    counts = frame.groupby("hour", sort=True)["late"].agg(["mean", "count"])
    return counts[counts["count"] > 1]

frame = pd.DataFrame({"hour": [1, 1, 2, 3, 3], "late": [0, 1, 1, 0, 0]})
busy_hours(frame)
"""
GOALS = (  # name, unit, wanted at most
    ("server start", "s", 1.7),
    ("job cold, end to end", "ms", 16.0),
    ("job forked ahead", "ms", 3.0),
    ("memory of a job over the server's", "MiB", 60.0),
)


def median_ms(act: Callable[[], Any], repeat: int) -> float:
    """Return the median time of *act* in milliseconds."""
    times = []
    for _ in range(repeat):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times)


def start(mode: str, spares: int) -> tuple[Keeper, float]:
    """Start a warm server of a unit; return it and the seconds that it took."""
    begun = time.perf_counter()
    keeper = Keeper(mode=mode, worker=WORKER, unit=UNIT, limits=Limits(), spares=spares)
    return keeper, time.perf_counter() - begun


def whole_job(keeper: Keeper) -> None:
    """Fork, confine, run an empty cell, end and account."""
    with keeper.job() as job:
        session = Session(job.channel, Registry.of(()))
        session.execute("empty", "pass")
        session.close()


def wait_for_spares(keeper: Keeper, number: int) -> None:
    """Give the server the time to fork ahead that it has between two submissions."""
    while keeper._ready.qsize() < number:
        time.sleep(0.001)


def ahead_ms(keeper: Keeper, spares: int, repeat: int) -> float:
    """Return the median time in which a job that waited is handed out."""
    times = []
    for _ in range(repeat):
        wait_for_spares(keeper, spares)
        begun = time.perf_counter()
        job = keeper.job()
        times.append(time.perf_counter() - begun)
        job.end()
    return 1000 * statistics.median(times)


def cpu_ms(keeper: Keeper, repeat: int) -> float:
    """Return the median processor time of a job that does nothing; a busy machine does not lengthen it much."""
    return 1000 * statistics.median(keeper.job().end().cpu_seconds for _ in range(repeat))


def jobs_per_second(keeper: Keeper, number: int, threads: int) -> float:
    """Return how many whole jobs a second *threads* threads get done together."""

    def work() -> None:
        for _ in range(number // threads):
            whole_job(keeper)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return number / (time.perf_counter() - begun)


def added_mebibytes(keeper: Keeper) -> float:
    """Return the memory that belongs to one job alone after it has worked with frames."""
    with keeper.job() as job:
        session = Session(job.channel, Registry.of(()))
        session.execute("work", CELL)
        private = own_bytes(job)
        session.close()
    return private / (1 << 20)


def own_bytes(job: Job) -> int:
    """Add up the pages that a job shares with nobody: what it adds to the server's."""
    lines = Path(f"/proc/{job.pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))


def measure(mode: str, repeat: int) -> dict[str, float]:
    """Measure one mode."""
    cold, started = start(mode, 0)
    with cold:
        figures = {"server start": started, "job cold, end to end": median_ms(lambda: whole_job(cold), repeat)}
    warm, _ = start(mode, 2)
    with warm:
        figures["job forked ahead"] = ahead_ms(warm, 2, repeat)
        figures["processor time of an empty job"] = cpu_ms(warm, repeat)
        figures["jobs a second"] = jobs_per_second(warm, 4 * repeat, 2)
        figures["memory of a job over the server's"] = added_mebibytes(warm)
    return figures


def main() -> None:
    """Measure every mode that works here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=50, help="jobs for each median")
    repeat = parser.parse_args().repeat
    gc.disable()
    found = {
        offer.mode: measure(offer.mode, repeat) for offer in modes.describe() if offer.works and offer.mode != "M0"
    }
    if not found:
        print("no mode works here; `course doctor` says why")
        return
    names = list(next(iter(found.values())))
    print("times in ms, server start in s, memory in MiB")
    print(f"{'':36}" + "".join(f"{mode:>10}" for mode in found))
    for name in names:
        print(f"{name:36}" + "".join(f"{figures[name]:10.1f}" for figures in found.values()))
    mode, figures = next(iter(found.items()))
    for name, unit, wanted in GOALS:
        verdict = "met" if figures[name] <= wanted else "short"
        print(f"goal {name} ({mode}): {figures[name]:.1f} {unit} (wanted <= {wanted:g} {unit}) {verdict}")


if __name__ == "__main__":
    main()
