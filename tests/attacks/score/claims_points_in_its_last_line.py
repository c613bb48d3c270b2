# /// attack
# says = "must return a list of TrainSpec"
# ///
"""End the answer cell in all the points of the unit, as a partial-credit test would."""


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    print("18.0")
    return 18.0


18.0
