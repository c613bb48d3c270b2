"""
What the badge stands for: required units, a version that changes with them, and the words for both.

Pure: knows no course, no learner and no key.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

NAME = "production-ml-systems"  # of the award in the gradebook
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "tag:production-ml-systems,2026:badge")
SELF_ISSUED = " (self-issued)"


@dataclass(frozen=True, kw_only=True)
class RequiredUnit:
    """One unit that must be passed."""

    name: str  # "01_training"
    title: str


@dataclass(frozen=True, kw_only=True)
class Achievement:
    """What a badge says was achieved."""

    title: str
    version: str
    description: str
    narrative: str  # paragraphs with an empty line between
    units: tuple[RequiredUnit, ...]
    required_percent: str
    self_issued: bool

    @property
    def id(self) -> str:
        """The same for everybody who earns this version."""
        return unique_id("achievement", self.version)

    def result_id(self, unit: str) -> str:
        """Name the description of a unit's result."""
        return unique_id("result", self.version, unit)


def unique_id(*parts: str) -> str:
    """Make the one identifier of these parts: the same parts always give the same."""
    return uuid.uuid5(NAMESPACE, json.dumps(parts)).urn


def make_achievement(
    course: str, units: Sequence[RequiredUnit], *, required_percent: str, self_issued: bool
) -> Achievement:
    """
    Put into words what these units stand for.

    Args:
        course: The course's title.
        units: All that must be passed, in order.
        required_percent: Of each unit's points.
        self_issued: The learner signs alone.
    """
    return Achievement(
        title=course + (SELF_ISSUED if self_issued else ""),
        version=version_of(units, required_percent, self_issued=self_issued),
        description=f"Builds and checks the parts of a production machine-learning system: {_list_of(units)}.",
        narrative=_narrative(units, required_percent, self_issued=self_issued),
        units=tuple(units),
        required_percent=required_percent,
        self_issued=self_issued,
    )


def version_of(units: Sequence[RequiredUnit], percent: str, *, self_issued: bool) -> str:
    """Name the version: how many units, and a digest of which ones and of what passes them."""
    text = json.dumps([[unit.name for unit in units], percent, self_issued])
    return f"{len(units)}-units-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _narrative(units: Sequence[RequiredUnit], percent: str, *, self_issued: bool) -> str:
    paragraphs = [
        f"Every required unit of the course was passed with at least {percent} % of its points: {_list_of(units)}.",
        "In each unit the holder wrote working parts of a system that serves predictions on a real year of flights. "
        "Hidden tests ran on each part; the badge names the digests of what was graded and of the tests.",
    ]
    if self_issued:
        paragraphs.insert(
            0,
            "Self-issued: the holder graded this work alone, on their own machine, and signed this badge with a key "
            "of their own. It is a record for the holder and proves nothing to others.",
        )
    return "\n\n".join(paragraphs)


def _list_of(units: Sequence[RequiredUnit]) -> str:
    return "; ".join(f"{unit.name[:2]} {unit.title}" for unit in units)
