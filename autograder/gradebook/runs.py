"""
Grading runs and their leases: one run a unit at a time, counted as it goes, resumable when its process is gone.

Works inside the caller's transaction. A lease ends by its time, or at once when its process on this machine is dead.
"""

from __future__ import annotations

import os
import socket
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, select

from autograder.errors import LeaseHeldError, PlatformError
from autograder.gradebook.class_tables import queue
from autograder.gradebook.tables import runs

LEASE = timedelta(seconds=120)  # longer than any submission may take; renewed with each
TAKE_OVER = timedelta(seconds=60)  # so long may a planned run wait for its process
STARTING = "starting"
RUNNING = "running"
ENDINGS = ("done", "cancelled", "stopped")
STARTED_FIELD = 19  # of /proc/PID/stat behind the name: clock ticks between the machine's start and the process's


def holder_name() -> str:
    """Name this process so that nobody takes another with the same number for it."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def _started(pid: int) -> str:
    """
    Say when a process was started, by a clock that nobody sets: a lease must outlive the correction of the real one.

    Raises:
        psutil.NoSuchProcess: If there is none of this number.
    """
    if sys.platform != "linux":
        return f"{psutil.Process(pid).create_time():.2f}"
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(pid) from None
    return told.rpartition(")")[2].split()[STARTED_FIELD]


def plan(conn: Connection, unit: str, *, actor: str, whole: bool, now: datetime) -> int:
    """
    Note a run that another process will take over soon.

    Raises:
        LeaseHeldError: If another process grades the unit; says who and until when.
    """
    _make_room(conn, unit, now)
    row = _row(unit, STARTING, actor=actor, whole=whole, now=now)
    return int(
        conn.execute(runs.insert().values(row | {"lease_until": now + TAKE_OVER}).returning(runs.c.id)).scalar_one()
    )


def start(conn: Connection, unit: str, *, actor: str, total: int, whole: bool, now: datetime) -> int:
    """
    Begin a run and take the unit's lease; runs whose process is gone are marked abandoned.

    Raises:
        LeaseHeldError: If another process grades the unit; says who and until when.
    """
    _make_room(conn, unit, now)
    row = _row(unit, RUNNING, actor=actor, whole=whole, now=now)
    row |= {"total": total, "holder": holder_name(), "lease_until": now + LEASE}
    return int(conn.execute(runs.insert().values(row).returning(runs.c.id)).scalar_one())


def take_over(conn: Connection, run: int, *, total: int, now: datetime) -> None:
    """
    Begin a run that was planned.

    Raises:
        LeaseHeldError: If it waits no longer: somebody took it over, or gave up on it.
    """
    lease = {"state": RUNNING, "total": total, "holder": holder_name(), "lease_until": now + LEASE}
    waiting = runs.update().where(runs.c.id == run, runs.c.state == STARTING)
    if conn.execute(waiting.values(lease)).rowcount != 1:
        raise LeaseHeldError(f"run {run} does not wait any more; start the grading again")


def _row(unit: str, state: str, *, actor: str, whole: bool, now: datetime) -> dict[str, Any]:
    counts = {"total": 0, "done": 0, "refused": 0, "faults": 0, "unchanged": 0}
    told = {"unit": unit, "state": state, "actor": actor, "whole": whole, "started_at": now, "message": ""}
    return {**told, **counts, "holder": "", "cancel_requested": False}


def _make_room(conn: Connection, unit: str, now: datetime) -> None:
    """Mark runs abandoned whose process is gone; refuse if one is not."""
    query = select(runs).where(runs.c.unit == unit, runs.c.state.in_((STARTING, RUNNING)))
    for other in conn.execute(query).mappings().all():
        if alive(other["holder"], other["lease_until"], now):
            raise LeaseHeldError(
                f"unit {unit}: run {other['id']} of {other['actor']} ({other['holder'] or 'starting'}) is grading it "
                f"until {other['lease_until']:%Y-%m-%d %H:%M:%S} UTC; wait for it or cancel it"
            )
        conn.execute(runs.update().where(runs.c.id == other["id"]).values(state="abandoned", finished_at=now))


def renew(conn: Connection, run: int, now: datetime, *, unchanged: int) -> bool:
    """
    Hold the lease for longer, and note how many submissions were in the gradebook already.

    Returns:
        True if somebody asked for the run to be cancelled.

    Raises:
        LeaseHeldError: If the lease was lost to another process.
    """
    _update_held(conn, run, {"lease_until": now + LEASE, "unchanged": unchanged})
    return bool(conn.execute(select(runs.c.cancel_requested).where(runs.c.id == run)).scalar_one())


def count(conn: Connection, run: int, state: str, now: datetime) -> None:
    """Count one attempt, in the attempt's own transaction, and hold the lease for longer."""
    columns = {"graded": runs.c.done, "refused": runs.c.refused, "fault": runs.c.faults}
    column = columns[state]
    _update_held(conn, run, {"lease_until": now + LEASE, column.name: column + 1})


