# /// attack
# says = "ran to its end"
# ///
"""Mount, remount, bind, move roots: by the old calls and the new ones."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("here")
here = os.path.abspath("here").encode()
tries = {
    "tmpfs": lambda: libc.mount(b"none", here, b"tmpfs", 0, None),
    "proc": lambda: libc.mount(b"proc", here, b"proc", 0, None),
    "bind": lambda: libc.mount(b"/", here, None, 0x1000 | 0x4000, None),
    "remount": lambda: libc.mount(None, b"/", None, 0x20 | 0x1000, None),
    "umount": lambda: libc.umount2(b"/proc", 2),
    "umount tmp": lambda: libc.umount2(b"/tmp", 2),
    "chroot": lambda: libc.chroot(here),
    "pivot_root": lambda: libc.syscall(155, here, here),
    "open_tree": lambda: libc.syscall(428, -100, b"/", 1) >= 0 and 0 or -1,
    "fsopen": lambda: libc.syscall(430, b"tmpfs", 0) >= 0 and 0 or -1,
    "mount_setattr": lambda: libc.syscall(442, -100, b"/", 0, ctypes.create_string_buffer(32), 32),
    "move_mount": lambda: libc.syscall(429, -100, b"/", -100, here, 0),
    "name_to_handle": lambda: libc.syscall(
        303, -100, b"/", ctypes.create_string_buffer(256), ctypes.byref(ctypes.c_int()), 0
    ),
}
for name, act in tries.items():
    if act() == 0:
        print("WON:", name)
raise RuntimeError("the attack ran to its end")
