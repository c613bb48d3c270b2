"""Requests to the instructors' pages: each reads, renders, answers. Learners get 403; nothing here writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tornado import web

from autograder.badge.view import issued_page
from autograder.classroom.waiting import look
from autograder.dashboard.grading import learners, records
from autograder.dashboard.grading.badges import badges_view
from autograder.dashboard.grading.base import GradingHandler, follow_formgrader, number, titles_of
from autograder.dashboard.grading.overview import overview_view
from autograder.dashboard.grading.runs import run_view, runs_view
from autograder.dashboard.grading.units import check_view, unit_view
from autograder.gradebook.class_rows import PAGE_SIZE, Page
from autograder.gradebook.export import export_canvas, export_csv, export_json
from autograder.settings import Settings

LOOK_AGAIN = timedelta(seconds=30)  # the folder of submissions is looked into at most so often
FILES: Mapping[str, tuple[str, Callable[[Settings], Iterator[str]]]] = {  # name -> (kind, export)
    "grades.csv": ("text/csv; charset=utf-8", export_csv),
    "canvas.csv": ("text/csv; charset=utf-8", export_canvas),
    "grades.json": ("application/json", export_json),
}


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
        await self.show("overview.html", view=view)

    def look_later(self) -> None:
        """Look into the folder of submissions behind the page's back; one look at a time."""
        looking: asyncio.Future[Any] | None = self.settings.get("course_looking")
        if looking is None or looking.done():
            loop = asyncio.get_running_loop()
            looking = loop.run_in_executor(None, self._look, self.course_settings)
            looking.add_done_callback(self._say_if_blind)
            self.settings["course_looking"] = looking

    @staticmethod
    def _look(settings: Settings) -> None:
        look(settings)
        follow_formgrader(settings)

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
        await self.show("unit.html", view=view, told=self.get_query_argument("told", ""))


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
        await self.show("check.html", view=check_view(page, found, asked, self.grading))


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
        await self.show("learners.html", view=learners.learners_view(page, asked, self.grading))


class LearnerHandler(GradingHandler):
    """One learner."""

    section = "learners"

    @web.authenticated
    async def get(self, learner: str) -> None:
        """Show a learner."""
        page = await self.ask_or_404(lambda book: book.learner(learner))
        view = learners.learner_view(page, self.grading, titles_of(await self.units()))
        await self.show("learner.html", view=view, told=self.get_query_argument("told", ""))


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
        waiting = await self.ask(lambda book: book.waiting_counts())
        titles = titles_of(await self.units())
        chosen = chosen or self.get_query_argument("unit", "") or max(waiting, key=lambda one: waiting[one], default="")
        public = self.course_settings.inputs_are_public
        view = runs_view(page, asked, self.grading, titles, waiting=waiting, chosen=chosen, public_inputs=public)
        await self.show("runs.html", view=view, told=told, problem=problem)


class RunHandler(GradingHandler):
    """One run."""

    section = "runs"

    @web.authenticated
    async def get(self, run: str) -> None:
        """Show a run."""
        asked, wanted = self.asked(), number(run)
        page = await self.ask_or_404(lambda book: book.run_page(wanted, page=asked.page))
        view = run_view(page, asked, self.grading, titles_of(await self.units()))
        await self.show("run.html", view=view, told=self.get_query_argument("told", ""))


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
        names = await self.ask(lambda book: book.names([one.learner for one in found.badges]))
        view = badges_view(found, awards, names, asked, page, self.grading)
        await self.show("badges.html", view=view, told=told, problem=problem, held=held)


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
        await self.show("audit.html", view=records.audit_view(page, asked, self.grading))


class ExportHandler(GradingHandler):
    """What can be taken away."""

    section = "export"

    @web.authenticated
    async def get(self) -> None:
        """Name the files."""
        await self.show("export.html", downloads=records.downloads(self.grading))


class DownloadHandler(GradingHandler):
    """One file to take away."""

    @web.authenticated
    async def get(self, name: str) -> None:
        """Send a file in pieces, so that a large class fills no memory."""
        if name not in FILES:
            raise web.HTTPError(404)
        kind, export = FILES[name]
        await self.aside(follow_formgrader, self.course_settings)
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
