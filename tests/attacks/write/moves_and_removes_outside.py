# /// attack
# says = "ran to its end"
# ///
"""Rename, unlink, truncate and exchange files of the course."""

import os
import shutil

for place in (PATHS["marker"], PATHS["classmate"], PATHS["source"], PATHS["gradebook"], PATHS["submitted"]):
    for act in (
        lambda: os.rename(place, place + ".gone"),
        lambda: os.rename(place, "here"),
        lambda: os.unlink(place),
        lambda: os.truncate(place, 0),
        lambda: shutil.rmtree(place),
        lambda: os.replace("own", place),
        lambda: os.mknod(os.path.join(place, "pipe")),
    ):
        open("own", "w").close()
        try:
            act()
            print("WON: changed", place)
        except OSError:
            pass
raise RuntimeError("the attack ran to its end")
