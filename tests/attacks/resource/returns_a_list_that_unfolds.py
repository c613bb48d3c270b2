# /// attack
# answer = "max_age"
# says = "the process ended in the middle of it"
# ///
"""Return few bytes whose references unfold to more than all memory."""


def max_age(*_, **__):
    value = ["x" * 1000]
    for _ in range(40):
        value = [value, value]
    return value
