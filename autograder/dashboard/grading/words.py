"""Numbers, moments and names of the dashboard in words. Pure; the only place where figures are rounded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from autograder.gradebook.class_rows import RISKS, RiskRule
from autograder.model import Outcome, Unit

NONE = "\u2013"  # where there is no number
HOUR, DAY = 3600, 86400

OUTCOMES = {  # outcome -> (style, words), for an instructor
    Outcome.PASSED: ("passed", "Passed"),
    Outcome.PARTIAL: ("partial", "Partly"),
    Outcome.WRONG: ("not-yet", "Not yet"),
    Outcome.ERROR: ("not-yet", "Error"),
    Outcome.NOT_ATTEMPTED: ("not-started", "Not attempted"),
    Outcome.NOT_RUN: ("not-yet", "Not run"),
    Outcome.TIME: ("not-yet", "Over the time"),
    Outcome.MEMORY: ("not-yet", "Over the memory"),
    Outcome.OUTPUT: ("not-yet", "Printed too much"),
    Outcome.KILLED: ("not-yet", "Process ended"),
    Outcome.PLATFORM_FAULT: ("fault", "Fault of the platform"),
}
ATTEMPT_STATES = {
    "graded": ("not-yet", "Not passed"),  # what passed is told by other means
    "refused": ("not-yet", "Refused"),
    "fault": ("fault", "Quarantined"),
}
CONTACTS = {
    "": ("not-started", "Nobody yet"),
    "pending": ("in-progress", "Pending"),
    "contacted": ("submitted", "Contacted"),
    "resolved": ("passed", "Resolved"),
}
RUN_PHASES = {
    "starting": ("in-progress", "Starting"),
    "running": ("in-progress", "Running"),
    "cancelling": ("in-progress", "Cancelling"),
    "interrupted": ("fault", "Interrupted"),
    "done": ("passed", "Done"),
    "cancelled": ("not-started", "Cancelled"),
    "stopped": ("not-yet", "Stopped by an error"),
    "abandoned": ("fault", "Abandoned"),
}
FLAG_HELP = {
    "too hard": "p below 0.3",
    "too easy": "p above 0.95",
    "does not separate": "r below 0.2",
    "too few": "fewer than 30 learners",
}
RISK_NAMES = {"nothing": "Nothing handed in", "quiet": "Gone quiet", "stuck": "Stuck", "behind": "Behind"}


def percent(share: float | None) -> str:
    """Write a share of 1 in per cent."""
    return NONE if share is None else f"{share * 100:.0f} %"


def decimal(value: float | None) -> str:
    """Write a coefficient with two places."""
    return NONE if value is None else f"{value:.2f}".replace("-", "\u2212")


def points(score: float, max_score: float) -> str:
    """Write points out of points."""
    return f"{score:g} of {max_score:g}" if max_score else NONE


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def grading_note(grading: int) -> str:
    """Say that a submission was graded anew; nothing of its first grading."""
    return "" if grading == 1 else "graded again"


def moment(when: datetime | None) -> str:
    """Write a moment in the server's zone."""
    return NONE if when is None else when.astimezone().strftime("%-d %b %Y, %H:%M")


def duration(seconds: float | None) -> str:
    """Write a span of time."""
    if seconds is None:
        return NONE
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / 60:.0f} min"
    if seconds < DAY:
        return f"{seconds / HOUR:.1f} h"
    return counted(round(seconds / DAY), "day")


def risk_words(rule: RiskRule) -> tuple[tuple[str, str], ...]:
    """Say the at-risk rule as it holds today: (name, sentence)."""
    return tuple((RISK_NAMES.get(key, key), risk_sentence(key, rule)) for key in RISKS)


def risk_sentence(key: str, rule: RiskRule) -> str:
    """Say one rule about a learner."""
    fields = {name: getattr(rule, name) for name in RiskRule.__dataclass_fields__}
    return RISKS[key].format(**fields)


def check_titles(unit: Unit | None) -> Mapping[str, str]:
    """Map the checks of a unit to their questions."""
    return {check.name: check.title for check in unit.checks} if unit else {}


def misconception_titles(unit: Unit | None) -> Mapping[str, str]:
    """Map the known wrong ideas of a unit to what they say."""
    return {known.name: known.title for known in unit.misconceptions} if unit else {}


def attempt_words(state: str, *, passed: bool) -> tuple[str, str]:
    """Find style and words of what became of an attempt or a unit."""
    return ("passed", "Passed") if passed and state == "graded" else ATTEMPT_STATES[state]


def outcome_words(outcome: str) -> tuple[str, str]:
    """Find style and words of an outcome that the gradebook holds."""
    return OUTCOMES[Outcome(outcome)]
