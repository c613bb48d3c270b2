# /// attack
# says = "ran to its end"
# ///
"""Read from and map every descriptor that is open."""

import os
import stat

for descriptor in range(64):
    try:
        status = os.fstat(descriptor)
    except OSError:
        continue
    kind = stat.S_IFMT(status.st_mode)
    print(descriptor, oct(kind), status.st_size)
    if kind in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK):
        print("WON: an inherited file", descriptor, kind)
    if kind == stat.S_IFREG:
        print("WON:", os.pread(descriptor, 1000, 0))
raise RuntimeError("the search ran to its end")
