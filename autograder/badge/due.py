"""
Deciding who has earned a badge. Pure but for `read_candidates`, which asks the gradebook.

A badge is due when every required unit is passed: by an attempt that a test suite graded which the course accepts, in
a sandbox that it accepts, and with a notebook that nobody else handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.badge.achievement import Achievement
from autograder.badge.credential import percent_text
from autograder.badge.ledger import BadgeRecord, Ledger
from autograder.gradebook.awards import AwardQueries, Pass
from autograder.settings import SANDBOXES, Settings

Shared = Mapping[tuple[str, str], frozenset[str]]  # unit, SHA-256 -> learners who handed these bytes in


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A learner who passed every required unit."""

    learner: str
    passes: tuple[Pass, ...]  # in the order of the achievement's units
    email: str = ""  # of the roster

    @property
    def earned_at(self) -> datetime:
        """When the last unit was passed."""
        return max(each.passed_at for each in self.passes)

    @property
    def scores(self) -> dict[str, str]:
        """Unit -> percent."""
        return {each.unit: percent_text(each.score, each.max_score) for each in self.passes}

    @property
    def digests(self) -> dict[str, str]:
        """Unit -> SHA-256 of the notebook."""
        return {each.unit: each.sha256 for each in self.passes}


@dataclass(frozen=True, kw_only=True)
class StoppedBadge:
    """A badge that is not issued before somebody looked."""

    learner: str
    reason: str


def accepted_modes(settings: Settings) -> tuple[str, ...] | None:
    """Say which sandbox modes count; None for all of them: in self-study the badge says that it is self-issued."""
    if settings.mode == "self-study":
        return None
    return SANDBOXES[: SANDBOXES.index(settings.grading.sandbox) + 1]


def read_candidates(
    settings: Settings, achievement: Achievement, learners: Sequence[str] | None = None
) -> tuple[list[Candidate], Shared]:
    """Ask the gradebook who passed everything, and which notebooks came from several learners."""
    units = [unit.name for unit in achievement.units]
    with AwardQueries(settings) as queries:
        shared = queries.handed_in_by_several(units)
        best = queries.best_passes(units, accepted_modes(settings), learners, shared=shared)
        emails = queries.emails(learners)
    complete = [
        Candidate(learner=learner, passes=tuple(own[unit] for unit in units), email=emails.get(learner, ""))
        for learner, own in sorted(best.items())
        if len(own) == len(units)
    ]
    return complete, shared


def reason_to_stop(candidate: Candidate, ledger: Ledger, shared: Shared) -> str:
    """Say why a badge must wait for the instructor; empty if it need not."""
    for unit, digest in candidate.digests.items():
        others = (shared.get((unit, digest), frozenset()) | ledger.digests.get((unit, digest), set())) - {
            candidate.learner
        }
        if others:
            return (
                f"{unit}: {', '.join(sorted(others))} handed in the same notebook, byte for byte (SHA-256 "
                f"{digest[:12]}); settle whose work it is, and have it handed in again as their own"
            )
    return ""


def is_renewal_due(candidate: Candidate, badge: BadgeRecord, withdrawn: frozenset[str]) -> bool:
    """Say whether a badge must be signed again: a better score, or a key that counts no longer."""
    before = badge.scores
    better = any(float(percent) > float(before.get(unit, "0")) for unit, percent in candidate.scores.items())
    return better or badge.key in withdrawn
