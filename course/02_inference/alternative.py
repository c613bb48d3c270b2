# %% answer:coverage
def coverage(batch_keys, requests, fresh_columns, max_age):
    """Judge request by request, with the batch as a dictionary."""
    published = {row["key"]: row for row in batch_keys.to_dict("records")}
    counts = {"hit": 0, "stale": 0, "miss": 0}
    for key, at in zip(requests["key"], requests["at"]):
        row = published.get(key)
        if row is None or row["published_at"] > at:
            counts["miss"] += 1
        elif all(row[column] >= at - max_age for column in fresh_columns):
            counts["hit"] += 1
        else:
            counts["stale"] += 1
    asked = sum(counts.values())
    shares = {name: count / asked if asked else 0.0 for name, count in counts.items()}
    return Coverage(requests=asked, **shares)


# %% answer:check_parity
def check_parity(predict_one, predict_batch, rows, atol):
    """Keep all answers as Series, and let the index line them up."""
    alone = pd.Series({label: predict_one(row) for label, row in rows.to_dict("index").items()}, dtype=float)
    backwards = list(reversed(rows.columns))
    batches = [
        ("order", rows.sort_index(key=lambda index: -rows.index.get_indexer(index))),
        ("subset", rows[np.arange(len(rows)) % 2 == 0]),
        ("columns", rows.reindex(columns=backwards)),
        ("repeat", rows.copy()),
    ]
    found = []
    for variant, batch in batches:
        answers = pd.Series(np.asarray(predict_batch(batch), dtype=float), index=batch.index)
        for label, one in alone.items():
            if label not in answers.index:
                continue
            both = [None if pd.isna(p) else float(p) for p in (one, answers[label])]
            if None in both or max(both) - min(both) > atol:
                found.append(Mismatch(row=label, one=both[0], batch=both[1], variant=variant))
    return found


# %% answer:prediction_store
class PredictionStore:
    """Commit and rollback by hand, and one SELECT that lets the database choose the version."""

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
        if verify and not verify(batch):
            return False
        try:
            for key in batch:
                self.db.execute(
                    "INSERT INTO predictions (key, model_version, probability, as_of) VALUES (:k, :v, :p, :t) "
                    "ON CONFLICT (key, model_version) DO UPDATE SET probability = :p, as_of = :t",
                    {"k": key, "v": model_version, "p": batch[key], "t": to_ns(as_of)},
                )
        except BaseException:
            self.db.rollback()
            raise
        self.db.commit()
        return True

    def get(self, key, now, *, model_version):
        row = self.db.execute(
            "SELECT model_version = ?, probability, as_of FROM predictions WHERE key = ? ORDER BY 1 DESC LIMIT 1",
            (model_version, key),
        ).fetchone()
        if row is None:
            return Miss(reason="unknown")
        mine, probability, number = row
        if not mine:
            return Miss(reason="other_version")
        as_of = from_ns(number)
        if now > as_of + self.ttl:
            return Miss(reason="expired")
        return Hit(probability=probability, model_version=model_version, as_of=as_of, age=now - as_of)


# %% answer:online_service
class OnlineService:
    """Raise inside, and let a table of reasons decide."""

    def __init__(self, model, *, fallback, clock, log):
        self.model = model
        self.fallback = fallback
        self.clock = clock
        self.log = log
        self.lost_entries = 0

    def predict(self, request, deadline):
        started = self.clock.monotonic()
        features = self.validate(request)
        response = self.answer(features, started, deadline)
        self.record(features, response)
        return response

    def validate(self, request):
        features = {}
        for name in FIELDS:
            if name not in request:
                raise InvalidRequest(f"the request has no {name}")
            value = request[name]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or np.isnan(value) or value < FIELDS[name][0] or value > FIELDS[name][1]:
                raise InvalidRequest(f"{name} cannot be {value!r}")
            features[name] = float(value)
        return features

    def answer(self, features, started, deadline):
        def waited():
            return pd.Timedelta(seconds=self.clock.monotonic() - started)

        try:
            said = self.model.predict(features)
        except Exception:
            return self.plainly(features, "error", waited)
        took = waited()
        if np.isnan(said) or said < 0 or said > 1:
            return self.plainly(features, "invalid", waited)
        if took > deadline:
            return self.plainly(features, "late", waited)
        return Response(
            probability=float(said), source="model", model_version=self.model.version, reason=None, elapsed=took
        )

    def plainly(self, features, reason, waited):
        """Answer by the fallback, for a reason."""
        probability = self.fallback(features)
        return Response(probability=probability, source="fallback", model_version=None, reason=reason, elapsed=waited())

    def record(self, features, response):
        entry = {"features": dict(features), "response": response, "at": self.clock.now()}
        try:
            self.log(entry)
        except Exception:
            self.lost_entries = self.lost_entries + 1
