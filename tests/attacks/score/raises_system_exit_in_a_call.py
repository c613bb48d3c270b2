# /// attack
# answer = "max_age"
# says = "SystemExit"
# ///
"""Raise SystemExit(0), which ends a program without an error."""


def max_age(*_, **__):
    raise SystemExit(0)
