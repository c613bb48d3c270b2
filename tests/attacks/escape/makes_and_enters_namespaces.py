# /// attack
# says = "ran to its end"
# ///
"""Make namespaces by unshare, clone and clone3, and enter those of others."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000, 0x4000000, 0x2000000, 0x80):
    if libc.unshare(flag) == 0:
        print("WON: unshared", hex(flag))
    if libc.syscall(56, flag | 17, 0, 0, 0, 0) > 0 or libc.syscall(56, flag | 0x10900, 0, 0, 0, 0) > 0:
        print("WON: cloned", hex(flag))
for name in ("user", "mnt", "pid", "net"):
    for pid in ("1", "self", str(os.getppid())):
        try:
            if libc.setns(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), 0) == 0:
                print("WON: entered", name)
        except OSError:
            pass
for name in ("uid_map", "gid_map", "setgroups"):
    try:
        open(f"/proc/self/{name}", "w").write("0 0 1")
        print("WON: wrote", name)
    except OSError:
        pass
raise RuntimeError("the attack ran to its end")
