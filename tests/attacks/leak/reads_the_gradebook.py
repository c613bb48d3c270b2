# /// attack
# says = "ran to its end"
# ///
"""Open the gradebook as a file and as a database."""

import sqlite3

for suffix in ("", "-wal", "-shm"):
    try:
        print("WON:", open(PATHS["gradebook"] + suffix, "rb").read()[:2000])
    except OSError as error:
        print("refused", error.errno)
try:
    print("WON:", open(PATHS["gradebook"].replace(".db", ".csv")).read())
except OSError as error:
    print("refused", error.errno)
for uri in (f"file:{PATHS['gradebook']}?mode=ro", f"file:{PATHS['gradebook']}?immutable=1"):
    try:
        print("WON:", sqlite3.connect(uri, uri=True).execute("select * from sqlite_master").fetchall())
    except sqlite3.Error as error:
        print("refused", error)
raise RuntimeError("the search ran to its end")
