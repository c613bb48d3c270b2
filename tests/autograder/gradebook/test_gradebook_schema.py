"""The versions of our tables: created, led forward, never backward."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError
from sqlalchemy.schema import CreateIndex, CreateTable

from autograder.errors import PlatformError
from autograder.gradebook import schema, tables
from autograder.gradebook.engine import writing_engine

SECOND = Path(__file__).parent / "schema_v2.sql"
KEPT = Path(__file__).parent / "schema_v3.sql"  # today's


def as_sql():
    engine = create_engine("sqlite://")
    statements = []
    for table in tables.metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(engine)).strip())
        indexes = sorted(table.indexes, key=lambda each: each.name)
        statements.extend(str(CreateIndex(index).compile(engine)).strip() for index in indexes)
    return ";\n".join(statements).replace("\t", "    ").replace(" \n", "\n") + ";\n"


@pytest.fixture
def engine(tmp_path):
    made = writing_engine(f"sqlite:///{tmp_path / 'gradebook.db'}")
    yield made
    made.dispose()


def made_by(engine, kept, version):
    """Make the tables as an older program did."""
    with engine.begin() as conn:
        for statement in kept.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(text(statement))
        conn.execute(text(f"INSERT INTO course_schema (version) VALUES ({version})"))


def add_a_column(conn):
    conn.execute(text("ALTER TABLE course_contacts ADD COLUMN phone VARCHAR(32)"))


def test_a_new_database_gets_the_newest_tables(engine):
    """All tables at once, and the version beside them."""
    with engine.begin() as conn:
        reached = schema.migrate(conn)

    with engine.connect() as conn:
        assert (reached, schema.version_of(conn)) == ([schema.SCHEMA_VERSION], schema.SCHEMA_VERSION)
    assert set(tables.metadata.tables) <= set(inspect(engine).get_table_names())


def test_migrating_again_changes_nothing(engine):
    """Every start calls it."""
    with engine.begin() as conn:
        schema.migrate(conn)
        assert schema.migrate(conn) == []


def test_the_tables_are_those_of_the_kept_version():
    """A changed table needs a new version with a step that leads to it, and a new kept file."""
    assert as_sql() == KEPT.read_text(encoding="utf-8")


def test_version_2_gets_the_indexes_of_today(engine):
    """Lists of an older gradebook are then as quick as those of a new one."""
    made_by(engine, SECOND, 2)
    with engine.begin() as conn:
        assert schema.migrate(conn) == [3]

    found = {index["name"] for index in inspect(engine).get_indexes("course_standings")}
    assert found == {index.name for index in tables.standings.indexes}


def test_a_step_leads_an_older_database_forward_and_keeps_its_rows(engine):
    """Rows written under one version are there under the next."""
    made_by(engine, KEPT, 3)
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO course_contacts VALUES ('ada', 'pending', 'eve', '2026-01-01 00:00:00', '')"))
    with engine.begin() as conn:
        reached = schema.migrate(conn, version=4, migrations={4: add_a_column})

    with engine.connect() as conn:
        rows = conn.execute(text("SELECT learner, phone FROM course_contacts")).all()
        assert (reached, schema.version_of(conn), rows) == ([4], 4, [("ada", None)])


def test_a_step_that_breaks_leaves_the_database_as_it_was(engine):
    """Two steps, the second breaks: neither is done."""

    def breaks(conn):
        conn.execute(text("DROP TABLE course_awards"))
        raise ArithmeticError

    with engine.begin() as conn:
        schema.migrate(conn)
    with pytest.raises(ArithmeticError), engine.begin() as conn:
        schema.migrate(conn, version=5, migrations={4: add_a_column, 5: breaks})

    with engine.connect() as conn:
        assert schema.version_of(conn) == schema.SCHEMA_VERSION
        assert inspect(conn).has_table("course_awards")
        assert "phone" not in {column["name"] for column in inspect(conn).get_columns("course_contacts")}


def test_a_newer_database_is_not_touched(engine):
    """An older program says that it is older."""
    with engine.begin() as conn:
        schema.migrate(conn)
        conn.execute(tables.schema.update().values(version=99))

    with (
        pytest.raises(PlatformError, match="has version 99, this program knows 3; update the program"),
        engine.begin() as conn,
    ):
        schema.migrate(conn)


def test_the_writing_engine_is_safe_against_a_power_cut(engine):
    """Write-ahead log, a sync at each commit, ten seconds of patience, foreign keys on."""
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    with engine.connect() as conn:
        found = tuple(conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in names)

    assert found == ("wal", 2, 10_000, 1)


def test_a_moment_without_a_zone_is_refused(engine):
    """Nobody could say when it was."""
    with engine.begin() as conn:
        schema.migrate(conn)
    query = select(tables.awards).where(tables.awards.c.earned_at == datetime(2026, 1, 1))

    with pytest.raises(StatementError, match="has no time zone"), engine.connect() as conn:
        conn.execute(query)


def test_the_tables_are_understood_by_a_database_server():
    """No type or index is SQLite's alone."""
    dialect = postgresql.dialect()
    for table in tables.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect)).strip().startswith(f"CREATE TABLE {table.name}")
