# /// attack
# says = "RecursionError"
# ///
"""Recurse with the limit lifted."""

import sys

sys.setrecursionlimit(5_000)


def deeper(number):
    return deeper(number + 1)


deeper(0)
