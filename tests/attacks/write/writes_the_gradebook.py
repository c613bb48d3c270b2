# /// attack
# says = "ran to its end"
# ///
"""Change the gradebook as a file and as a database, and put a journal beside it."""

import os
import sqlite3

path = PATHS["gradebook"]
for name in (path, path + "-wal", path + "-journal", path.replace(".db", ".csv")):
    for mode in ("r+b", "ab", "wb", "xb"):
        try:
            with open(name, mode) as file:
                file.write(b"0" * 4096)
                print("WON: wrote", name, mode)
        except OSError as error:
            print("refused", error.errno)
try:
    with sqlite3.connect(path) as gradebook:
        gradebook.execute("update grade set manual_score = 18")
        print("WON: updated")
except sqlite3.Error as error:
    print("refused", error)
try:
    os.truncate(path, 0)
    print("WON: truncated")
except OSError as error:
    print("refused", error.errno)
raise RuntimeError("the attack ran to its end")
