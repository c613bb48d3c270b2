# /// attack
# answer = "max_age"
# says = "a text longer than 16 MiB cannot cross"
# ///
"""Return a text larger than any frame may be."""


def max_age(*_, **__):
    return "x" * (100 << 20)
