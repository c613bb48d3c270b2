# /// attack
# answer = "max_age"
# says = "ran longer than the time limit"
# endless = true
# ///
"""Use processor time in the calls of checks."""


def max_age(*_, **__):
    while True:
        pass
