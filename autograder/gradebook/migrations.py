"""
The steps that lead our tables from one version to the next, each inside the caller's transaction.

A step speaks plain SQL about what was there and takes from today's definitions only what did not exist before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Table, bindparam, select, text

from autograder.gradebook import class_numbers, tables
from autograder.gradebook.class_tables import metadata

Migration = Callable[[Connection], None]


def numbers_of_a_class(conn: Connection) -> None:
    """Lead to version 2: numbers about a class are kept beside the attempts, and runs say more."""
    for statement in (
        "ALTER TABLE course_runs ADD COLUMN unchanged INTEGER DEFAULT 0 NOT NULL",
        "ALTER TABLE course_runs ADD COLUMN whole BOOLEAN DEFAULT true NOT NULL",
        "ALTER TABLE course_runs ADD COLUMN message TEXT DEFAULT '' NOT NULL",
        "ALTER TABLE course_check_results ADD COLUMN cluster VARCHAR(16) DEFAULT '' NOT NULL",
        "ALTER TABLE course_standings ADD COLUMN graded_suite VARCHAR(64)",
        "ALTER TABLE course_standings ADD COLUMN score_bin INTEGER",
        "DROP INDEX course_standings_by_attempt",
        "DROP INDEX course_standings_by_unit",
        "UPDATE course_standings SET graded_suite = (SELECT suite_digest FROM course_attempts "
        "WHERE course_attempts.id = course_standings.graded_attempt)",
    ):
        conn.execute(text(statement))
    metadata.create_all(conn)  # the new tables; it leaves the others alone
    for table in (tables.runs, tables.attempts, tables.standings):
        _create_indexes(conn, table)
    _fill_clusters(conn)
    _fill_bins(conn)
    class_numbers.rebuild(conn)


def lists_by_index(conn: Connection) -> None:
    """Lead to version 3: every order of the long lists is an index's, which also holds what the filters look at."""
    for name in ("by_unit", "by_time", "by_moment", "by_state"):
        conn.execute(text(f"DROP INDEX IF EXISTS course_standings_{name}"))
    for table in (tables.standings, tables.attempts):
        _create_indexes(conn, table)


def _create_indexes(conn: Connection, table: Table) -> None:
    for index in table.indexes:
        index.create(conn, checkfirst=True)


def _fill_clusters(conn: Connection) -> None:
    row = tables.check_results.c
    missed = row.earned < row.points
    met = conn.execute(select(row.outcome, row.masked_message).where(missed).distinct()).all()
    update = (
        tables.check_results.update()
        .where(missed, row.outcome == bindparam("of_outcome"), row.masked_message == bindparam("of_message"))
        .values(cluster=bindparam("named"))
    )
    rows = [
        {"of_outcome": outcome, "of_message": message, "named": class_numbers.cluster_of(outcome, message)}
        for outcome, message in met
    ]
    if rows:
        conn.execute(update, rows)


def _fill_bins(conn: Connection) -> None:
    row = tables.standings.c
    scored = conn.execute(select(row.score, row.max_score).where(row.graded_attempt.is_not(None)).distinct()).all()
    update = (
        tables.standings.update()
        .where(row.graded_attempt.is_not(None))
        .where(row.score == bindparam("of_score"), row.max_score == bindparam("of_max"))
        .values(score_bin=bindparam("found"))
    )
    rows = [{"of_score": score, "of_max": top, "found": class_numbers.score_bin(score, top)} for score, top in scored]
    if rows:
        conn.execute(update, rows)


MIGRATIONS: Mapping[int, Migration] = {2: numbers_of_a_class, 3: lists_by_index}  # version -> the step that leads to it
