"""The audit: who changed what, when and why. Rows are only ever added, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from autograder.errors import CourseError
from autograder.gradebook.tables import audit as table

LONGEST_NAME = 128
LONGEST_REASON = 2000


@dataclass(frozen=True, kw_only=True)
class AuditNote:
    """Who does what to whom, and why."""

    actor: str
    action: str
    subject: str  # "learner/unit", "learner", "run 7", "unit"
    reason: str

    def checked(self, *, reason_needed: bool) -> AuditNote:
        """
        Return the note if it says who, and why where that is needed.

        Raises:
            CourseError: If the actor or the reason is missing or too long.
        """
        what = f"{self.action} {self.subject}"
        if not 0 < len(self.actor.strip()) <= LONGEST_NAME:
            raise CourseError(f"{what}: needs an actor of 1 to {LONGEST_NAME} characters")
        if len(self.reason) > LONGEST_REASON or (reason_needed and not self.reason.strip()):
            raise CourseError(f"{what}: give a reason of 1 to {LONGEST_REASON} characters")
        return self


def audit(
    conn: Connection, note: AuditNote, before: Mapping[str, Any], after: Mapping[str, Any], *, at: datetime
) -> None:
    """Add a row."""
    row = {"at": at, "actor": note.actor, "action": note.action, "subject": note.subject, "reason": note.reason}
    conn.execute(table.insert().values(**row, before=dict(before), after=dict(after)))
