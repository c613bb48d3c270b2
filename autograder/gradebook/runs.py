"""
Grading runs and their leases: one run a unit at a time, counted as it goes, resumable when its process is gone.

Works inside the caller's transaction. A lease ends by its time, or at once when its process on this machine is dead.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

import psutil
from sqlalchemy import Connection, RowMapping, select

from autograder.errors import LeaseHeldError, PlatformError
from autograder.gradebook.tables import runs

LEASE = timedelta(seconds=120)  # longer than any submission may take; renewed with each
RUNNING = "running"
ENDINGS = ("done", "cancelled", "stopped")


def holder_name() -> str:
    """Name this process so that nobody takes another with the same number for it."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{psutil.Process(pid).create_time():.2f}"


def start(conn: Connection, unit: str, *, actor: str, total: int, now: datetime) -> int:
    """
    Begin a run and take the unit's lease; runs whose process is gone are marked abandoned.

    Raises:
        LeaseHeldError: If another process grades the unit; says who and until when.
    """
    running = conn.execute(select(runs).where(runs.c.unit == unit, runs.c.state == RUNNING)).mappings().all()
    for other in running:
        if _alive(other, now):
            raise LeaseHeldError(
                f"unit {unit}: run {other['id']} of {other['actor']} ({other['holder']}) is grading it "
                f"until {other['lease_until']:%Y-%m-%d %H:%M:%S} UTC; wait for it or cancel it"
            )
        conn.execute(runs.update().where(runs.c.id == other["id"]).values(state="abandoned", finished_at=now))
    values = {"unit": unit, "state": RUNNING, "actor": actor, "started_at": now, "total": total}
    counts = {"done": 0, "refused": 0, "faults": 0, "cancel_requested": False}
    lease = {"holder": holder_name(), "lease_until": now + LEASE}
    insert = runs.insert().values(**values, **counts, **lease).returning(runs.c.id)
    return int(conn.execute(insert).scalar_one())


def renew(conn: Connection, run: int, now: datetime) -> bool:
    """
    Hold the lease for longer.

    Returns:
        True if somebody asked for the run to be cancelled.

    Raises:
        LeaseHeldError: If the lease was lost to another process.
    """
    _update_held(conn, run, {"lease_until": now + LEASE})
    return bool(conn.execute(select(runs.c.cancel_requested).where(runs.c.id == run)).scalar_one())


def count(conn: Connection, run: int, state: str, now: datetime) -> None:
    """Count one attempt, in the attempt's own transaction, and hold the lease for longer."""
    columns = {"graded": runs.c.done, "refused": runs.c.refused, "fault": runs.c.faults}
    column = columns[state]
    _update_held(conn, run, {"lease_until": now + LEASE, column.name: column + 1})


def finish(conn: Connection, run: int, state: str, now: datetime) -> None:
    """End a run and give its lease back."""
    if state not in ENDINGS:
        raise ValueError(f"run {run}: {state!r} is no ending; known are {', '.join(ENDINGS)}")
    _update_held(conn, run, {"state": state, "finished_at": now, "lease_until": now})


def request_cancel(conn: Connection, run: int) -> bool:
    """Ask a run to stop; what it is grading just now is graded by the next run. False if it is not running."""
    asked = runs.update().where(runs.c.id == run, runs.c.state == RUNNING).values(cancel_requested=True)
    return conn.execute(asked).rowcount == 1


def _update_held(conn: Connection, run: int, values: dict[str, object]) -> None:
    held = runs.update().where(runs.c.id == run, runs.c.state == RUNNING, runs.c.holder == holder_name())
    if conn.execute(held.values(values)).rowcount == 1:
        return
    found = conn.execute(select(runs.c.state, runs.c.holder).where(runs.c.id == run)).one_or_none()
    if found is None:
        raise PlatformError(f"run {run} is not in the gradebook; start it first")
    raise LeaseHeldError(f"run {run} is {found.state} and was held by {found.holder}; start the grading again")


def _alive(run: RowMapping, now: datetime) -> bool:
    lease_until: datetime = run["lease_until"]
    if lease_until <= now:
        return False
    host, pid, started = str(run["holder"]).rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == started
    except psutil.NoSuchProcess:
        return False
