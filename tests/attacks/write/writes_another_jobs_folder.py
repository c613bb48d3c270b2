# /// attack
# says = "ran to its end"
# ///
"""Guess where other jobs and the server keep their files, and write there."""

import os

own = os.path.realpath(os.environ["TMPDIR"])
above = os.path.dirname(own)
places = {
    above,
    "/tmp",
    "/tmp/jobs",
    "/var/tmp",
    "/dev/shm",
    "/run",
    "/mnt",
    os.path.join(above, "ipython"),
    os.path.join(above, "matplotlib"),
}
places |= {os.path.join(above, str(number)) for number in range(1, 200)}
for place in sorted(places):
    if os.path.realpath(place) in (own, "/"):
        continue
    for act in (
        lambda: os.listdir(place),
        lambda: open(os.path.join(place, "evil"), "w"),
        lambda: os.mkdir(os.path.join(place, "evil")),
    ):
        try:
            act()
            print("WON: reached", place)
        except OSError:
            pass
raise RuntimeError("the attack ran to its end")
