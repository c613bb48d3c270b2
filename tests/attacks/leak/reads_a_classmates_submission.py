# /// attack
# says = "ran to its end"
# ///
"""Open what somebody else handed in, by path, by link and over a folder of one's own."""

import os

path = PATHS["classmate"]
os.symlink(path, "link")
os.symlink(PATHS["submitted"], "folder")
tries = {
    "open": lambda: open(path).read(),
    "symlink": lambda: open("link").read(),
    "folder": lambda: os.listdir("folder"),
    "hard link": lambda: os.link(path, "hard") or open("hard").read(),
    "relative": lambda: open("../" * 20 + path).read(),
    "descriptor": lambda: open(
        os.path.basename(path),
        opener=lambda name, flags: os.open(name, flags, dir_fd=os.open(os.path.dirname(path), os.O_PATH)),
    ).read(),
    "rename": lambda: os.rename(path, "mine") or open("mine").read(),
    "pandas": lambda: pd.read_json(path),
    "numpy": lambda: np.fromfile(path, dtype=np.uint8).tobytes(),
}
for name, act in tries.items():
    try:
        print("WON:", name, str(act())[-3000:])
    except (OSError, ValueError) as error:
        print(name, "refused", error)
raise RuntimeError("the search ran to its end")
