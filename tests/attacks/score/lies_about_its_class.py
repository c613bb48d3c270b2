# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Say that an object is a list, by every way in which Python can be asked."""


class NoList:
    __class__ = list
    __module__ = "builtins"

    def __instancecheck__(self, other):
        return True

    def __reduce_ex__(self, _):
        return (list, ([1, 2, 3],))


NoList.__name__ = NoList.__qualname__ = "list"


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return NoList()
