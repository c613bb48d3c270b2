"""
Grading runs as they are now: a run whose lease ended or whose process is gone is interrupted, whatever its row says.

Works on a connection of the caller's and changes nothing; the next start marks what was interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, func, or_, select

from autograder.gradebook import runs as leases
from autograder.gradebook.class_lists import submission_row, submission_rows
from autograder.gradebook.class_rows import PAGE_SIZE, RunState
from autograder.gradebook.listing import counted, name_of, page_of, sliced
from autograder.gradebook.nbgrader_tables import student
from autograder.gradebook.queries import RunView
from autograder.gradebook.tables import attempts, runs, standings
from autograder.gradebook.work_rows import RunPage, RunProblem, RunsPage


def run_state(row: RowMapping, now: datetime) -> RunState:
    """Judge a run by its lease and its process."""
    run = RunView(**{name: row[name] for name in RunView.__dataclass_fields__})
    phase = run.state
    if phase in {leases.STARTING, leases.RUNNING}:
        if not leases.alive(run.holder, run.lease_until, now):
            phase = "interrupted"
        elif run.cancel_requested:
            phase = "cancelling"
    looked_at = run.done + run.refused + run.faults + run.unchanged
    end = run.finished_at or now
    seconds = max(0.0, (end - run.started_at).total_seconds())
    left = None
    if phase == "running" and looked_at:
        left = seconds / looked_at * max(0, run.total - looked_at)
    return RunState(run=run, phase=phase, looked_at=looked_at, seconds=seconds, seconds_left=left)


def one_run(conn: Connection, run: int, now: datetime) -> RunState | None:
    """Tell one run; None if there is none."""
    row = conn.execute(select(runs).where(runs.c.id == run)).mappings().one_or_none()
    return None if row is None else run_state(row, now)


def latest_runs(conn: Connection, units: Sequence[str], now: datetime) -> tuple[RunState, ...]:
    """Tell the latest run of each unit that had one, in the order of *units*."""
    newest = select(func.max(runs.c.id)).group_by(runs.c.unit)
    found = {row["unit"]: row for row in conn.execute(select(runs).where(runs.c.id.in_(newest))).mappings()}
    return tuple(run_state(found[unit], now) for unit in units if unit in found)


def run_list(conn: Connection, *, page: int, now: datetime) -> RunsPage:
    """Tell all runs, the newest first, and what is in quarantine."""
    query = select(runs)
    where = page_of(page, conn.execute(select(func.count()).select_from(runs)).scalar_one())
    rows = conn.execute(sliced(query.order_by(runs.c.id.desc()), where)).mappings()
    faulty = submission_rows().where(standings.c.state == "fault")
    quarantine = conn.execute(faulty.order_by(standings.c.submitted_at).limit(PAGE_SIZE)).mappings()
    held = select(func.count()).select_from(standings).where(standings.c.state == "fault")
    return RunsPage(
        runs=tuple(run_state(row, now) for row in rows),
        page=where,
        quarantine=tuple(submission_row(row) for row in quarantine),
        quarantined=conn.execute(held).scalar_one(),
    )


def run_page(conn: Connection, run: int, *, page: int, now: datetime) -> RunPage | None:
    """Tell one run with all that it could not grade, or found refused and unchanged; None if there is none."""
    state = one_run(conn, run, now)
    if state is None:
        return None
    row = attempts.c
    query = (
        select(row.id, row.learner, row.state, row.reason, row.run, standings.c.graded_attempt)
        .add_columns(student.c.first_name, student.c.last_name)
        .join(standings, and_(standings.c.learner == row.learner, standings.c.unit == row.unit))
        .outerjoin(student, student.c.id == row.learner)
        .where(row.unit == state.run.unit, row.state.in_(("refused", "fault")))
        .where(or_(row.run == run, and_(*_refused_before(state))) if _knows_unchanged(state) else row.run == run)
    )
    where = page_of(page, counted(conn, query))
    found = conn.execute(sliced(query.order_by(row.id), where)).mappings()
    return RunPage(state=state, problems=tuple(_problem(each, run) for each in found), page=where)


def _knows_unchanged(state: RunState) -> bool:
    """Say whether all that is in the gradebook was looked at: else what was found unchanged has no names."""
    return state.phase == "done" and state.run.whole and state.run.unchanged > 0


def _refused_before(state: RunState) -> tuple[ColumnElement[bool], ...]:
    """Find what stood as refused before the run, and still did at its end."""
    row, later = attempts.c, attempts.alias().c
    newer = exists().where(later.learner == row.learner, later.unit == row.unit, later.id > row.id)
    by_the_end = later.graded_at <= state.run.finished_at
    return row.state == "refused", row.graded_at < state.run.started_at, ~newer.where(by_the_end)


def _problem(row: Any, run: int) -> RunProblem:
    return RunProblem(
        learner=row["learner"],
        name=name_of(row["learner"], row["first_name"], row["last_name"]),
        attempt=row["id"],
        state=row["state"],
        reason=row["reason"],
        resolved=row["graded_attempt"] is not None and row["graded_attempt"] > row["id"],
        before=row["run"] != run,
    )
