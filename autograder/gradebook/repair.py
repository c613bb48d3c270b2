"""Make `autograded/` agree with the database, which is the truth. Never writes to the database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from autograder.gradebook import stored
from autograder.gradebook.files import AutogradedFolder
from autograder.gradebook.tables import attempts, standings


def repair(conn: Connection, folder: AutogradedFolder) -> list[str]:
    """
    Write anew what is missing, and whatever a process was replacing when it died.

    The caller holds the folder's lock, so that nothing in work is taken for a leftover.

    Returns:
        "learner/unit" of each folder that was written, sorted.
    """
    leftovers = folder.leftovers()
    latest = _latest_graded(conn)
    broken = _missing(folder, latest)
    if leftovers:
        row = attempts.c
        touched = conn.execute(select(row.learner, row.unit).where(row.id.in_(set(leftovers.values()))))
        broken |= {(found.learner, found.unit) for found in touched} & latest.keys()
    for leftover in leftovers:
        folder.discard(leftover)
    for key in sorted(broken):
        files = stored.autograded_files(conn, latest[key])
        folder.place(folder.stage(latest[key], files), files)
    return ["/".join(key) for key in sorted(broken)]


def _latest_graded(conn: Connection) -> dict[tuple[str, str], int]:
    row = standings.c
    query = select(row.learner, row.unit, row.graded_attempt).where(row.graded_attempt.is_not(None))
    return {(found.learner, found.unit): found.graded_attempt for found in conn.execute(query)}


def _missing(folder: AutogradedFolder, latest: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    present = {learner: folder.units_present(learner) for learner in {learner for learner, _ in latest}}
    return {(learner, unit) for learner, unit in latest if unit not in present[learner]}
