"""The addresses of the instructors' pages, below the server's base address. No logic but the addresses."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, kw_only=True)
class GradingPlaces:
    """Where each page of the dashboard is."""

    base: str = "/"

    @property
    def overview(self) -> str:
        """The first page."""
        return f"{self.base}course/grading"

    @property
    def learners(self) -> str:
        """The list of the class."""
        return f"{self.overview}/learners"

    @property
    def runs(self) -> str:
        """The list of grading runs, and where a new one is posted to."""
        return f"{self.overview}/runs"

    @property
    def submissions(self) -> str:
        """Where every learner stands in every unit."""
        return f"{self.overview}/submissions"

    @property
    def queue(self) -> str:
        """What was handed in and not looked at."""
        return f"{self.overview}/queue"

    @property
    def look(self) -> str:
        """Where the wish to look for submissions now is posted to."""
        return f"{self.queue}/look"

    @property
    def badges(self) -> str:
        """What was issued and what is due."""
        return f"{self.overview}/badges"

    @property
    def issue(self) -> str:
        """Where the wish to issue what is due is posted to."""
        return f"{self.badges}/issue"

    @property
    def revoke(self) -> str:
        """Where the wish to revoke is posted to."""
        return f"{self.badges}/revoke"

    @property
    def audit(self) -> str:
        """Who changed what."""
        return f"{self.overview}/audit"

    @property
    def export(self) -> str:
        """The files to take away."""
        return f"{self.overview}/export"

    def unit(self, name: str) -> str:
        """One unit."""
        return f"{self.overview}/units/{quote(name)}"

    def check(self, unit: str, check: str) -> str:
        """One check of a unit."""
        return f"{self.unit(unit)}/checks/{quote(check, safe='')}"

    def cluster(self, unit: str, check: str, cluster: str) -> str:
        """The learners who read one kind of message."""
        return f"{_asking(self.check(unit, check), cluster=cluster)}#learners"

    def learner(self, name: str) -> str:
        """One learner."""
        return f"{self.learners}/{quote(name, safe='')}"

    def contact(self, learner: str) -> str:
        """Where the state of the contact is posted to."""
        return f"{self.learner(learner)}/contact"

    def submissions_of(self, unit: str, state: str = "") -> str:
        """The submissions of one unit that are in one state."""
        return _asking(self.submissions, unit=unit, state=state)

    def new_run(self, unit: str) -> str:
        """The form that starts a run, with a unit chosen."""
        return f"{_asking(self.runs, unit=unit)}#new-run"

    def unit_regrade(self, unit: str) -> str:
        """Where the wish to grade a whole unit once more is posted to."""
        return f"{self.unit(unit)}/regrade"

    def submission(self, attempt: int) -> str:
        """One attempt."""
        return f"{self.overview}/submissions/{attempt}"

    def picture(self, attempt: int, number: int) -> str:
        """One picture among the outputs of an attempt."""
        return f"{self.submission(attempt)}/pictures/{number}"

    def override(self, attempt: int) -> str:
        """Where an override is posted to."""
        return f"{self.submission(attempt)}/override"

    def regrade(self, attempt: int) -> str:
        """Where the wish to grade once more is posted to."""
        return f"{self.submission(attempt)}/regrade"

    def feedback(self, attempt: int) -> str:
        """What the learner reads about an attempt."""
        return f"{self.submission(attempt)}/feedback"

    def file(self, attempt: int) -> str:
        """The file that was handed in."""
        return f"{self.submission(attempt)}/file"

    def run(self, run: int) -> str:
        """One grading run."""
        return f"{self.runs}/{run}"

    def cancel(self, run: int) -> str:
        """Where the wish to cancel is posted to."""
        return f"{self.run(run)}/cancel"

    def progress(self, run: int) -> str:
        """How far a run has come, as JSON."""
        return f"{self.run(run)}/progress"

    def events(self, run: int) -> str:
        """How far a run has come, as a stream."""
        return f"{self.run(run)}/events"

    def download(self, name: str) -> str:
        """One file to take away."""
        return f"{self.export}/{quote(name)}"


def _asking(place: str, **arguments: str) -> str:
    asked = {name: value for name, value in arguments.items() if value}
    return f"{place}?{urlencode(asked)}" if asked else place
