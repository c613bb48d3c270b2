# /// attack
# says = "ran to its end"
# ///
"""Change course.toml and nbgrader_config.py, or put another one above or beside them."""

import os

for name in ("course.toml", "nbgrader_config.py", "new.toml", "../course.toml"):
    path = os.path.join(PATHS["root"], name)
    for act in (
        lambda: open(path, "a").write("\npass_share = 0.0\n"),
        lambda: os.replace("mine", path),
        lambda: os.symlink("mine", path + ".link"),
        lambda: os.unlink(path),
    ):
        open("mine", "w").write("pass_share = 0.0")
        try:
            act()
            print("WON: changed", path)
        except OSError as error:
            print("refused", error.errno)
raise RuntimeError("the attack ran to its end")
