"""
What the instructor's pages ask the gradebook: one method a page, each answered from kept numbers and indexes.

Reads only. A gradebook that is not there yet is an empty one: pages are then empty, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, StaticPool, create_engine

from autograder.gradebook import by_hand, class_analysis, class_lists, class_overview, class_people, class_runs
from autograder.gradebook import nbgrader_tables as nbgrader
from autograder.gradebook.class_rows import (
    CheckPage,
    LearnerPage,
    LearnerRow,
    LearnersPage,
    Overview,
    Page,
    RunState,
    UnitStatistics,
)
from autograder.gradebook.class_tables import metadata
from autograder.gradebook.clock import utc_now
from autograder.gradebook.queries import Queries
from autograder.gradebook.work_rows import (
    AuditPage,
    AwardsPage,
    RunPage,
    RunsPage,
    SubmissionPage,
    SubmissionsPage,
    Waiting,
)
from autograder.settings import Settings


class ClassQueries(Queries):
    """Reads a class. Use it as a context manager, for one page; it sees one moment in each method."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings)
        self._clock = clock

    @property
    def _units(self) -> list[str]:
        return [unit.name for unit in self._settings.units]

    def overview(self) -> Overview:
        """Tell the first page: counts of every unit of course.toml, days, the queue, what needs attention."""
        with self.reading() as conn:
            latest = class_runs.latest_runs(conn, self._units, self._clock())
            return class_overview.overview(conn, self._units, latest)

    def unit(self, unit: str) -> UnitStatistics:
        """Tell the page of one unit."""
        with self.reading() as conn:
            counts = class_overview.unit_counts(conn, [unit])[0]
            return class_analysis.unit_statistics(conn, counts)

    def check(self, unit: str, check: str, *, cluster: str = "", page: int = 1) -> CheckPage | None:
        """Tell the page of one check; None if nobody was graded by it under today's tests."""
        with self.reading() as conn:
            return class_analysis.check_page(conn, unit, check, cluster=cluster, page=page)

    def learners(
        self,
        *,
        search: str = "",
        sort: str = "name",
        descending: bool = False,
        at_risk: bool = False,
        contact: str = "",
        page: int = 1,
    ) -> LearnersPage:
        """Tell a page of the list of learners. Raises ValueError for an unknown sort or contact state."""
        with self.reading() as conn:
            return class_lists.learners(
                conn,
                search=search,
                sort=sort,
                descending=descending,
                only_at_risk=at_risk,
                contact=contact,
                page=page,
            )

    def roster(self) -> tuple[LearnerRow, ...]:
        """Tell everybody in the class, by name."""
        with self.reading() as conn:
            return class_lists.roster(conn)

    def learner(self, learner: str) -> LearnerPage | None:
        """Tell the page of one learner."""
        with self.reading() as conn:
            return class_people.learner_page(conn, learner)

    def knows_others(self, learner: str) -> bool:
        """Say whether anybody but *learner* is in the gradebook."""
        with self.reading() as conn:
            return class_lists.knows_others(conn, learner)

    def names(self, learners: Sequence[str]) -> dict[str, str]:
        """Map ids, a page of them, to names; an id that nobody knows is left out."""
        with self.reading() as conn:
            return class_lists.names(conn, learners)

    def submissions(
        self,
        *,
        unit: str | None = None,
        state: str = "",
        search: str = "",
        sort: str = "submitted",
        descending: bool = True,
        page: int = 1,
    ) -> SubmissionsPage:
        """Tell a page of the list of submissions. Raises ValueError for an unknown sort or state."""
        with self.reading() as conn:
            return class_lists.submissions(
                conn, unit=unit, state=state, search=search, sort=sort, descending=descending, page=page
            )

    def waiting(self, *, unit: str | None = None, page: int = 1) -> tuple[tuple[Waiting, ...], Page]:
        """Tell a page of the queue."""
        with self.reading() as conn:
            return class_lists.waiting(conn, unit=unit, page=page)

    def waiting_counts(self) -> dict[str, int]:
        """Count what waits in each unit of course.toml."""
        with self.reading() as conn:
            return class_lists.waiting_counts(conn, self._units)

    def submission(self, attempt: int) -> SubmissionPage | None:
        """Tell the page of one attempt."""
        with self.reading() as conn:
            return class_people.submission_page(conn, attempt)

    def run_list(self, *, page: int = 1) -> RunsPage:
        """Tell all runs and what is in quarantine."""
        with self.reading() as conn:
            return class_runs.run_list(conn, page=page, now=self._clock())

    def run_page(self, run: int, *, page: int = 1) -> RunPage | None:
        """Tell one run and what it could not grade."""
        with self.reading() as conn:
            return class_runs.run_page(conn, run, page=page, now=self._clock())

    def run_state(self, run: int) -> RunState | None:
        """Tell how far a run is; for whoever watches it."""
        with self.reading() as conn:
            return class_runs.one_run(conn, run, self._clock())

    def changed_in_formgrader(self) -> bool:
        """Say whether people gave points in nbgrader's formgrader that do not count here yet."""
        with self.reading() as conn:
            return bool(by_hand.differences(conn))

    def award_list(self, *, page: int = 1) -> AwardsPage:
        """Tell the awards, and who has earned one that was not recorded yet."""
        required = [unit.name for unit in self._settings.units if unit.required]
        with self.reading() as conn:
            return class_people.award_list(conn, required, page=page)

    def audit_log(self, *, search: str = "", action: str = "", page: int = 1) -> AuditPage:
        """Tell a page of the audit."""
        with self.reading() as conn:
            return class_people.audit_log(conn, search=search, action=action, page=page)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that only reads; of a gradebook that is not there, an empty one."""
        with self._connection() as conn:
            if conn is not None:
                yield conn
                return
        engine = create_engine("sqlite://", poolclass=StaticPool)
        try:
            with engine.connect() as nothing:
                metadata.create_all(nothing)
                nbgrader.metadata.create_all(nothing)
                yield nothing
        finally:
            engine.dispose()
