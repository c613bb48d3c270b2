# /// attack
# says = "Four periods and no delay"
# ///
"""Return a true list whose members equal everything and have every attribute."""


class Liar:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __getattr__(self, name):
        return Liar()


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return [Liar(), Liar(), Liar()]
