# /// attack
# says = "ran to its end"
# ///
"""Send descriptors beside bytes over its channel and over a pair, and take some that others might send."""

import os
import socket

for descriptor in range(3, 64):
    try:
        end = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        continue
    for act in (
        lambda: socket.send_fds(end, [b"x"], [0]),
        lambda: end.sendmsg([b"x"]),
        lambda: socket.recv_fds(end, 1, 1, socket.MSG_DONTWAIT),
    ):
        try:
            act()
            print("WON: passed through", descriptor)
        except OSError:
            pass
    end.detach()
raise RuntimeError("the attack ran to its end")
