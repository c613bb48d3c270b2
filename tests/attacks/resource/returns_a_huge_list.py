# /// attack
# answer = "max_age"
# says = ""
# ///
"""Return a list of more objects than any frame may hold."""


def max_age(*_, **__):
    return [[] for _ in range(1_500_000)]
