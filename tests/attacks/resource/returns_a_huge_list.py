# /// attack
# answer = "max_age"
# says = "the process ended in the middle of it"
# ///
"""Return a list of more objects than any frame may hold."""


def max_age(*_, **__):
    return [[] for _ in range(1_500_000)]
