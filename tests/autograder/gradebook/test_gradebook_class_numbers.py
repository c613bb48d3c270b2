"""The numbers about a class: moved with each attempt, they equal those that are counted anew."""

import dataclasses
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gradebook_cases import SUITE, UNIT, grade, small_settings, source_notebook, submission
from sqlalchemy import select, text

from autograder.gradebook import class_numbers, class_tables, schema
from autograder.gradebook.class_numbers import cluster_of, score_bin
from autograder.gradebook.engine import writing_engine
from autograder.gradebook.writer import Writer
from autograder.model import Refusal

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
OTHER_SUITE = "e" * 64
NUMBERS = ("learner", "unit", "suite", "day", "check", "message", "misconception")
FIRST = Path(__file__).parent / "schema_v1.sql"


def numbers(conn):
    """Read every number; counts that fell to zero are as good as none, and any sample of a message will do."""
    found = {}
    for name in NUMBERS:
        table = getattr(class_tables, f"{name}_numbers")
        rows = [dict(row) for row in conn.execute(select(table)).mappings()]
        kept = [row for row in rows if row.get("learners", 1) != 0]
        found[name] = sorted(
            tuple((key, round(value, 9) if isinstance(value, float) else value) for key, value in sorted(row.items()))
            for row in ({key: value for key, value in row.items() if key != "sample_attempt"} for row in kept)
        )
    return found


def hand_in_at_random(writer, chance, number):
    learner = chance.choice(["ada", "bob", "cy", "dan"])
    if chance.random() < 0.2:
        fault = chance.random() < 0.5
        writer.refuse(Refusal(learner=learner, unit=UNIT, reason="no", received_at=NOW, fault=fault))
        return
    points = (chance.choice([0.0, 2.0]), chance.choice([0.0, 1.0]), chance.choice([0.0, 0.5, 1.5, 2.0]))
    same = chance.choice([number, max(0, number - 4)])  # a regrade now and then
    given = grade(submission(learner, b"%d" % same, hour=same % 24), earned=points)
    writer.record(dataclasses.replace(given, suite_digest=writer.suite))


@pytest.mark.parametrize("seed", range(4))
def test_numbers_that_moved_equal_numbers_counted_anew(tmp_path, seed):
    """Thirty attempts of four learners, under two suites, graded, refused and faulty."""
    chance = random.Random(seed)
    with Writer(small_settings(tmp_path, pass_share=0.5), clock=lambda: NOW) as writer:
        for suite, numbered in ((SUITE, range(20)), (OTHER_SUITE, range(20, 30))):
            writer.save_unit(UNIT, source_notebook(), suite)
            writer.suite = suite
            for number in numbered:
                hand_in_at_random(writer, chance, number)
        with writer.engine.begin() as conn:
            moved = numbers(conn)
            class_numbers.rebuild(conn)
            assert moved == numbers(conn)
    assert all(moved.values())


def test_a_learner_counts_once_by_the_latest_attempt(tmp_path):
    """The first attempt leaves the histogram, the messages and the analysis when the second one comes."""
    with Writer(small_settings(tmp_path)) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.record(grade(submission(data=b"1"), earned=(0.0, 0.0, 0.0)))
        writer.record(grade(submission(data=b"2"), earned=(2.0, 1.0, 2.0)))
        with writer.engine.connect() as conn:
            checks = conn.execute(select(class_tables.check_numbers)).mappings().all()
            messages = conn.execute(select(class_tables.message_numbers.c.learners)).scalars().all()

    assert [(row["learners"], row["not_passed"], row["earned"]) for row in checks] == [(1, 0, 2), (1, 0, 1), (1, 0, 2)]
    assert set(messages) == {0}


@pytest.mark.parametrize(
    ("score", "max_score", "expected"),
    [
        (0.0, 10.0, 0),
        (0.49, 10.0, 0),
        (0.5, 10.0, 1),
        (0.3 * 3, 0.9, 19),
        (8.0, 10.0, 16),
        (12.0, 10.0, 19),
        (1, 0, None),
    ],
)
def test_a_score_lies_in_one_twentieth(score, max_score, expected):
    """Full marks and more lie in the last bin; a unit without points in none."""
    assert score_bin(score, max_score) == expected


def test_a_cluster_is_named_by_outcome_and_masked_message():
    """The same words after another outcome are another trouble."""
    assert len({cluster_of("wrong", "got #"), cluster_of("error", "got #"), cluster_of("wrong", "got '...'")}) == 3


def test_a_gradebook_of_version_1_gets_its_numbers(tmp_path):
    """The migration counts what an older program recorded, as the writer of today would have."""
    settings = small_settings(tmp_path, pass_share=0.5)
    chance = random.Random(7)
    with Writer(settings, clock=lambda: NOW) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        writer.suite = SUITE
        for number in range(12):
            hand_in_at_random(writer, chance, number)
        with writer.engine.connect() as conn:
            expected = numbers(conn)
            bins = conn.execute(text("SELECT learner, score_bin, graded_suite FROM course_standings")).all()
    older = into_version_1(writer.engine, tmp_path / "older.db")
    with older.begin() as conn:
        assert schema.migrate(conn) == [2, 3]
        assert numbers(conn) == expected
        assert conn.execute(text("SELECT learner, score_bin, graded_suite FROM course_standings")).all() == bins
        tables = conn.execute(text("SELECT name FROM sqlite_master WHERE tbl_name LIKE 'course_%'")).scalars().all()
    older.dispose()
    with writer.engine.connect() as conn:
        assert sorted(tables) == sorted(
            conn.execute(text("SELECT name FROM sqlite_master WHERE tbl_name LIKE 'course_%'")).scalars().all()
        )


def into_version_1(engine, path):
    """Copy what version 1 knew into a database of that version."""
    made = writing_engine(f"sqlite:///{path}")
    with engine.connect() as old, made.begin() as conn:
        for statement in FIRST.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(text(statement))
        conn.execute(text("INSERT INTO course_schema (version) VALUES (1)"))
        for table in ("course_suites", "course_attempts", "course_check_results", "course_standings"):
            columns = [row[1] for row in conn.execute(text(f"PRAGMA table_info({table})"))]
            listed = ", ".join(columns)
            rows = [dict(row) for row in old.execute(text(f"SELECT {listed} FROM {table}")).mappings()]
            slots = ", ".join(f":{name}" for name in columns)
            conn.execute(text(f"INSERT INTO {table} ({listed}) VALUES ({slots})"), rows)
    return made
