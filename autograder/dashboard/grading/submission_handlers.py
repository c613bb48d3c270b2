"""Requests to the pages about submissions: the list, the queue, one submission with its pictures and feedback."""

from __future__ import annotations

from tornado import web

from autograder.dashboard.grading import submissions
from autograder.dashboard.grading.base import GradingHandler, follow_formgrader, number, titles_of
from autograder.dashboard.grading.notebook import picture, show_notebook
from autograder.dashboard.grading.one_submission import submission_view
from autograder.judge.feedback import feedback_page


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
        await self.show("submissions.html", view=submissions.submissions_view(page, asked, self.grading, titles))


class QueueHandler(GradingHandler):
    """What waits to be graded."""

    section = "submissions"

    @web.authenticated
    async def get(self) -> None:
        """List what waits."""
        asked = self.asked()
        rows, page = await self.ask(lambda book: book.waiting(page=asked.page))
        waiting = await self.ask(lambda book: book.waiting_counts())
        titles = titles_of(await self.units())
        units = [(name, title, waiting.get(name, 0)) for name, title in titles.items()]
        await self.show("queue.html", view=submissions.queue_view(rows, page, asked, self.grading, units))


class SubmissionHandler(GradingHandler):
    """One attempt."""

    section = "submissions"

    @web.authenticated
    async def get(self, attempt: str) -> None:
        """Show an attempt."""
        await self.show_attempt(number(attempt), told=self.get_query_argument("told", ""))

    async def show_attempt(self, attempt: int, *, told: str = "", problem: str = "") -> None:
        """Show an attempt, and what became of a form that was sent."""
        await self.aside(follow_formgrader, self.course_settings)
        page = await self.ask_or_404(lambda book: book.submission(attempt))
        content = await self.ask(lambda book: book.autograded(attempt) or book.notebook(attempt))
        shown = await self.aside(show_notebook, content) if content else None
        units = await self.units()
        title = titles_of(units).get(page.attempt.unit, page.attempt.unit)
        view = submission_view(page, units.get(page.attempt.unit), self.grading, shown, title)
        await self.show("submission.html", view=view, told=told, problem=problem)


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


class FileHandler(GradingHandler):
    """What a learner handed in."""

    @web.authenticated
    async def get(self, attempt: str) -> None:
        """Send the file, byte for byte, to keep; a browser never shows it."""
        wanted = number(attempt)
        found = await self.ask_or_404(lambda book: book.attempt(wanted))
        content = await self.ask_or_404(lambda book: book.notebook(wanted))
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Disposition", f'attachment; filename="{found.learner}-{found.unit}-{found.id}.ipynb"')
        self.finish(content)
