# /// attack
# answer = "drift_monitor"
# says = "Yours: Drift(effect=0.0, rows=0"
# ///
"""Replace the helpers that tests import: close, rounded, because, hidden_rng."""

import exercises
import exercises.testing

exercises.testing.close = lambda *_: True
exercises.testing.rounded = lambda value, *_: value
exercises.testing.hidden_rng = lambda label: np.random.default_rng(0)
exercises.testing.because = lambda name, message: message
exercises.log_losses = lambda y, p: np.zeros(len(y))


class DriftMonitor:
    def __init__(self, reference, **options):
        self.names = list(reference.columns)

    def check(self, current):
        return {name: Drift(effect=0.0, rows=0, worst_bin="", alarm=False, reason="ok") for name in self.names}
