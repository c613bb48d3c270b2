# /// attack
# answer = "max_age"
# says = "stopped with"
# ///
"""Raise an exception whose text is larger than any page, with a __str__ that never ends the second time."""


class Loud(ValueError):
    def __str__(self):
        return "y" * (32 << 20)


def max_age(*_, **__):
    raise Loud("z" * (32 << 20), *range(100_000))
