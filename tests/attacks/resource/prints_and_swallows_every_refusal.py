# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Go on printing whatever is raised."""

while True:
    try:
        print("x" * 100_000)
    except BaseException:
        pass
