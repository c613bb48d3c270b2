# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Compute a power that takes hours, in one call of C."""

9 ** (9**9)
