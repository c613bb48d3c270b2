"""
Who looks, and what they may see. From the signed-in user and the settings to one record.

On a laptop the owner is the learner, and the instructor too once a gradebook exists. On JupyterHub a user's own server
shows that user's own rows only; the course's service shows the dashboard to one group, and to everybody else their own
rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.upgrade import is_there
from autograder.settings import LEARNER_NAME, Settings


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Somebody who looks at the pages."""

    name: str  # who signs changes
    learner: str  # whose rows the learner's pages show
    instructor: bool = False
    own_files: bool = True  # the working copies on this server are the viewer's


def viewer_of(user: Any, settings: Settings, instructors: str) -> Viewer:
    """
    Tell who looks.

    Args:
        user: The signed-in user, as the server's identity provider gives it.
        settings: The course.
        instructors: The group of JupyterHub that may see the dashboard; empty unless this server is its service.
    """
    hub_user = getattr(user, "hub_user", None)
    if not isinstance(hub_user, Mapping):
        return Viewer(name=settings.learner, learner=settings.learner, instructor=is_there(settings))
    name = str(hub_user.get("name", ""))
    if not instructors:
        return Viewer(name=name, learner=settings.learner)
    learner = name if LEARNER_NAME.fullmatch(name) else ""
    return Viewer(
        name=name[:128], learner=learner, instructor=instructors in hub_user.get("groups", ()), own_files=False
    )


def leads_to_dashboard(viewer: Viewer, settings: Settings) -> bool:
    """Say whether pages show the way to the dashboard: not to an owner who is the only learner in the gradebook."""
    if not viewer.instructor or settings.mode == "class" or not viewer.own_files:
        return viewer.instructor
    with ClassQueries(settings) as book:
        return book.knows_others(settings.learner)
