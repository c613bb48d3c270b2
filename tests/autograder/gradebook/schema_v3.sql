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
CREATE TABLE course_check_numbers (
    unit VARCHAR(128) NOT NULL,
    suite VARCHAR(64) NOT NULL,
    check_name VARCHAR(128) NOT NULL,
    exercise VARCHAR(128) NOT NULL,
    position INTEGER NOT NULL,
    points FLOAT NOT NULL,
    learners INTEGER NOT NULL,
    not_passed INTEGER NOT NULL,
    not_attempted INTEGER NOT NULL,
    earned FLOAT NOT NULL,
    earned_squares FLOAT NOT NULL,
    rest FLOAT NOT NULL,
    rest_squares FLOAT NOT NULL,
    products FLOAT NOT NULL,
    PRIMARY KEY (unit, suite, check_name)
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
CREATE TABLE course_day_numbers (
    day DATE NOT NULL,
    submissions INTEGER NOT NULL,
    PRIMARY KEY (day)
);
CREATE TABLE course_learner_numbers (
    learner VARCHAR(128) NOT NULL,
    handed_in INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    stuck INTEGER NOT NULL,
    score FLOAT NOT NULL,
    max_score FLOAT NOT NULL,
    last_submitted_at DATETIME NOT NULL,
    PRIMARY KEY (learner)
);
CREATE INDEX course_learner_numbers_by_passed ON course_learner_numbers (passed);
CREATE INDEX course_learner_numbers_by_time ON course_learner_numbers (last_submitted_at);
CREATE TABLE course_looks (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE course_message_numbers (
    unit VARCHAR(128) NOT NULL,
    suite VARCHAR(64) NOT NULL,
    check_name VARCHAR(128) NOT NULL,
    cluster VARCHAR(16) NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    masked_message TEXT NOT NULL,
    misconception VARCHAR(128),
    sample_attempt INTEGER NOT NULL,
    learners INTEGER NOT NULL,
    PRIMARY KEY (unit, suite, check_name, cluster)
);
CREATE INDEX course_message_numbers_by_size ON course_message_numbers (unit, suite, learners);
CREATE TABLE course_misconception_numbers (
    unit VARCHAR(128) NOT NULL,
    suite VARCHAR(64) NOT NULL,
    misconception VARCHAR(128) NOT NULL,
    exercise VARCHAR(128) NOT NULL,
    learners INTEGER NOT NULL,
    PRIMARY KEY (unit, suite, misconception)
);
CREATE TABLE course_queue (
    learner VARCHAR(128) NOT NULL,
    unit VARCHAR(128) NOT NULL,
    handed_in_at DATETIME NOT NULL,
    PRIMARY KEY (learner, unit)
);
CREATE INDEX course_queue_by_unit ON course_queue (unit, handed_in_at);
CREATE TABLE course_regrades (
    learner VARCHAR(128) NOT NULL,
    unit VARCHAR(128) NOT NULL,
    actor VARCHAR(128) NOT NULL,
    marked_at DATETIME NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (learner, unit)
);
CREATE INDEX course_regrades_by_unit ON course_regrades (unit);
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
    cancel_requested BOOLEAN NOT NULL,
    unchanged INTEGER DEFAULT '0' NOT NULL,
    whole BOOLEAN DEFAULT 1 NOT NULL,
    message TEXT DEFAULT '' NOT NULL
);
CREATE INDEX course_runs_by_state ON course_runs (state);
CREATE INDEX course_runs_by_unit ON course_runs (unit, state);
CREATE TABLE course_schema (
    version INTEGER NOT NULL,
    PRIMARY KEY (version)
);
CREATE TABLE course_suite_numbers (
    unit VARCHAR(128) NOT NULL,
    suite VARCHAR(64) NOT NULL,
    learners INTEGER NOT NULL,
    PRIMARY KEY (unit, suite)
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
CREATE TABLE course_unit_numbers (
    unit VARCHAR(128) NOT NULL,
    learners INTEGER NOT NULL,
    graded INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    scored INTEGER NOT NULL,
    share_sum FLOAT NOT NULL,
    PRIMARY KEY (unit)
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
CREATE INDEX course_attempts_by_hand ON course_attempts (id) WHERE score != final_score;
CREATE INDEX course_attempts_by_learner ON course_attempts (learner, unit, id);
CREATE INDEX course_attempts_by_notebook ON course_attempts (sha256);
CREATE INDEX course_attempts_by_run ON course_attempts (run, state, id);
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
    cluster VARCHAR(16) DEFAULT '' NOT NULL,
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
    graded_suite VARCHAR(64),
    score_bin INTEGER,
    PRIMARY KEY (learner, unit),
    FOREIGN KEY(latest_attempt) REFERENCES course_attempts (id),
    FOREIGN KEY(graded_attempt) REFERENCES course_attempts (id),
    FOREIGN KEY(passed_attempt) REFERENCES course_attempts (id)
);
CREATE INDEX course_standings_by_attempt ON course_standings (unit, graded_suite, graded_attempt);
CREATE INDEX course_standings_by_attempts ON course_standings (attempts, learner, unit, state, passed_attempt);
CREATE INDEX course_standings_by_bin ON course_standings (unit, score_bin);
CREATE INDEX course_standings_by_score ON course_standings (score, learner, unit, state, passed_attempt);
CREATE INDEX course_standings_by_state ON course_standings (state, submitted_at, learner, unit, passed_attempt);
CREATE INDEX course_standings_by_time ON course_standings (submitted_at, learner, unit, state, passed_attempt);
CREATE INDEX course_standings_by_unit ON course_standings (unit, learner, submitted_at, score, attempts, state, passed_attempt);
