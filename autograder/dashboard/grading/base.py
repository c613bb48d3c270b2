"""What the instructors' pages share: who may look, how the gradebook is asked, which units there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from tornado import web

from autograder.authoring.units import load_unit
from autograder.dashboard.grading.listing import Asked, Column, read_asked
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.handlers import NotForLearnersError, PageHandler
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.desk import Desk
from autograder.learner.workcopy import ASSIGNMENT
from autograder.model import Unit
from autograder.settings import Settings

NUMBER = 18  # digits of the largest id
Found = TypeVar("Found")
_loaded: dict[str, tuple[int, Unit]] = {}


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

    async def show(self, template: str, **values: Any) -> None:
        """Render an instructors' page and finish."""
        await self.page(f"grading/{template}", grading=self.grading, section=self.section, grading_tab=True, **values)

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


def follow_formgrader(settings: Settings) -> None:
    """Let points count that people gave in nbgrader's formgrader; cheap where there are none."""
    with ClassQueries(settings) as book:
        changed = book.changed_in_formgrader()
    if changed:
        with Desk(settings) as desk:
            desk.follow_formgrader()


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


def number(text: str) -> int:
    """Read an id from an address."""
    if len(text) > NUMBER:
        raise web.HTTPError(404)
    return int(text)
