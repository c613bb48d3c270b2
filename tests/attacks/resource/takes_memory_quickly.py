# /// attack
# says = "Your cell `retrain_plan`"
# ///
"""Ask for more memory than there is, at once."""

bytearray(64 << 30)
