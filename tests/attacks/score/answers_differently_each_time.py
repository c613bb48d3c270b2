# /// attack
# answer = "drift_monitor"
# says = "Yours: <the answer's Wheel>"
# ///
"""Give an object whose attributes take another value at each look, so that one of them fits."""

from itertools import cycle


class Wheel:
    values = {
        "alarm": cycle([True, False]),
        "effect": cycle([0.0, 1.0, float("inf"), float("nan")]),
        "rows": cycle([0, 499, 1000]),
        "reason": cycle(["ok", "shift", "too_few"]),
        "worst_bin": cycle(["missing", "unseen", "bin 9"]),
    }

    def __getattr__(self, name):
        return next(self.values[name])

    def __eq__(self, other):
        return True


class DriftMonitor:
    def __init__(self, reference, **_):
        self.names = list(reference.columns)

    def check(self, current):
        return {name: Wheel() for name in self.names}
