# /// attack
# answer = "max_age"
# says = "the process ended in the middle of it"
# ///
"""Return a dictionary whose keys all have one hash, and sets in sets of them."""


def max_age(*_, **__):
    prime = (1 << 61) - 1
    return {prime * number for number in range(1, 4_000)}
