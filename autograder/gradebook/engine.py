"""
The two ways to the database: an engine that writes in whole transactions, and one that can only read.

All SQL that only one kind of database understands stands here.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, NullPool, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from autograder.errors import PlatformError, SettingsError

BUSY_MILLISECONDS = 10_000  # how long one writer waits for another before it gives up

WRITER_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def database_file(db_url: str) -> Path | None:
    """
    Name the file of a SQLite database; None for a server's.

    Raises:
        SettingsError: If the address is none.
    """
    try:
        url = make_url(db_url)
    except ArgumentError as error:
        raise SettingsError(f"db_url = {db_url!r} is no address of a database; try sqlite:////FOLDER/FILE") from error
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def writing_engine(db_url: str) -> Engine:
    """
    Make an engine whose transactions hold the write lock from their first statement.

    SQLite's driver would begin a transaction late and on its own; here SQLAlchemy alone begins and ends them.
    """
    engine = _engine(db_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


@functools.lru_cache(maxsize=16)
def reading_engine(db_url: str) -> Engine:
    """
    Return an engine that cannot write, whatever it is asked to do.

    There is one for each database, because an engine remembers the statements that it has compiled. It keeps no
    connection to a file, so that nobody need close it. All that is read on one connection is of one moment.
    """
    file = database_file(db_url)
    if file is None:
        options = {"postgresql_readonly": True}
        return _engine(db_url, isolation_level="REPEATABLE READ", execution_options=options)
    query = {"mode": "ro", "uri": "true"}
    url = URL.create("sqlite", database=f"file:{quote(str(file))}", query=query)
    arguments = {"timeout": BUSY_MILLISECONDS / 1000, "isolation_level": None}
    engine = _engine(url, poolclass=NullPool, connect_args=arguments)
    event.listen(engine, "begin", _begin)
    return engine


def upsert(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, add: Collection[str] = (), keep: bool = False
) -> None:
    """
    Insert rows, or change those whose primary key is there already.

    Args:
        conn: The caller's transaction.
        table: Where to.
        rows: All with the same columns, primary key included.
        add: Columns whose value is added to what stands there; the others are replaced.
        keep: Leave the columns that are not in *add* as they stand.
    """
    if not rows:
        return
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    given = statement.excluded
    changes = {name: table.c[name] + given[name] for name in rows[0] if name in add}
    if not keep:
        changes |= {name: given[name] for name in rows[0] if name not in add and name not in keys}
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)


def _engine(url: str | URL, **options: Any) -> Engine:
    try:
        engine = create_engine(url, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        kind = make_url(url).drivername
        raise SettingsError(f"db_url: {kind} needs a package that is not here ({error}); install it") from error
    event.listen(engine, "handle_error", _refuse_what_is_no_database)
    return engine


def _refuse_what_is_no_database(context: ExceptionContext) -> None:
    """Name the file that no transaction can mend; every other error goes on as it is."""
    error = context.original_exception
    if type(error) is sqlite3.DatabaseError and context.engine is not None:  # exactly: a subclass says something else
        file = unquote(str(context.engine.url.database).removeprefix("file:"))  # as `reading_engine` names it
        raise PlatformError(
            f"{file}: is no gradebook, or a damaged one ({error}); put a copy back, or move it away and grade again"
        ) from error


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    driver: sqlite3.Connection = connection
    driver.isolation_level = None
    cursor = driver.cursor()
    for pragma in WRITER_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")


def _begin_immediate(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")
