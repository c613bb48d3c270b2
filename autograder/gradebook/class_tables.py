"""
Numbers about a class, kept beside the attempts and changed in the same transactions. Plain definitions, no query.

Each can be made anew from attempts, check results and standings: `class_numbers.rebuild` does, and tests compare.
The queue and the marks for a regrade stand here too: what is still to be done for a class.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Index, Integer, String, Table, Text

from autograder.gradebook.tables import UtcDateTime
from autograder.gradebook.tables import metadata as metadata  # theirs and these

learner_numbers = Table(  # one row for everybody who ever handed something in
    "course_learner_numbers",
    metadata,
    Column("learner", String(128), primary_key=True),
    Column("handed_in", Integer, nullable=False),  # units
    Column("passed", Integer, nullable=False),  # units
    Column("attempts", Integer, nullable=False),
    Column("stuck", Integer, nullable=False),  # units tried often and not passed
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("last_submitted_at", UtcDateTime, nullable=False),
    Index("course_learner_numbers_by_passed", "passed"),
    Index("course_learner_numbers_by_time", "last_submitted_at"),
)

unit_numbers = Table(
    "course_unit_numbers",
    metadata,
    Column("unit", String(128), primary_key=True),
    Column("learners", Integer, nullable=False),
    Column("graded", Integer, nullable=False),  # by the latest attempt, as the next two
    Column("refused", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("passed", Integer, nullable=False),  # ever
    Column("attempts", Integer, nullable=False),
    Column("scored", Integer, nullable=False),  # learners with any graded attempt
    Column("share_sum", Float, nullable=False),  # of their shares of the points
)

suite_numbers = Table(  # learners by the tests of their latest graded attempt
    "course_suite_numbers",
    metadata,
    Column("unit", String(128), primary_key=True),
    Column("suite", String(64), primary_key=True),
    Column("learners", Integer, nullable=False),
)

day_numbers = Table(
    "course_day_numbers",
    metadata,
    Column("day", Date, primary_key=True),  # UTC
    Column("submissions", Integer, nullable=False),
)

check_numbers = Table(  # sums over the latest graded attempts, from which difficulty and correlation follow
    "course_check_numbers",
    metadata,
    Column("unit", String(128), primary_key=True),
    Column("suite", String(64), primary_key=True),
    Column("check_name", String(128), primary_key=True),
    Column("exercise", String(128), nullable=False),
    Column("position", Integer, nullable=False),
    Column("points", Float, nullable=False),
    Column("learners", Integer, nullable=False),
    Column("not_passed", Integer, nullable=False),
    Column("not_attempted", Integer, nullable=False),
    Column("earned", Float, nullable=False),
    Column("earned_squares", Float, nullable=False),
    Column("rest", Float, nullable=False),  # points of the attempt's other checks
    Column("rest_squares", Float, nullable=False),
    Column("products", Float, nullable=False),  # earned times rest
)

message_numbers = Table(  # learners by check and masked message
    "course_message_numbers",
    metadata,
    Column("unit", String(128), primary_key=True),
    Column("suite", String(64), primary_key=True),
    Column("check_name", String(128), primary_key=True),
    Column("cluster", String(16), primary_key=True),
    Column("outcome", String(32), nullable=False),
    Column("masked_message", Text, nullable=False),
    Column("misconception", String(128)),
    Column("sample_attempt", Integer, nullable=False),  # one that met it; it need not be its learner's latest any more
    Column("learners", Integer, nullable=False),
    Index("course_message_numbers_by_size", "unit", "suite", "learners"),
)

misconception_numbers = Table(
    "course_misconception_numbers",
    metadata,
    Column("unit", String(128), primary_key=True),
    Column("suite", String(64), primary_key=True),
    Column("misconception", String(128), primary_key=True),
    Column("exercise", String(128), nullable=False),
    Column("learners", Integer, nullable=False),
)

queue = Table(  # handed in, and nobody has looked at it yet; as seen at the last look
    "course_queue",
    metadata,
    Column("learner", String(128), primary_key=True),
    Column("unit", String(128), primary_key=True),
    Column("handed_in_at", UtcDateTime, nullable=False),
    Index("course_queue_by_unit", "unit", "handed_in_at"),
)

looks = Table(  # one row: when the folder of submissions was last looked into
    "course_looks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
)

regrades = Table(  # to be graded again by the next run, whatever the table of attempts could answer
    "course_regrades",
    metadata,
    Column("learner", String(128), primary_key=True),
    Column("unit", String(128), primary_key=True),
    Column("actor", String(128), nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Index("course_regrades_by_unit", "unit"),
)
