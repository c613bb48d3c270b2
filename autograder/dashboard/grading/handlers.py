"""Requests to the instructors' pages: each reads, renders, answers. Learners get 403; nothing here writes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from tornado import web

from autograder.authoring.units import load_unit
from autograder.badge.view import issued_page
from autograder.classroom.waiting import look
from autograder.dashboard.grading import learners, records, submissions
from autograder.dashboard.grading.badges import badges_view
from autograder.dashboard.grading.listing import Asked, Column, read_asked
from autograder.dashboard.grading.notebook import picture, show_notebook
from autograder.dashboard.grading.overview import overview_view
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.runs import run_view, runs_view
from autograder.dashboard.grading.units import check_view, unit_view
from autograder.dashboard.handlers import NotForLearnersError, PageHandler
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.class_rows import PAGE_SIZE, Page
from autograder.gradebook.export import export_canvas, export_csv, export_json
from autograder.judge.feedback import feedback_page
from autograder.learner.workcopy import ASSIGNMENT
from autograder.model import Unit
from autograder.settings import Settings

LOOK_AGAIN = timedelta(seconds=30)  # the folder of submissions is looked into at most so often
NUMBER = 18  # digits of the largest id
FILES: Mapping[str, tuple[str, Callable[[Settings], Iterator[str]]]] = {  # name -> (kind, export)
    "grades.csv": ("text/csv; charset=utf-8", export_csv),
    "canvas.csv": ("text/csv; charset=utf-8", export_canvas),
    "grades.json": ("application/json", export_json),
}
Found = TypeVar("Found")


class GradingHandler(PageHandler):
    """What the instructors' pages share."""

    section = ""  # the entry of the navigation that is open

    async def prepare(  # type: ignore[override]  # jupyter_server's, which is not tornado's either
        self, *, _redirect_to_login: Any = True
    ) -> Awaitable[None] | None:
        """Let instructors in, and nobody else; strangers are led to the login by each page itself."""
        prepared: Awaitable[None] | None = await super().prepare(_redirect_to_login=_redirect_to_login)
        if self.current_user and not self.viewer.instructor:
            raise NotForLearnersError
        return prepared

    @property
    def grading(self) -> GradingPlaces:
        """Addresses below this server's base address."""
        return GradingPlaces(base=self.base_url)

    def show(self, template: str, **values: Any) -> None:
        """Render an instructors' page and finish."""
        self.page(f"grading/{template}", grading=self.grading, section=self.section, **values)

    async def ask(self, question: Callable[[ClassQueries], Found]) -> Found:
        """Put a question to the gradebook, in a thread."""

        def answer() -> Found:
            with ClassQueries(self.course_settings) as book:
                return question(book)

        found: Found = await self.aside(answer)
        return found

    async def ask_or_404(self, question: Callable[[ClassQueries], Found | None]) -> Found:
        """Put a question that may have no answer."""
        found = await self.ask(question)
        if found is None:
            raise web.HTTPError(404)
        return found

    async def units(self) -> Mapping[str, Unit]:
        """Load the units of the course that have exercises."""
        found: Mapping[str, Unit] = await self.aside(load_units, self.course_settings)
        return found

    def asked(
        self,
        columns: tuple[Column, ...] = (),
        filters: Mapping[str, Any] | None = None,
        *,
        sort: str = "",
        descending: bool = False,
    ) -> Asked:
        """Read what the address asks of a list."""
        return read_asked(
            lambda name: self.get_query_argument(name, ""),
            columns=columns,
            filters=filters or {},
            sort=sort,
            descending=descending,
        )


_loaded: dict[str, tuple[int, Unit]] = {}


def load_units(settings: Settings) -> dict[str, Unit]:
    """Load each unit once for each state of its file; one that is not built is left out."""
    found = {}
    for setting in settings.units:
        path = settings.source / setting.name / ASSIGNMENT
        if not path.is_file():
            continue
        key, stamp = str(path), path.stat().st_mtime_ns
        if key not in _loaded or _loaded[key][0] != stamp:
            _loaded[key] = (stamp, load_unit(settings, setting.name))
        if _loaded[key][1].exercises:
            found[setting.name] = _loaded[key][1]
    return found


def titles_of(units: Mapping[str, Unit]) -> dict[str, str]:
    """Map units to number and title."""
    return {name: f"{unit.number} {unit.title}" for name, unit in units.items()}


class OverviewHandler(GradingHandler):
    """How the class stands."""

    section = "overview"

    @web.authenticated
    async def get(self) -> None:
        """Show the first page; looks for new submissions, but not for everybody who reloads."""
        overview = await self.ask(lambda book: book.overview())
        seen = overview.queue_seen_at
        if seen is None or datetime.now(UTC) - seen > LOOK_AGAIN:
            self.look_later()
        units = await self.units()
        view = overview_view(overview, self.grading, titles_of(units), self.course_settings.pass_share)
        self.show("overview.html", view=view)

    def look_later(self) -> None:
        """Look into the folder of submissions behind the page's back; one look at a time."""
        looking: asyncio.Future[Any] | None = self.settings.get("course_looking")
        if looking is None or looking.done():
            loop = asyncio.get_running_loop()
            looking = loop.run_in_executor(None, look, self.course_settings)
            looking.add_done_callback(self._say_if_blind)
            self.settings["course_looking"] = looking

    def _say_if_blind(self, looking: asyncio.Future[Any]) -> None:
        if not looking.cancelled() and looking.exception() is not None:
            self.log.warning("the folder of submissions could not be looked into: %s", looking.exception())


