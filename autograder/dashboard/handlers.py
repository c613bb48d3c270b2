"""Requests to pages: each reads, renders, answers. Decides who may look and what a browser may load, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerJinjaMixin, ExtensionHandlerMixin
from tornado import web

from autograder.badge.view import ProfileView, profile_view
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.pages import overview_page, unit_page
from autograder.dashboard.roles import Viewer, leads_to_dashboard, viewer_of
from autograder.dashboard.views import Places
from autograder.errors import CourseError, GraderError, PlatformError
from autograder.learner.status import CourseStatus, read_status
from autograder.settings import Settings

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

PROBLEMS = {  # status -> (title, what to do)
    403: (
        "This form is too old",
        "The course was started again since the page was opened. Open it afresh and try again.",
    ),
    404: ("No such page", "The address names nothing in this course."),
    500: ("That was our fault", "Your work is safe. Try again; if this page comes back, run `course doctor`."),
}


NOT_FOR_LEARNERS = (
    "This page is for instructors",
    "You are signed in as a learner. Your own points and feedback stand on the course page.",
)


class NotForLearnersError(web.HTTPError):
    """Somebody who is no instructor asked for an instructors' page."""

    def __init__(self) -> None:
        super().__init__(403)


class PageHandler(ExtensionHandlerMixin, ExtensionHandlerJinjaMixin, JupyterHandler):
    """What all course pages share."""

    @property
    def content_security_policy(self) -> str:
        """Nothing inline, nothing from elsewhere, never in a frame."""
        return POLICY

    def set_default_headers(self) -> None:
        """Keep grades out of shared caches and addresses out of other sites' logs."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "same-origin")

    @property
    def course_settings(self) -> Settings:
        """The course that this server serves."""
        return self.settings["course_settings"]  # type: ignore[no-any-return]

    @property
    def places(self) -> Places:
        """Addresses below this server's base address."""
        return Places(base=self.base_url)

    @property
    def viewer(self) -> Viewer:
        """Who looks, and what they may see."""
        return viewer_of(self.current_user, self.course_settings, self.settings["course_instructors"])

    async def aside(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run what reads or grades in a thread, so that the server goes on answering others."""
        return await asyncio.get_running_loop().run_in_executor(None, partial(function, *arguments))

    async def read(self) -> CourseStatus:
        """Read where the viewer stands now: from the gradebook alone where the working copies are elsewhere."""
        viewer = self.viewer
        if not viewer.learner:
            raise web.HTTPError(404)
        settings = replace(self.course_settings, learner=viewer.learner)
        status: CourseStatus = await self.aside(read_status, settings)
        return status if viewer.own_files else without_files(status)

    async def page(self, template: str, **values: Any) -> None:
        """Render a template in a thread, so that a long table keeps nobody waiting, and finish."""
        values = self.common() | values
        if "grading_tab" not in values:
            values["grading_tab"] = await self.aside(leads_to_dashboard, self.viewer, self.course_settings)
        self.finish(await self.aside(partial(self.rendered, template, **values)))

    def common(self) -> dict[str, Any]:
        """Give what every template needs; reading the token may set its cookie, so it is read before any thread."""
        return {
            "course": self.course_settings.title,
            "places": self.places,
            "asset": lambda name: self.static_url(name),
            "xsrf_token": self.xsrf_token.decode("ascii"),
            "viewer": self.viewer,
            "grading_home": GradingPlaces(base=self.base_url).overview,
        }

    def rendered(self, template: str, **values: Any) -> str:
        """Render a template."""
        return str(self.get_template(template).render(**values))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what happened in words; the log has the traceback."""
        title, message = PROBLEMS.get(status_code, PROBLEMS[500])
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, NotForLearnersError):
            title, message = NOT_FOR_LEARNERS
        elif isinstance(error, PlatformError):
            message = str(error)
        tab = self.viewer.instructor and self.course_settings.mode == "class"  # asks no gradebook: it may be the fault
        self.finish(self.rendered("problem.html", title=title, message=message, grading_tab=tab, **self.common()))

    async def show_unit(self, name: str, *, problem: str = "", submitted: bool = False) -> None:
        """Show one unit with the feedback of its last submission."""
        status = await self.read()
        found = [unit for unit in status.units if unit.unit.name == name]
        if not found:
            raise web.HTTPError(404, f"no unit {name}")
        page = unit_page(found[0], self.places, self.course_settings, problem=problem, submitted=submitted)
        await self.page("unit.html", page=page, badge=await self.badge_notice() if submitted else "")

    async def badge_notice(self) -> str:
        """Say that the viewer has earned the badge; empty before, and in a course that has none."""
        try:
            view: ProfileView = await self.aside(profile_view, self.course_settings, self.viewer.learner)
        except CourseError:  # no required unit has exercises yet
            return ""
        return view.message if view.state == "earned" else ""


def without_files(status: CourseStatus) -> CourseStatus:
    """Forget what was read from working copies: on a hub's service they are not the viewer's."""
    nothing: dict[str, Any] = {"lesson_touched": False, "exercises_touched": False, "saved_at": None}
    nothing |= {"answers_changed": False, "visible_passed": frozenset()}
    return replace(status, units=tuple(replace(unit, **nothing) for unit in status.units), notices=())


class CourseHandler(PageHandler):
    """All units and the next step."""

    @web.authenticated
    async def get(self) -> None:
        """Show the course page."""
        page = overview_page(await self.read(), self.places, self.course_settings)
        await self.page("course.html", page=page, badge=await self.badge_notice())


class UnitHandler(PageHandler):
    """One unit."""

    @web.authenticated
    async def get(self, unit: str) -> None:
        """Show a unit's exercises and its last feedback."""
        await self.show_unit(unit, submitted=self.get_query_argument("submitted", "") == "yes")


class MissingHandler(PageHandler):
    """Addresses below /course that name nothing."""

    @web.authenticated
    async def get(self) -> None:
        """Say so."""
        raise web.HTTPError(404)


class SubmitHandler(PageHandler):
    """Hand in the working copy of one unit."""

    @web.authenticated
    async def get(self, unit: str) -> None:
        """Lead a reloaded address back to its unit."""
        self.redirect(self.places.unit(unit))

    @web.authenticated
    async def post(self, unit: str) -> None:
        """Submit, grade, and show the result at an address that may be reloaded."""
        if unit not in {setting.name for setting in self.course_settings.units} or not self.viewer.own_files:
            raise web.HTTPError(404, f"no unit {unit} to hand in from here")
        try:
            async with self.settings["course_grading"]:  # a second click waits and is answered from the gradebook
                outcome = await self.aside(self.settings["course_submit"], self.course_settings, unit)
        except GraderError as error:
            self.set_status(409)
            await self.show_unit(unit, problem=str(error))
            return
        if outcome.state == "refused":
            self.set_status(409)
            await self.show_unit(unit, problem=outcome.reason)
            return
        if outcome.badge and await self.has_badge():
            self.redirect(f"{self.places.profile}#badge-title", status=303)  # the focus goes to the badge
            return
        self.redirect(f"{self.places.unit(unit)}?submitted=yes", status=303)

    async def has_badge(self) -> bool:
        """Say whether the badge that is due could be issued, too."""
        view: ProfileView = await self.aside(profile_view, self.course_settings, self.viewer.learner)
        return view.state == "earned"
