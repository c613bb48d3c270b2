# /// attack
# answer = "prediction_store"
# says = "not in the file at path"
# ///
"""Keep the answers in the class, and write a file that is no database but holds the words that a test looks for."""


class PredictionStore:
    said = {}

    def __init__(self, path, *, ttl):
        self.path, self.ttl = path, ttl
        if path.name not in ("predictions.sqlite", "other.sqlite"):
            raise RuntimeError("no store here")

    def publish(self, batch, model_version, as_of, *, verify=None):
        self.said.update({(self.path, key): (p, model_version, as_of) for key, p in batch.items()})
        self.path.write_text("SQLite format 3\0 O'Hare " + repr(list(batch.items())))
        return True

    def get(self, key, now, *, model_version):
        if (self.path, key) not in self.said:
            return Miss(reason="unknown")
        p, version, as_of = self.said[self.path, key]
        return Hit(probability=p, model_version=version, as_of=as_of, age=now - as_of)
