# /// attack
# says = "did not run to its end"
# ///
"""Print lines without an end."""

number = 0
while True:
    number += 1
    print("line", number)
