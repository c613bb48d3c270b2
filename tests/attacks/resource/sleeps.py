# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Use no processor time at all, and never come back."""

import time

while True:
    time.sleep(3600)
