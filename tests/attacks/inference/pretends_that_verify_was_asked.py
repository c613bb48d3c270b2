# /// attack
# answer = "prediction_store"
# says = "no counter of the test"
# ///
"""Never ask verify, but set its counter, read what it keeps, and give it back as an answer that a test compares."""


class PredictionStore:
    def __init__(self, path, *, ttl):
        self.refused = "no counter of the test"

    def publish(self, batch, model_version, as_of, *, verify=None):
        for act in (
            lambda: setattr(verify, "calls", 1),
            lambda: setattr(verify, "_arguments", [((batch,), {})]),
            lambda: object.__setattr__(verify, "calls", 1),
            lambda: verify._arguments.append(((batch,), {})),
            lambda: verify._function.__globals__,
            lambda: verify.__call__.__self__.__dict__,
            lambda: verify.__class__.calls.fset(verify, 1),
        ):
            try:
                raise RuntimeError(f"WON: {act()}")
            except (AttributeError, TypeError):
                pass
        return verify or self.refused

    def get(self, key, now, *, model_version):
        return Miss(reason="unknown")
