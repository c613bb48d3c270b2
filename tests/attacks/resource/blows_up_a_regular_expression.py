# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Match a regular expression that takes exponential time in one call of C."""

import re

re.fullmatch("(a|a|aa)*b", "a" * 60)
