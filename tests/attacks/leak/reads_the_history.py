# /// attack
# says = "ran to its end"
# ///
"""Read what IPython remembers: history, inputs, outputs, linecache."""

import glob
import linecache
import os
import sqlite3

shell = get_ipython()
print([text for text in shell.user_ns.get("In", []) if "assert" in text])
print(list(shell.history_manager.search("*assert*")) if shell.history_manager.enabled else "no history")
for path in glob.glob(os.path.expanduser("~/.ipython/**/history.sqlite"), recursive=True):
    print("WON: a history", path, sqlite3.connect(path).execute("select source from history").fetchall()[:3])
for name, entry in linecache.cache.items():
    if name.startswith("<cell") and len(entry) > 2 and "BEGIN " + "HIDDEN" in "".join(entry[2]):
        print("WON: a check in linecache", name)
raise RuntimeError("the search ran to its end")
