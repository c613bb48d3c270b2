# /// attack
# answer = "prediction_store"
# says = "an answer after all locks"
# ///
"""Hold every lock that SQLite knows, in every journal mode, and open the file again and again, so that readers wait."""


class PredictionStore:
    held = []

    def __init__(self, path, *, ttl):
        for mode in ("delete", "wal", "truncate", "persist"):
            try:
                db = sqlite3.connect(path, timeout=0.01, isolation_level=None)
                db.execute("PRAGMA locking_mode=EXCLUSIVE")
                db.execute(f"PRAGMA journal_mode={mode}")
                db.execute("BEGIN EXCLUSIVE")
                db.execute("CREATE TABLE IF NOT EXISTS predictions (key)")
                self.held.append(db)
            except sqlite3.Error:
                pass

    def publish(self, batch, model_version, as_of, *, verify=None):
        return "an answer after all locks"

    def get(self, key, now, *, model_version):
        return Miss(reason="unknown")
