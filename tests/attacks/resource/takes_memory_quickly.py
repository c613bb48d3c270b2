# /// attack
# says = "more memory than the limit"
# ///
"""Ask for more memory than there is, at once."""

bytearray(64 << 30)
