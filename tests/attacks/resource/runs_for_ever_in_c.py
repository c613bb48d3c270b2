# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Use processor time in one call of C, between whose lines no signal handler of Python runs."""

sum(range(10**13))
