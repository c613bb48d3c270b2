# /// attack
# answer = "prediction_store"
# says = "ran longer than the time limit"
# endless = true
# ///
"""Ask SQLite a question without an end, which runs in C and hears no signal of Python."""


class PredictionStore:
    def __init__(self, path, *, ttl):
        self.db = sqlite3.connect(path, timeout=1e9)

    def publish(self, batch, model_version, as_of, *, verify=None):
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        while True:
            try:
                return self.db.execute(endless).fetchone()
            except BaseException:
                pass

    def get(self, key, now, *, model_version):
        return self.publish({}, model_version, now)
