# /// attack
# says = "process ended"
# ///
"""Answer a request that was never made, and an older one."""

from autograder.protocol.framing import Channel

send = Channel.send


def lie(self, kind, code, number, body, deadline=None):
    return send(self, kind, code, number + 5, body, deadline)


Channel.send = lie