def finish(conn: Connection, run: int, state: str, now: datetime, *, unchanged: int, message: str) -> None:
    """End a run and give its lease back; a whole run that is done has looked at all that waited at its start."""
    if state not in ENDINGS:
        raise ValueError(f"run {run}: {state!r} is no ending; known are {', '.join(ENDINGS)}")
    ending = {"state": state, "finished_at": now, "lease_until": now, "unchanged": unchanged, "message": message}
    _update_held(conn, run, ending)
    found = conn.execute(select(runs.c.unit, runs.c.whole, runs.c.started_at).where(runs.c.id == run)).one()
    if state == "done" and found.whole:
        seen = (queue.c.unit == found.unit, queue.c.handed_in_at <= found.started_at)
        conn.execute(queue.delete().where(*seen))


def give_up(conn: Connection, run: int, message: str, now: datetime) -> None:
    """End a planned run whose process could not begin."""
    waiting = runs.update().where(runs.c.id == run, runs.c.state == STARTING)
    conn.execute(waiting.values(state="stopped", finished_at=now, lease_until=now, message=message))


def request_cancel(conn: Connection, run: int, now: datetime) -> bool:
    """
    Ask a run to stop; one that has no process yet ends at once, one whose process is gone is abandoned.

    Returns:
        False if it was over already.
    """
    row = conn.execute(select(runs).where(runs.c.id == run)).mappings().one_or_none()
    if row is None or row["state"] not in (STARTING, RUNNING):
        return False
    if not alive(row["holder"], row["lease_until"], now):
        values: dict[str, Any] = {"state": "abandoned", "finished_at": now}
    elif row["state"] == STARTING:
        values = {"state": "cancelled", "finished_at": now, "lease_until": now}
    else:
        values = {}
    conn.execute(runs.update().where(runs.c.id == run).values(values | {"cancel_requested": True}))
    return True


def _update_held(conn: Connection, run: int, values: dict[str, object]) -> None:
    held = runs.update().where(runs.c.id == run, runs.c.state == RUNNING, runs.c.holder == holder_name())
    if conn.execute(held.values(values)).rowcount == 1:
        return
    found = conn.execute(select(runs.c.state, runs.c.holder).where(runs.c.id == run)).one_or_none()
    if found is None:
        raise PlatformError(f"run {run} is not in the gradebook; start it first")
    raise LeaseHeldError(f"run {run} is {found.state} and was held by {found.holder}; start the grading again")


def alive(holder: str, lease_until: datetime, now: datetime) -> bool:
    """Say whether the process that holds a lease still works on it, as far as this machine can tell."""
    if lease_until <= now:
        return False
    if not holder:  # nobody took it over yet
        return True
    host, pid, started = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        return psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE and _started(int(pid)) == started
    except psutil.NoSuchProcess:
        return False
