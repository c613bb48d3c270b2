# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Return an object that is equal to whatever it is compared with."""


class Equal:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __getattr__(self, name):
        return Equal()

    def __iter__(self):
        return iter([Equal(), Equal(), Equal()])

    def __getitem__(self, key):
        return Equal()

    def __len__(self):
        return 3


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return Equal()
