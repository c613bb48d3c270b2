# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""Raise an exception of the judge by a number that none has."""

from autograder.protocol.worker import Worker

Worker._origin_of = lambda self, error: 77


def max_age(*_, **__):
    raise ValueError("not mine")
