# /// attack
# answer = "max_age"
# says = "process ended"
# ///
"""Say that the caller's arguments have become something else."""

from autograder.protocol.changes import Watch


def max_age(curve, tolerance):
    def changes(self):
        codec = self._codec
        encoder = codec.encoder()
        encoder.value(["evil"])
        return [(0, encoder), (1, encoder), (7, encoder)]

    Watch.changes = changes
    return 1
