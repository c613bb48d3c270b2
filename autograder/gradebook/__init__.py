"""Everything that is remembered: one writer, read-only queries; nbgrader's tables and ours in one database."""
