"""
Bring our tables to the version that this code knows. Never touches nbgrader's tables, nor alembic's.

A new database gets the newest tables at once; an older one is led there step by step, in the caller's transaction:
either every step is done or none.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, select

from autograder.errors import PlatformError
from autograder.gradebook import class_tables, tables
from autograder.gradebook.migrations import MIGRATIONS, Migration

SCHEMA_VERSION = 3


def version_of(conn: Connection) -> int:
    """Read the version of our tables; 0 if there are none."""
    if not inspect(conn).has_table(tables.schema.name):
        return 0
    return int(conn.execute(select(tables.schema.c.version)).scalar_one())


def migrate(
    conn: Connection, *, version: int = SCHEMA_VERSION, migrations: Mapping[int, Migration] = MIGRATIONS
) -> list[int]:
    """
    Create our tables or lead them to *version*, inside the caller's transaction.

    Returns:
        The versions that were reached, in order; nothing if there was nothing to do.

    Raises:
        PlatformError: If the database is newer than this code.
    """
    found = version_of(conn)
    if found == 0:
        class_tables.metadata.create_all(conn)  # theirs and those of `tables`: one metadata
        conn.execute(tables.schema.insert().values(version=version))
        return [version]
    if found > version:
        raise PlatformError(
            f"{conn.engine.url!r}: the gradebook has version {found}, this program knows {version}; update the program"
        )
    reached = list(range(found + 1, version + 1))
    for step in reached:
        migrations[step](conn)
        conn.execute(tables.schema.update().values(version=step))
    return reached
