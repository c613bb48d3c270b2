# /// attack
# answer = "max_age"
# says = "ran longer than the time limit"
# ///
"""Use processor time in the calls of checks."""


def max_age(*_, **__):
    while True:
        pass
