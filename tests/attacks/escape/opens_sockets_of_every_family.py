# /// attack
# says = "ran to its end"
# ///
"""Open, connect and bind sockets of every family and type."""

import ctypes
import socket

libc = ctypes.CDLL(None, use_errno=True)
for family in range(50):
    for kind in (1, 2, 3, 5):
        if libc.socket(family, kind, 0) >= 0 or libc.syscall(41, family, kind, 0) >= 0:
            print("WON: a socket of family", family, "type", kind)
for address in (("127.0.0.1", 22), ("169.254.169.254", 80), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, 1)
        print("WON: connected to", address)
    except OSError:
        pass
pair = socket.socketpair()
for name in ("/run/docker.sock", "/var/run/dbus/system_bus_socket", "\0abstract", PATHS["root"] + "/socket"):
    for act in (pair[0].connect, pair[0].bind):
        try:
            act(name)
            print("WON: reached", name)
        except OSError:
            pass
raise RuntimeError("the attack ran to its end")
