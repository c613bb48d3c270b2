# /// attack
# says = "ran to its end"
# ///
"""Open the course's own notebooks and everything beside them by their true paths."""

import os

for place in (
    PATHS["hidden"],
    PATHS["source"] + "/01_training/assignment.ipynb",
    PATHS["root"] + "/course/01_training/assignment.py",
):
    try:
        print("WON:", open(place).read()[:3000])
    except OSError as error:
        print("refused", error.errno)
for place in (PATHS["root"], PATHS["source"]):
    try:
        print("WON:", os.listdir(place))
    except OSError as error:
        print("refused", error.errno)
raise RuntimeError("the search ran to its end")
