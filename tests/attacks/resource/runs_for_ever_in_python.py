# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Use processor time in Python without an end."""

while True:
    pass
