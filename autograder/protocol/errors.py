"""
What may go wrong at the border, by who can act on it.

    ValueError
    └── ProtocolError   these bytes are no frame of ours; the peer is broken or lies
    TypeError
    └── CannotCross     this value has no form in which it may cross; whoever returned or passed it can change it
    BaseException
    └── SessionLost     the learner's process is dead, late or lying; no test can swallow it, the session is over
"""

from __future__ import annotations

from typing import Literal

Loss = Literal["dead", "late", "lying"]


class ProtocolError(ValueError):
    """Bytes that are not a well-formed frame, or a frame that may not come now."""


class CannotCross(TypeError):  # noqa: N818 - reads as the sentence that a learner sees
    """A value that may not cross the border; the message says which and what to do."""


class SessionLost(BaseException):
    """
    The learner's process can no longer be asked.

    Attributes:
        reason: "dead" (it ended), "late" (a time limit was crossed) or "lying" (it broke the protocol).
    """

    def __init__(self, reason: Loss, text: str) -> None:
        super().__init__(text)
        self.reason: Loss = reason
