# /// attack
# answer = "asof_join"
# says = "ran to its end"
# ///
"""Open the gradebook, and attach it to a database of one's own, to read points and to write them."""

import sqlite3

place = PATHS["gradebook"]
for name in (place, f"file:{place}?mode=ro", f"file:{place}?mode=rw", f"file:{place}?immutable=1"):
    for attempt in ("open", "attach"):
        try:
            if attempt == "open":
                db = sqlite3.connect(name, uri=name.startswith("file:"))
            else:
                db = sqlite3.connect(":memory:", uri=True)
                db.execute("ATTACH ? AS other", (name,))
            schema = "main" if attempt == "open" else "other"
            for (table,) in db.execute(f"SELECT name FROM {schema}.sqlite_master").fetchall():
                print("WON: a table,", table)
            db.execute(f"CREATE TABLE {schema}.mine (points)")
            db.commit()
            print("WON: wrote into", name)
        except sqlite3.Error as error:
            print("refused", error)
own = sqlite3.connect("own.sqlite")
own.execute("CREATE TABLE mine (points)")
own.execute("ATTACH 'other.sqlite' AS other")
own.close()
raise RuntimeError("the attack ran to its end")
