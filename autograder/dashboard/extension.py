"""The Jupyter server extension: finds settings, templates and static files, and names the addresses."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_server.extension.application import ExtensionApp, ExtensionAppJinjaMixin
from traitlets import Bool, Instance, Unicode

from autograder.dashboard.door import open_door
from autograder.dashboard.grading import actions, events, submission_handlers
from autograder.dashboard.grading import handlers as grading
from autograder.dashboard.handlers import CourseHandler, MissingHandler, SubmitHandler, UnitHandler
from autograder.dashboard.profile_handlers import BadgeFileHandler, ProfileHandler, QrHandler, VerifyPageHandler
from autograder.dashboard.service import close_all_but_the_course
from autograder.errors import GraderError
from autograder.gradebook.upgrade import upgrade
from autograder.settings import Settings, load_settings

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from autograder.judge.pool import Pool
    from autograder.workflows import SubmitOutcome

HERE = Path(__file__).resolve().parent
UNIT = r"(?P<unit>\d\d_[a-z0-9_]+)"
CHECK = r"(?P<check>[^/]{1,200})"
LEARNER = r"(?P<learner>[^/]{1,128})"
ATTEMPT = r"(?P<attempt>\d+)"
RUN = r"(?P<run>\d+)"
GRADING = [  # below /course/grading
    (r"/?", grading.OverviewHandler),
    (rf"/units/{UNIT}", grading.GradingUnitHandler),
    (rf"/units/{UNIT}/regrade", actions.RegradeUnitHandler),
    (rf"/units/{UNIT}/checks/{CHECK}", grading.CheckHandler),
    (r"/learners", grading.LearnersHandler),
    (rf"/learners/{LEARNER}", grading.LearnerHandler),
    (rf"/learners/{LEARNER}/contact", actions.ContactHandler),
    (r"/submissions", submission_handlers.SubmissionsHandler),
    (r"/queue", submission_handlers.QueueHandler),
    (r"/queue/look", actions.LookHandler),
    (rf"/submissions/{ATTEMPT}", submission_handlers.SubmissionHandler),
    (rf"/submissions/{ATTEMPT}/override", actions.OverrideHandler),
    (rf"/submissions/{ATTEMPT}/regrade", actions.RegradeHandler),
    (rf"/submissions/{ATTEMPT}/feedback", submission_handlers.FeedbackHandler),
    (rf"/submissions/{ATTEMPT}/file", submission_handlers.FileHandler),
    (rf"/submissions/{ATTEMPT}/pictures/(?P<place>\d+)", submission_handlers.PictureHandler),
    (r"/runs", actions.StartRunHandler),
    (rf"/runs/{RUN}", grading.RunHandler),
    (rf"/runs/{RUN}/cancel", actions.CancelRunHandler),
    (rf"/runs/{RUN}/progress", events.ProgressHandler),
    (rf"/runs/{RUN}/events", events.EventsHandler),
    (r"/badges", grading.BadgesHandler),
    (r"/badges/issue", actions.IssueHandler),
    (r"/badges/revoke", actions.RevokeHandler),
    (r"/audit", grading.AuditHandler),
    (r"/export", grading.ExportHandler),
    (r"/export/(?P<name>[a-z.]+)", grading.DownloadHandler),
    (r"/.*", grading.NowhereHandler),
]


class WarmGrader:
    """
    Hands in and grades on servers that stay warm; the pages and the socket know it as one call.

    The judge and nbgrader are imported at the first use or by `warm`, because the pages need neither.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._lock = threading.Lock()

    def __call__(self, settings: Settings, unit: str) -> SubmitOutcome:
        """Submit the learner's working copy."""
        from autograder.workflows import submit

        return submit(settings, unit, pool=self._started())

    def warm(self) -> None:
        """Start the servers of the unit that the learner will hand in next."""
        from autograder.learner.status import read_status
        from autograder.workflows import load_material

        units = [one.unit.name for one in read_status(self._settings).units if one.has_exercises and not one.passed]
        if self._settings.mode == "self-study" and units:
            material = load_material(self._settings, units[0])
            self._started().pair(material.unit, material.source, own_work=True)

    def close(self) -> None:
        """End the servers."""
        if self._pool is not None:
            self._pool.close()

    def _started(self) -> Pool:
        from autograder.judge.pool import Pool

        with self._lock:
            if self._pool is None:
                self._pool = Pool(self._settings)
            return self._pool


class CourseApp(ExtensionAppJinjaMixin, ExtensionApp):
    """Serves /course."""

    name = "course"
    extension_url = "/course"
    static_paths = [str(HERE / "static")]  # noqa: RUF012 - a trait's default, which traitlets copies
    template_paths = [str(HERE / "templates")]  # noqa: RUF012

    warm_up = Bool(False, config=True, help="Start the judge's servers with the server, not with the first submission.")
    grader: WarmGrader
    door: asyncio.Server | None = None
    warming: asyncio.Future[None]
    root = Unicode("", config=True, help="Folder of course.toml; found from the working folder if empty.")
    given = Instance(Settings, allow_none=True, config=True, help="The course, where it was read already.")
    instructors = Unicode(
        "", config=True, help="On JupyterHub, in the course's service: the group that sees the dashboard."
    )

    def initialize_settings(self) -> None:
        """Give the handlers what they need."""
        settings = self.given or load_settings(Path(self.root) if self.root else None)
        self.grader = WarmGrader(settings)
        self.settings.update(
            course_settings=settings,
            course_submit=self.grader,
            course_grading=asyncio.Lock(),
            course_instructors=self.instructors,
        )

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:  # noqa: ARG002 - jupyter_server's
        """Open the socket for `submit()` in notebooks, and start the judge's servers while nobody waits."""
        settings: Settings = self.settings["course_settings"]
        await self._bring_up_to_date(settings)
        self.door = await open_door(settings, self.settings)
        if self.warm_up:
            self.warming = asyncio.get_running_loop().run_in_executor(None, self.grader.warm)
            self.warming.add_done_callback(self._say_if_cold)

    async def _bring_up_to_date(self, settings: Settings) -> None:
        """Lead an older gradebook to this version; pages say so where that cannot be done."""
        try:
            await asyncio.get_running_loop().run_in_executor(None, upgrade, settings)
        except GraderError as error:
            self.log.warning("the gradebook was left as it is: %s", error)

    def _say_if_cold(self, warming: asyncio.Future[None]) -> None:
        if not warming.cancelled() and warming.exception() is not None:
            self.log.warning("the judge was not started in advance: %s", warming.exception())

    async def stop_extension(self) -> None:
        """Close the socket and end the servers."""
        if self.door is not None:
            self.door.close()
        await asyncio.get_running_loop().run_in_executor(None, self.grader.close)

    def initialize_handlers(self) -> None:
        """Name the addresses; in a hub's service close all others, also those of extensions that load later."""
        server = self.serverapp
        if self.instructors and server is not None:
            close_all_but_the_course(server.web_app, server.base_url)
        self.handlers.extend(
            [
                (r"/course/?", CourseHandler),
                (rf"/course/units/{UNIT}/?", UnitHandler),
                (rf"/course/units/{UNIT}/submit", SubmitHandler),
                (r"/course/profile/?", ProfileHandler),
                (r"/course/profile/verify/?", VerifyPageHandler),
                (r"/course/profile/qr\.svg", QrHandler),
                (r"/course/profile/badge\.(?P<form>json|png|svg)", BadgeFileHandler),
                *((rf"/course/grading{place}", handler) for place, handler in GRADING),
                (r"/course/.*", MissingHandler),
            ]
        )
