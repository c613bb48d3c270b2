# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Change modules that the fork server shares with later jobs: the next learner would import them."""

import sys

import exercises
import exercises.records
import exercises.testing

for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith(("exercises", "autograder")):
        module.CHANGED_BY_ANOTHER_JOB = True
np.mean = np.log = lambda *_, **__: 0.0
exercises.log_losses = lambda *_: np.zeros(1)
exercises.records.TrainSpec.__eq__ = lambda *_: True
pd.read_csv = None


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return None
