"""The Jupyter server extension: finds settings, templates and static files, and names the addresses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_server.extension.application import ExtensionApp, ExtensionAppJinjaMixin
from traitlets import Unicode

from autograder.dashboard.handlers import CourseHandler, MissingHandler, SubmitHandler, UnitHandler
from autograder.settings import Settings, load_settings

if TYPE_CHECKING:
    from autograder.workflows import SubmitOutcome

HERE = Path(__file__).resolve().parent
UNIT = r"(?P<unit>\d\d_[a-z0-9_]+)"


def hand_in_and_grade(settings: Settings, unit: str) -> SubmitOutcome:
    """Submit the learner's working copy; the pages know this workflow as a setting and call nothing else."""
    from autograder.workflows import submit  # here, because nbgrader takes 2 s to import and the pages need it not

    return submit(settings, unit)


class CourseApp(ExtensionAppJinjaMixin, ExtensionApp):
    """Serves /course."""

    name = "course"
    extension_url = "/course"
    static_paths = [str(HERE / "static")]  # noqa: RUF012 - a trait's default, which traitlets copies
    template_paths = [str(HERE / "templates")]  # noqa: RUF012

    root = Unicode("", config=True, help="Folder of course.toml; found from the working folder if empty.")

    def initialize_settings(self) -> None:
        """Give the handlers what they need."""
        self.settings.update(
            course_settings=load_settings(Path(self.root) if self.root else None),
            course_submit=hand_in_and_grade,
            course_grading=asyncio.Lock(),
        )

    def initialize_handlers(self) -> None:
        """Name the addresses."""
        self.handlers.extend(
            [
                (r"/course/?", CourseHandler),
                (rf"/course/units/{UNIT}/?", UnitHandler),
                (rf"/course/units/{UNIT}/submit", SubmitHandler),
                (r"/course/.*", MissingHandler),
            ]
        )
