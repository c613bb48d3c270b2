"""
Our tables beside nbgrader's, in the same database. Plain definitions: no connection, no query, nothing of nbgrader.

Every name begins with `course_`, so that nbgrader's tables and alembic's own are never touched. Times are stored as
UTC without a zone, as nbgrader does, and come back aware. A change here needs a step in `schema.MIGRATIONS`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
    true,
)

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC without its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone: nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


schema = Table("course_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

suites = Table(  # each version of a unit's tests that was ever saved; one is current, passes count under accepted ones
    "course_suites",
    metadata,
    Column("unit", String(128), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("source_digest", String(64), nullable=False),  # of the whole source notebook
    Column("saved_at", UtcDateTime, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("accepted", Boolean, nullable=False),
)

runs = Table(  # one grading of a class
    "course_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit", String(128), nullable=False),
    Column("state", String(16), nullable=False),  # starting, running, done, cancelled, stopped or abandoned
    Column("actor", String(128), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("holder", String(255), nullable=False),  # host, process id and the process's start
    Column("lease_until", UtcDateTime, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    Column("unchanged", Integer, nullable=False, server_default="0"),  # were in the gradebook already
    Column("whole", Boolean, nullable=False, server_default=true()),  # everybody who handed in, not some learners
    Column("message", Text, nullable=False, server_default=""),  # why it was stopped
    Index("course_runs_by_unit", "unit", "state"),
    Index("course_runs_by_state", "state"),
    sqlite_autoincrement=True,
)

attempts = Table(  # every submission that was ever looked at, in the order of its recording
    "course_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("learner", String(128), nullable=False),
    Column("unit", String(128), nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),  # what counts for lateness
    Column("received_at", UtcDateTime, nullable=False),
    Column("graded_at", UtcDateTime, nullable=False),
    Column("sha256", String(64), nullable=False),  # empty when nothing could be read
    Column("size_bytes", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),  # graded, refused or fault
    Column("reason", Text, nullable=False),
    Column("score", Float, nullable=False),  # earned from the checks
    Column("final_score", Float, nullable=False),  # nbgrader's: overrides and extra credit in, before late penalty
    Column("max_score", Float, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("late_seconds", Float, nullable=False),
    Column("late_penalty", Float, nullable=False),
    Column("outcomes", JSON, nullable=False),  # outcome -> number of checks
    Column("answers", JSON, nullable=False),  # answer cell -> attempted
    Column("repairs", JSON, nullable=False),  # texts for the learner
    Column("cpu_seconds", Float, nullable=False),
    Column("wall_seconds", Float, nullable=False),
    Column("peak_bytes", BigInteger, nullable=False),
    Column("mode", String(32), nullable=False),
    Column("grader_version", String(64), nullable=False),
    Column("suite_digest", String(64), nullable=False),
    Column("run", Integer, ForeignKey("course_runs.id")),
    Column("answered_from", Integer, ForeignKey("course_attempts.id")),  # the attempt that was really graded
    Index("course_attempts_by_learner", "learner", "unit", "id"),
    Index("course_attempts_by_unit", "unit", "state", "id"),
    Index("course_attempts_by_day", "submitted_at"),
    Index("course_attempts_by_notebook", "sha256"),
    Index("course_attempts_by_run", "run", "state", "id"),
    Index(
        "course_attempts_by_hand",
        "id",
        sqlite_where=text("score != final_score"),
        postgresql_where=text("score != final_score"),
    ),
    sqlite_autoincrement=True,
)

attempt_files = Table(  # apart from the attempts, so that lists of attempts never read the notebooks
    "course_attempt_files",
    metadata,
    Column("attempt", Integer, ForeignKey("course_attempts.id"), primary_key=True),
    Column("notebook", LargeBinary, nullable=False),  # zlib, as handed in
    Column("autograded", LargeBinary, nullable=False),  # zlib, sanitised, with outputs; of nothing if not graded
    Column("secret", String(128), nullable=False),  # names the feedback in nbgrader's exchange
)

check_results = Table(
    "course_check_results",
    metadata,
    Column("attempt", Integer, ForeignKey("course_attempts.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("exercise", String(128), nullable=False),
    Column("check_name", String(128), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("earned", Float, nullable=False),
    Column("points", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column("masked_message", Text, nullable=False),
    Column("misconception", String(128)),
    Column("next_step", Text, nullable=False),
    Column("cpu_seconds", Float, nullable=False),
    Column("wall_seconds", Float, nullable=False),
    Column("peak_bytes", BigInteger, nullable=False),
    Column("cluster", String(16), nullable=False, server_default=""),  # of outcome and masked message; empty if passed
    UniqueConstraint("attempt", "check_name"),
)

standings = Table(  # where each learner stands in each unit: what every list of a class reads
    "course_standings",
    metadata,
    Column("learner", String(128), primary_key=True),
    Column("unit", String(128), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("latest_attempt", Integer, ForeignKey("course_attempts.id"), nullable=False),
    Column("graded_attempt", Integer, ForeignKey("course_attempts.id")),  # the latest graded one: nbgrader's row
    Column("state", String(16), nullable=False),  # of the latest attempt
    Column("score", Float, nullable=False),  # of the latest graded attempt, before late penalty, overrides in
    Column("max_score", Float, nullable=False),
    Column("late_penalty", Float, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("passed_attempt", Integer, ForeignKey("course_attempts.id")),  # the first that passed; never forgotten
    Column("passed_at", UtcDateTime),
    Column("passed_suite", String(64)),
    Column("graded_suite", String(64)),  # tests of the latest graded attempt
    Column("score_bin", Integer),  # share of the points in twentieths, full marks in the last one; None: nothing graded
    Index("course_standings_by_attempt", "unit", "graded_suite", "graded_attempt"),
    Index("course_standings_by_bin", "unit", "score_bin"),
    # each order of the list of submissions, and all that its filters look at: a page is then read from an index alone
    Index(
        "course_standings_by_unit", "unit", "learner", "submitted_at", "score", "attempts", "state", "passed_attempt"
    ),
    Index("course_standings_by_time", "submitted_at", "learner", "unit", "state", "passed_attempt"),
    Index("course_standings_by_score", "score", "learner", "unit", "state", "passed_attempt"),
    Index("course_standings_by_attempts", "attempts", "learner", "unit", "state", "passed_attempt"),
    Index("course_standings_by_state", "state", "submitted_at", "learner", "unit", "passed_attempt"),
)

audit = Table(  # who changed what, and why; rows are only ever added
    "course_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(255), nullable=False),  # "learner/unit", "run 7", "unit"
    Column("reason", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Index("course_audit_by_subject", "subject", "id"),
    sqlite_autoincrement=True,
)

awards = Table(
    "course_awards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("learner", String(128), nullable=False),
    Column("achievement", String(128), nullable=False),
    Column("version", String(64), nullable=False),
    Column("earned_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    UniqueConstraint("learner", "achievement", "version"),
    sqlite_autoincrement=True,
)

contacts = Table(  # an instructor's care for a learner at risk
    "course_contacts",
    metadata,
    Column("learner", String(128), primary_key=True),
    Column("state", String(16), nullable=False),  # pending, contacted or resolved
    Column("actor", String(128), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Index("course_contacts_by_state", "state"),
)
