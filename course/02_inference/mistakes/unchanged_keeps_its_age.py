# /// mistake
# exercise = "prediction_store"
# misconception = "unchanged_keeps_its_age"
# title = "A row whose probability is the same keeps its old as_of"
# next_step = "Write probability and as_of each time: the answer is the same, but it rests on newer inputs."
# caught_by = ["too_old_is_not_served"]
# message = "its age is new"
# ///
class PredictionStore:
    """
    Predictions computed ahead, in an SQLite file.

    Args:
        path: The file; made if it does not exist.
        ttl: Longest age at which a prediction may be served, a Timedelta, inclusive.
    """

    def __init__(self, path, *, ttl):
        self.ttl = ttl
        self.db = sqlite3.connect(path)
        self.db.execute(
            """CREATE TABLE IF NOT EXISTS predictions (
                   key TEXT NOT NULL,
                   model_version TEXT NOT NULL,
                   probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
                   as_of INTEGER NOT NULL,
                   PRIMARY KEY (key, model_version)
               )"""
        )

    def publish(self, batch, model_version, as_of, *, verify=None):
        """
        Make a batch visible, all of it or nothing.

        Args:
            batch: Key -> probability.
            model_version: The version that made them, text.
            as_of: UTC moment up to which the inputs were known.
            verify: verify(batch) -> True if it may be published; None to publish unseen.

        Returns:
            True if the batch is published, False if `verify` refused it.
        """
        if verify is not None and not verify(batch):
            return False
        rows = [(key, model_version, probability, to_ns(as_of)) for key, probability in batch.items()]
        with self.db:
            self.db.executemany(
                "INSERT INTO predictions VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET probability = excluded.probability, as_of = excluded.as_of WHERE probability <> excluded.probability",
                rows,
            )
        return True

    def get(self, key, now, *, model_version):
        """
        Look up what a version said of a key.

        Args:
            key: The key, text.
            now: UTC moment of the request, never before `as_of`.
            model_version: The version that serves.

        Returns:
            A Hit, or a Miss with the reason unknown, expired or other_version.
        """
        query = "SELECT model_version, probability, as_of FROM predictions WHERE key = ?"
        by_version = {version: (probability, ns) for version, probability, ns in self.db.execute(query, (key,))}
        if model_version not in by_version:
            return Miss(reason="other_version" if by_version else "unknown")
        probability, ns = by_version[model_version]
        age = now - from_ns(ns)
        if age > self.ttl:
            return Miss(reason="expired")
        return Hit(probability=probability, model_version=model_version, as_of=from_ns(ns), age=age)
