# /// attack
# says = "ran longer than the time limit"
# ///
"""Use processor time in Python without an end."""

while True:
    pass
