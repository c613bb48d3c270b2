CREATE TABLE course_audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at DATETIME NOT NULL,
    actor VARCHAR(128) NOT NULL,
    action VARCHAR(64) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    reason TEXT NOT NULL,
    "before" JSON NOT NULL,
    "after" JSON NOT NULL
);
CREATE INDEX course_audit_by_subject ON course_audit (subject, id);
CREATE TABLE course_awards (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    learner VARCHAR(128) NOT NULL,
    achievement VARCHAR(128) NOT NULL,
    version VARCHAR(64) NOT NULL,
    earned_at DATETIME NOT NULL,
    recorded_at DATETIME NOT NULL,
    UNIQUE (learner, achievement, version)
);
CREATE TABLE course_contacts (
    learner VARCHAR(128) NOT NULL,
    state VARCHAR(16) NOT NULL,
    actor VARCHAR(128) NOT NULL,
    changed_at DATETIME NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (learner)
);
CREATE INDEX course_contacts_by_state ON course_contacts (state);
CREATE TABLE course_runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    unit VARCHAR(128) NOT NULL,
    state VARCHAR(16) NOT NULL,
    actor VARCHAR(128) NOT NULL,
    started_at DATETIME NOT NULL,
    finished_at DATETIME,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    holder VARCHAR(255) NOT NULL,
    lease_until DATETIME NOT NULL,
    cancel_requested BOOLEAN NOT NULL
);
CREATE INDEX course_runs_by_unit ON course_runs (unit, state);
CREATE TABLE course_schema (
    version INTEGER NOT NULL,
    PRIMARY KEY (version)
);
CREATE TABLE course_suites (
    unit VARCHAR(128) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    source_digest VARCHAR(64) NOT NULL,
    saved_at DATETIME NOT NULL,
    current BOOLEAN NOT NULL,
    accepted BOOLEAN NOT NULL,
    PRIMARY KEY (unit, digest)
);
CREATE TABLE course_attempts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    learner VARCHAR(128) NOT NULL,
    unit VARCHAR(128) NOT NULL,
    submitted_at DATETIME NOT NULL,
    received_at DATETIME NOT NULL,
    graded_at DATETIME NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    size_bytes BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    reason TEXT NOT NULL,
    score FLOAT NOT NULL,
    final_score FLOAT NOT NULL,
    max_score FLOAT NOT NULL,
    passed BOOLEAN NOT NULL,
    late_seconds FLOAT NOT NULL,
    late_penalty FLOAT NOT NULL,
    outcomes JSON NOT NULL,
    answers JSON NOT NULL,
    repairs JSON NOT NULL,
    cpu_seconds FLOAT NOT NULL,
    wall_seconds FLOAT NOT NULL,
    peak_bytes BIGINT NOT NULL,
    mode VARCHAR(32) NOT NULL,
    grader_version VARCHAR(64) NOT NULL,
    suite_digest VARCHAR(64) NOT NULL,
    run INTEGER,
    answered_from INTEGER,
    FOREIGN KEY(run) REFERENCES course_runs (id),
    FOREIGN KEY(answered_from) REFERENCES course_attempts (id)
);
CREATE INDEX course_attempts_by_day ON course_attempts (submitted_at);
CREATE INDEX course_attempts_by_learner ON course_attempts (learner, unit, id);
CREATE INDEX course_attempts_by_notebook ON course_attempts (sha256);
CREATE INDEX course_attempts_by_unit ON course_attempts (unit, state, id);
CREATE TABLE course_attempt_files (
    attempt INTEGER NOT NULL,
    notebook BLOB NOT NULL,
    autograded BLOB NOT NULL,
    secret VARCHAR(128) NOT NULL,
    PRIMARY KEY (attempt),
    FOREIGN KEY(attempt) REFERENCES course_attempts (id)
);
CREATE TABLE course_check_results (
    attempt INTEGER NOT NULL,
    position INTEGER NOT NULL,
    exercise VARCHAR(128) NOT NULL,
    check_name VARCHAR(128) NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    earned FLOAT NOT NULL,
    points FLOAT NOT NULL,
    message TEXT NOT NULL,
    masked_message TEXT NOT NULL,
    misconception VARCHAR(128),
    next_step TEXT NOT NULL,
    cpu_seconds FLOAT NOT NULL,
    wall_seconds FLOAT NOT NULL,
    peak_bytes BIGINT NOT NULL,
    PRIMARY KEY (attempt, position),
    UNIQUE (attempt, check_name),
    FOREIGN KEY(attempt) REFERENCES course_attempts (id)
);
CREATE TABLE course_standings (
    learner VARCHAR(128) NOT NULL,
    unit VARCHAR(128) NOT NULL,
    attempts INTEGER NOT NULL,
    latest_attempt INTEGER NOT NULL,
    graded_attempt INTEGER,
    state VARCHAR(16) NOT NULL,
    score FLOAT NOT NULL,
    max_score FLOAT NOT NULL,
    late_penalty FLOAT NOT NULL,
    submitted_at DATETIME NOT NULL,
    passed_attempt INTEGER,
    passed_at DATETIME,
    passed_suite VARCHAR(64),
    PRIMARY KEY (learner, unit),
    FOREIGN KEY(latest_attempt) REFERENCES course_attempts (id),
    FOREIGN KEY(graded_attempt) REFERENCES course_attempts (id),
    FOREIGN KEY(passed_attempt) REFERENCES course_attempts (id)
);
CREATE INDEX course_standings_by_attempt ON course_standings (unit, graded_attempt);
CREATE INDEX course_standings_by_time ON course_standings (unit, submitted_at);
CREATE INDEX course_standings_by_unit ON course_standings (unit, state, score);
