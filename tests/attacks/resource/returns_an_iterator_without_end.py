# /// attack
# says = "gave more than 10,000 items"
# ///
"""Return an object that gives items for ever."""


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return TrainSpec(serve=1, train=range(1), version=1, cost_rows=1)


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return Endless()