class GradingUnitHandler(GradingHandler):
    """One unit."""

    section = "units"

    @web.authenticated
    async def get(self, unit: str) -> None:
        """Show how the class did in a unit."""
        found = (await self.units()).get(unit)
        if found is None:
            raise web.HTTPError(404)
        statistics = await self.ask(lambda book: book.unit(unit))
        view = unit_view(statistics, found, self.grading, self.course_settings.pass_share)
        self.show("unit.html", view=view, told=self.get_query_argument("told", ""))


class CheckHandler(GradingHandler):
    """One check of a unit."""

    section = "units"

    @web.authenticated
    async def get(self, unit: str, check: str) -> None:
        """Show how the class did on a check."""
        found = (await self.units()).get(unit)
        if found is None:
            raise web.HTTPError(404)
        asked = self.asked(filters={"cluster": None})
        cluster = asked.filters.get("cluster", "")
        page = await self.ask_or_404(lambda book: book.check(unit, check, cluster=cluster, page=asked.page))
        self.show("check.html", view=check_view(page, found, asked, self.grading))


class LearnersHandler(GradingHandler):
    """The class."""

    section = "learners"

    @web.authenticated
    async def get(self) -> None:
        """List learners."""
        asked = self.asked(learners.COLUMNS, learners.FILTERS, sort="name")
        page = await self.ask(
            lambda book: book.learners(
                search=asked.filters.get("search", ""),
                sort=asked.sort,
                descending=asked.descending,
                at_risk="at_risk" in asked.filters,
                contact=asked.filters.get("contact", ""),
                page=asked.page,
            )
        )
        self.show("learners.html", view=learners.learners_view(page, asked, self.grading))


class LearnerHandler(GradingHandler):
    """One learner."""

    section = "learners"

    @web.authenticated
    async def get(self, learner: str) -> None:
        """Show a learner."""
        page = await self.ask_or_404(lambda book: book.learner(learner))
        view = learners.learner_view(page, self.grading, titles_of(await self.units()))
        self.show("learner.html", view=view, told=self.get_query_argument("told", ""))


class SubmissionsHandler(GradingHandler):
    """Where learners stand in units."""

    section = "submissions"

    @web.authenticated
    async def get(self) -> None:
        """List submissions."""
        titles = titles_of(await self.units())
        filters = {"search": None, "unit": tuple(titles), "state": tuple(submissions.STATES)}
        asked = self.asked(submissions.COLUMNS, filters, sort="submitted", descending=True)
        page = await self.ask(
            lambda book: book.submissions(
                unit=asked.filters.get("unit"),
                state=asked.filters.get("state", ""),
                search=asked.filters.get("search", ""),
                sort=asked.sort,
                descending=asked.descending,
                page=asked.page,
            )
        )
        self.show("submissions.html", view=submissions.submissions_view(page, asked, self.grading, titles))


class QueueHandler(GradingHandler):
    """What waits to be graded."""

    section = "submissions"

    @web.authenticated
    async def get(self) -> None:
        """List what waits."""
        asked = self.asked()
        rows, page = await self.ask(lambda book: book.waiting(page=asked.page))
        overview = await self.ask(lambda book: book.overview())
        titles = titles_of(await self.units())
        waiting = {one.unit: one.waiting for one in overview.units}
        units = [(name, title, waiting.get(name, 0)) for name, title in titles.items()]
        self.show("queue.html", view=submissions.queue_view(rows, page, asked, self.grading, units))


class SubmissionHandler(GradingHandler):
    """One attempt."""

    section = "submissions"

    @web.authenticated
    async def get(self, attempt: str) -> None:
        """Show an attempt."""
        await self.show_attempt(number(attempt), told=self.get_query_argument("told", ""))

    async def show_attempt(self, attempt: int, *, told: str = "", problem: str = "") -> None:
        """Show an attempt, and what became of a form that was sent."""
        page = await self.ask_or_404(lambda book: book.submission(attempt))
        content = await self.ask(lambda book: book.autograded(attempt) or book.notebook(attempt))
        shown = await self.aside(show_notebook, content) if content else None
        units = await self.units()
        title = titles_of(units).get(page.attempt.unit, page.attempt.unit)
        view = submissions.submission_view(page, units.get(page.attempt.unit), self.grading, shown, title)
        self.show("submission.html", view=view, told=told, problem=problem)


