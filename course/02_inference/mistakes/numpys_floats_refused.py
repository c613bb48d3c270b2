# /// mistake
# exercise = "online_service"
# misconception = "numpys_floats_refused"
# title = "A float32 of NumPy counts as no number"
# next_step = "Compare with 0 and 1 and let NaN be the exception; ask for no type, libraries answer with their own."
# caught_by = ["plain_answer"]
# message = "which is a number too"
# ///
class OnlineService:
    """
    Answers one request at a time, in time.

    Args:
        model: predict(features) -> probability of a late arrival; version, text.
        fallback: fallback(features) -> probability, quick and sure.
        clock: now() -> UTC Timestamp; monotonic() -> seconds that only grow.
        log: log(entry) keeps a dict; it may raise.
    """

    def __init__(self, model, *, fallback, clock, log):
        self.model = model
        self.fallback = fallback
        self.clock = clock
        self.log = log
        self.lost_entries = 0

    def predict(self, request, deadline):
        """Answer a request, a dict, within a Timedelta. Given: it needs no change."""
        started = self.clock.monotonic()
        features = self.validate(request)
        response = self.answer(features, started, deadline)
        self.record(features, response)
        return response

    def validate(self, request):
        """Return the fields of FIELDS as floats, or raise InvalidRequest naming the invalid field."""
        for name, (lowest, highest) in FIELDS.items():
            value = request.get(name)
            if type(value) not in (int, float) or not lowest <= value <= highest:
                raise InvalidRequest(f"{name} = {value!r} is no number from {lowest} to {highest}")
        return {name: float(request[name]) for name in FIELDS}

    def answer(self, features, started, deadline):
        """Ask the model; if it raised, answered no probability or came late, ask the fallback and say so."""
        source, version, reason = "model", self.model.version, None
        try:
            probability = self.model.predict(features)
            if not isinstance(probability, int | float) or not 0 <= probability <= 1:
                reason = "invalid"
            elif pd.Timedelta(seconds=self.clock.monotonic() - started) > deadline:
                reason = "late"
        except Exception:
            reason = "error"
        if reason is not None:
            probability, source, version = self.fallback(features), "fallback", None
        elapsed = pd.Timedelta(seconds=self.clock.monotonic() - started)
        return Response(probability=probability, source=source, model_version=version, reason=reason, elapsed=elapsed)

    def record(self, features, response):
        """Log what the model got and what was answered; a log that raises costs an entry, never the answer."""
        try:
            self.log({"at": self.clock.now(), "features": features, "response": response})
        except Exception:
            self.lost_entries += 1
