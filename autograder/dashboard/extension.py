"""The Jupyter server extension: finds settings, templates and static files, and names the addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp, ExtensionAppJinjaMixin
from traitlets import Any as AnyTrait
from traitlets import Unicode, default

from autograder.dashboard.handlers import CourseHandler, SubmitHandler, UnitHandler
from autograder.settings import Settings, load_settings

HERE = Path(__file__).resolve().parent
UNIT = r"(?P<unit>\d\d_[a-z0-9_]+)"


class CourseApp(ExtensionAppJinjaMixin, ExtensionApp):
    """Serves /course."""

    name = "course"
    extension_url = "/course"
    static_paths = [str(HERE / "static")]  # noqa: RUF012 - a trait's default, which traitlets copies
    template_paths = [str(HERE / "templates")]  # noqa: RUF012

    root = Unicode("", config=True, help="Folder of course.toml; found from the working folder if empty.")
    submit = AnyTrait(help="Workflow that hands in and grades: (settings, unit) -> outcome.")

    @default("submit")
    def _default_submit(self) -> Callable[[Settings, str], Any]:
        from autograder.workflows import submit  # here, because it imports nbgrader: 2 s that the page need not wait

        return submit

    def initialize_settings(self) -> None:
        """Give the handlers what they need."""
        self.settings.update(
            course_settings=load_settings(Path(self.root) if self.root else None),
            course_submit=lambda settings, unit: self.submit(settings, unit),
            course_grading=asyncio.Lock(),
        )

    def initialize_handlers(self) -> None:
        """Name the addresses."""
        self.handlers.extend(
            [
                (r"/course/?", CourseHandler),
                (rf"/course/units/{UNIT}/?", UnitHandler),
                (rf"/course/units/{UNIT}/submit", SubmitHandler),
            ]
        )