class PictureHandler(GradingHandler):
    """A picture among the outputs of an attempt."""

    @web.authenticated
    async def get(self, attempt: str, place: str) -> None:
        """Send the picture; never as anything but a picture."""
        wanted, which = number(attempt), number(place)
        content = await self.ask(lambda book: book.autograded(wanted) or book.notebook(wanted))
        found = await self.aside(picture, content, which) if content else None
        if found is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", found.kind)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(found.content)


class FeedbackHandler(GradingHandler):
    """What the learner reads about an attempt."""

    @web.authenticated
    async def get(self, attempt: str) -> None:
        """Send the learner's feedback page as a file: its own style is inline, so it never stands on this site."""
        wanted = number(attempt)
        found = await self.ask_or_404(lambda book: book.attempt(wanted))
        unit = (await self.units()).get(found.unit)
        if unit is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header(
            "Content-Disposition", f'attachment; filename="feedback-{found.learner}-{found.unit}-{found.id}.html"'
        )
        self.finish(await self.aside(feedback_page, unit, found))


class RunsHandler(GradingHandler):
    """All runs."""

    section = "runs"

    @web.authenticated
    async def get(self) -> None:
        """List runs, and offer to start one."""
        await self.show_runs(told=self.get_query_argument("told", ""))

    async def show_runs(self, *, told: str = "", problem: str = "", chosen: str = "") -> None:
        """List runs, and say what became of a form that was sent."""
        asked = self.asked()
        page = await self.ask(lambda book: book.run_list(page=asked.page))
        overview = await self.ask(lambda book: book.overview())
        waiting = {one.unit: one.waiting for one in overview.units}
        titles = titles_of(await self.units())
        chosen = chosen or self.get_query_argument("unit", "") or max(waiting, key=lambda one: waiting[one], default="")
        view = runs_view(page, asked, self.grading, titles, waiting=waiting, chosen=chosen)
        self.show("runs.html", view=view, told=told, problem=problem)


class RunHandler(GradingHandler):
    """One run."""

    section = "runs"

    @web.authenticated
    async def get(self, run: str) -> None:
        """Show a run."""
        asked, wanted = self.asked(), number(run)
        page = await self.ask_or_404(lambda book: book.run_page(wanted, page=asked.page))
        view = run_view(page, asked, self.grading, titles_of(await self.units()))
        self.show("run.html", view=view, told=self.get_query_argument("told", ""))


class BadgesHandler(GradingHandler):
    """Who has a badge, and who is to get one."""

    section = "badges"

    @web.authenticated
    async def get(self) -> None:
        """List badges."""
        await self.show_badges(told=self.get_query_argument("told", ""))

    async def show_badges(self, *, told: str = "", problem: str = "", held: Sequence[tuple[str, str]] = ()) -> None:
        """List badges, and say what became of a form that was sent; *held* are (learner, why) of those held back."""
        asked = self.asked()
        awards = await self.ask(lambda book: book.award_list())
        first = (asked.page - 1) * PAGE_SIZE
        found = await self.aside(partial(issued_page, self.course_settings, first=first, count=PAGE_SIZE))
        page = Page(number=asked.page, size=PAGE_SIZE, total=found.total)
        view = badges_view(found, awards, asked, page, self.grading)
        self.show("badges.html", view=view, told=told, problem=problem, held=held)


class AuditHandler(GradingHandler):
    """Who changed what."""

    section = "audit"

    @web.authenticated
    async def get(self) -> None:
        """List changes."""
        asked = self.asked(filters=records.FILTERS)
        page = await self.ask(
            lambda book: book.audit_log(
                search=asked.filters.get("search", ""), action=asked.filters.get("action", ""), page=asked.page
            )
        )
        self.show("audit.html", view=records.audit_view(page, asked, self.grading))


class ExportHandler(GradingHandler):
    """What can be taken away."""

    section = "export"

    @web.authenticated
    async def get(self) -> None:
        """Name the files."""
        self.show("export.html", downloads=records.downloads(self.grading))


class DownloadHandler(GradingHandler):
    """One file to take away."""

    @web.authenticated
    async def get(self, name: str) -> None:
        """Send a file in pieces, so that a large class fills no memory."""
        if name not in FILES:
            raise web.HTTPError(404)
        kind, export = FILES[name]
        self.set_header("Content-Type", kind)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        pieces = iter(export(self.course_settings))
        while (piece := await self.aside(_several, pieces)) != "":
            self.write(piece)
            await self.flush()
        self.finish()


class NowhereHandler(GradingHandler):
    """Addresses below /course/grading that name nothing."""

    @web.authenticated
    async def get(self) -> None:
        """Say so."""
        raise web.HTTPError(404)


def _several(pieces: Any, wanted: int = 1 << 16) -> str:
    """Take pieces until they are worth sending."""
    taken, size = [], 0
    for piece in pieces:
        taken.append(piece)
        size += len(piece)
        if size >= wanted:
            break
    return "".join(taken)


def number(text: str) -> int:
    """Read an id from an address."""
    if len(text) > NUMBER:
        raise web.HTTPError(404)
    return int(text)
