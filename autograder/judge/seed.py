"""What hidden inputs are drawn from. Pure."""

from __future__ import annotations

import hashlib
import hmac

from autograder.model import Unit


def hidden_seed(secret: str, unit: Unit) -> str:
    """
    Draw what the hidden inputs of a unit are drawn from, so that a regrade repeats exactly.

    Returns:
        Hex digits from (secret, unit, suite digest); empty without a secret: the public default then.
    """
    if not secret:
        return ""
    return hmac.new(secret.encode(), f"{unit.name}\0{unit.suite_digest}".encode(), hashlib.sha256).hexdigest()
