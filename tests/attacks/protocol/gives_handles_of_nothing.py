# /// attack
# says = "an argument could not be rebuilt"
# ///
"""Give handles with numbers, abilities and titles that no object has."""

from autograder.protocol import worker

write = worker.Worker._write_described
numbers = iter(range(10**6, 10**9))


def lie(self, encoder, number, abilities, title):
    return write(self, encoder, next(numbers), 511, "list")


worker.Worker._write_described = lie


class Thing:
    pass


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return Thing()
