# /// attack
# says = "printed more than the limit"
# ///
"""Print one line without an end."""

while True:
    print("x" * 1000, end="")
