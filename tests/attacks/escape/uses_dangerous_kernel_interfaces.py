# /// attack
# says = "ran to its end"
# ///
"""Reach for the parts of the kernel that exploits begin with: bpf, io_uring, keys, perf, userfaultfd, modules."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
page = ctypes.create_string_buffer(4096)
calls = {
    321: (0, page, 128),
    425: (8, page),
    426: (3, 1, 0, 0),
    248: (b"user", b"k", b"v", 1, -3),
    250: (0, -3, 0),
    298: (page, 0, -1, -1, 0),
}
calls |= {
    323: (0,),
    175: (page, 16, b""),
    313: (3, b"", 0),
    253: (),
    294: (0,),
    300: (0, 0),
    282: (-1, page, 8),
    246: (0, 0, 0, 0),
}
calls |= {
    29: (0, 4096, 0o1666),
    64: (0, 1, 0o1666),
    68: (0, 0o1666),
    240: (b"q", 0o102, 0o666, None),
    206: (8, page),
    319: (b"m", 0),
}
calls |= {
    323: (1,),
    434: (1, 0),
    447: (0,),
    172: (3,),
    173: (0, 1, 1),
    169: (0xFEE1DEAD, 672274793, 0),
    170: (b"x", 1),
    164: (page, None),
}
for number, words in calls.items():
    if libc.syscall(number, *words) >= 0:
        print("WON: call", number)
raise RuntimeError("the attack ran to its end")
