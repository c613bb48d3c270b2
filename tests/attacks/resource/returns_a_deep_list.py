# /// attack
# answer = "max_age"
# says = "could not use"
# ///
"""Return lists deeper inside one another than any recursion can follow, and one that contains itself."""


def max_age(*_, **__):
    value = []
    value.append(value)
    for _ in range(100_000):
        value = [value]
    return value
