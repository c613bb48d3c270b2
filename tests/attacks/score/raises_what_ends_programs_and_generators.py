# /// attack
# answer = "max_age"
# says = "stopped with"
# ///
"""Raise KeyboardInterrupt, GeneratorExit and exceptions of its own above Exception, in turn."""


class Own(BaseException):
    pass


turn = [KeyboardInterrupt, GeneratorExit, Own, StopAsyncIteration]


def max_age(*_, **__):
    turn.append(turn.pop(0))
    raise turn[0]
