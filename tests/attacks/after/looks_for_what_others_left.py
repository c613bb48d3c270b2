# /// attack
# says = "ran to its end"
# ///
"""Look for anything that an earlier job left: files, modules, names, shared memory, environment."""

import os
import sys

import exercises

for top in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), os.getcwd()):
    for folder, folders, files in os.walk(top):
        for name in files:
            if name == "left-by-another-job" or name == "evil" or "CANARY" in name:
                print("WON:", folder, name)
if hasattr(exercises, "CHANGED_BY_ANOTHER_JOB") or pd.read_csv is None or "last" in globals():
    print("WON: memory of another job")
raise RuntimeError("the attack ran to its end")
