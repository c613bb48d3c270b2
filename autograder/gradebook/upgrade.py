"""Lead a gradebook of an older version to this one without grading anything: for a program that was updated."""

from __future__ import annotations

from autograder.gradebook import schema
from autograder.gradebook.desk import Desk
from autograder.gradebook.engine import database_file, reading_engine
from autograder.settings import Settings


def is_there(settings: Settings) -> bool:
    """Say whether there is a gradebook; a server's database always is."""
    file = database_file(settings.db_url)
    return file is None or file.is_file()


def upgrade(settings: Settings) -> bool:
    """
    Migrate our tables if there are any and they are older.

    Returns:
        False if there was nothing to do.

    Raises:
        PlatformError: If the gradebook is newer than this program, or cannot be written.
    """
    if not is_there(settings):
        return False
    with reading_engine(settings.db_url).connect() as conn:
        version = schema.version_of(conn)
    if version in (0, schema.SCHEMA_VERSION):
        return False
    with Desk(settings):  # opening it migrates
        return True
