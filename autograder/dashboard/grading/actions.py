"""Forms of the dashboard: each calls one write, and leads to an address that may be reloaded. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from tornado import web
from tornado.httputil import url_concat

from autograder.classroom import background
from autograder.classroom.waiting import look
from autograder.dashboard.grading.base import GradingHandler, number
from autograder.dashboard.grading.handlers import BadgesHandler, RunsHandler
from autograder.dashboard.grading.submission_handlers import SubmissionHandler
from autograder.errors import GraderError
from autograder.gradebook.desk import Desk
from autograder.gradebook.upgrade import is_there
from autograder.gradebook.work_rows import SubmissionPage
from autograder.settings import Settings

if TYPE_CHECKING:
    from autograder.badge.issuing import IssueReport

LONGEST_TEXT = 1_000  # characters of a reason or a note


class ActionHandler(GradingHandler):
    """What all forms share."""

    def text(self, name: str) -> str:
        """Read a field of the form."""
        return self.get_body_argument(name, "").strip()[:LONGEST_TEXT]

    async def at_desk(self, write: Callable[[Desk], Any]) -> Any:
        """Write to the gradebook, in a thread."""

        def sit_down() -> Any:
            with Desk(self.course_settings) as desk:
                return write(desk)

        return await self.aside(sit_down)

    def lead_to(self, place: str, told: str) -> None:
        """Answer with an address, so that a reload sends nothing again."""
        self.redirect(url_concat(place, {"told": told}), status=303)


class LookHandler(ActionHandler):
    """Look into the folder of submissions now."""

    @web.authenticated
    async def post(self) -> None:
        """Look, and show the queue."""
        await self.aside(look, self.course_settings)
        self.redirect(self.grading.queue, status=303)


class StartRunHandler(ActionHandler, RunsHandler):
    """Start a grading run."""

    @web.authenticated
    async def post(self) -> None:
        """Start a process that grades; the server goes on."""
        unit = self.text("unit")
        if unit not in await self.units():
            raise web.HTTPError(404)
        learners = [self.text("learner")] if self.text("learner") else None
        try:
            run = await self.aside(self._start, unit, learners)
        except GraderError as error:
            self.set_status(409)
            await self.show_runs(problem=str(error), chosen=unit)
            return
        self.lead_to(self.grading.run(run), "started")

    def _start(self, unit: str, learners: list[str] | None) -> int:
        return start_run(
            self.course_settings,
            unit,
            actor=self.viewer.name,
            reason=self.text("reason"),
            learners=learners,
            force=self.text("force") == "yes",
        )


class CancelRunHandler(ActionHandler):
    """Ask a run to stop."""

    @web.authenticated
    async def post(self, run: str) -> None:
        """Ask; what is being graded just now is graded by the next run."""
        wanted = number(run)
        await self.ask_or_404(lambda book: book.run_state(wanted))
        asked = await self.at_desk(lambda desk: desk.cancel_run(wanted, actor=self.viewer.name))
        self.lead_to(self.grading.run(wanted), "cancelling" if asked else "ended")


class OverrideHandler(ActionHandler, SubmissionHandler):
    """Give the points of a check by hand."""

    @web.authenticated
    async def post(self, attempt: str) -> None:
        """Override one check, or take the override back."""
        wanted = number(attempt)
        await self.ask_or_404(lambda book: book.submission(wanted))
        check, back = self.text("check"), self.text("back") == "yes"
        try:
            points = None if back else _points(self.text("points"))
            reason = self.text("reason")
            await self.at_desk(lambda desk: desk.override(wanted, check, points, actor=self.viewer.name, reason=reason))
        except (GraderError, ValueError) as error:
            self.set_status(409)
            await self.show_attempt(wanted, problem=str(error))
            return
        self.lead_to(self.grading.submission(wanted), "taken-back" if back else "overridden")


class RegradeHandler(ActionHandler, SubmissionHandler):
    """Have a submission graded once more."""

    @web.authenticated
    async def post(self, attempt: str) -> None:
        """Mark it, or take the mark away; with "now" a run for this learner starts at once."""
        wanted = number(attempt)
        page: SubmissionPage = await self.ask_or_404(lambda book: book.submission(wanted))
        learner, unit = page.attempt.learner, page.attempt.unit
        reason = self.text("reason")
        try:
            if self.text("back") == "yes":
                await self.at_desk(
                    lambda desk: desk.unmark_regrade(learner, unit, actor=self.viewer.name, reason=reason)
                )
                self.lead_to(self.grading.submission(wanted), "unmarked")
                return
            await self.at_desk(lambda desk: desk.mark_regrade(learner, unit, actor=self.viewer.name, reason=reason))
            if self.text("now") != "yes":
                self.lead_to(self.grading.submission(wanted), "marked")
                return
            run = await self.aside(self._start, learner, unit, reason)
        except (GraderError, ValueError) as error:
            self.set_status(409)
            await self.show_attempt(wanted, problem=str(error))
            return
        self.lead_to(self.grading.run(run), "started")

    def _start(self, learner: str, unit: str, reason: str) -> int:
        return start_run(self.course_settings, unit, actor=self.viewer.name, reason=reason, learners=[learner])


class RegradeUnitHandler(ActionHandler):
    """Have a whole unit graded once more."""

    @web.authenticated
    async def post(self, unit: str) -> None:
        """Mark everybody who was graded; the next run does it, and with "now" it starts at once."""
        if unit not in await self.units():
            raise web.HTTPError(404)
        reason = self.text("reason")
        try:
            await self.at_desk(lambda desk: desk.mark_unit_regrade(unit, actor=self.viewer.name, reason=reason))
        except (GraderError, ValueError):
            self.lead_to(self.grading.unit(unit), "no-reason")
            return
        if self.text("now") != "yes":
            self.lead_to(self.grading.unit(unit), "marked")
            return
        try:
            run = await self.aside(
                partial(start_run, self.course_settings, unit, actor=self.viewer.name, reason=reason)
            )
        except GraderError:  # somebody grades it just now; what is marked waits for the run after
            self.lead_to(self.grading.unit(unit), "busy")
            return
        self.lead_to(self.grading.run(run), "started")


class IssueHandler(ActionHandler, BadgesHandler):
    """Issue what is due."""

    @web.authenticated
    async def post(self) -> None:
        """Issue; a large class takes a minute, and the server answers others meanwhile."""
        try:
            report = await self.aside(self._issue)
        except GraderError as error:
            self.set_status(409)
            await self.show_badges(problem=str(error))
            return
        if report.stopped:
            await self.show_badges(told="held", held=[(one.learner, one.reason) for one in report.stopped])
            return
        self.lead_to(self.grading.badges, "issued" if report.issued or report.renewed else "nothing")

    def _issue(self) -> IssueReport:
        from autograder.badge.issuing import issue_due  # cryptography and PyLD load with it, in the thread

        return issue_due(self.course_settings, actor=self.viewer.name)


class RevokeHandler(ActionHandler, BadgesHandler):
    """Revoke one badge."""

    @web.authenticated
    async def post(self) -> None:
        """Revoke; the reason stays in the private log."""
        badge, reason = self.text("badge"), self.text("reason")
        try:
            await self.aside(self._revoke, badge, reason)
        except (GraderError, ValueError) as error:
            self.set_status(409)
            await self.show_badges(problem=str(error))
            return
        self.lead_to(self.grading.badges, "revoked")

    def _revoke(self, badge: str, reason: str) -> None:
        from autograder.badge.issuing import revoke  # as above

        revoke(self.course_settings, badge, reason=reason, actor=self.viewer.name)


class ContactHandler(ActionHandler):
    """Note how far the contact with a learner has come."""

    @web.authenticated
    async def post(self, learner: str) -> None:
        """Note it."""
        await self.ask_or_404(lambda book: book.learner(learner))
        state, note = self.text("state"), self.text("note")
        try:
            await self.at_desk(lambda desk: desk.set_contact(learner, state, actor=self.viewer.name, note=note))
        except (GraderError, ValueError) as error:
            raise web.HTTPError(400) from error
        self.lead_to(self.grading.learner(learner), "contact")


def start_run(settings: Settings, unit: str, **order: Any) -> int:
    """Start a run; nbgrader is loaded for it only once in a course's life, to make the gradebook."""
    if is_there(settings):
        return background.start(settings, unit, **order)
    from autograder import workflows

    return workflows.start_run(settings, unit, **order)


def _points(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no number of points; write for example 1.5") from None
