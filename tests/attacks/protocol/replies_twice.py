# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""Answer each request twice: the second answer would be that of the next one."""

from autograder.protocol.framing import Channel

send = Channel.send


def twice(self, kind, code, number, body, deadline=None):
    body = [bytes(piece) for piece in body]
    send(self, kind, code, number, body, deadline)
    return send(self, kind, code, number + 1, body, deadline)


def max_age(*_, **__):
    Channel.send = twice
    return 1
