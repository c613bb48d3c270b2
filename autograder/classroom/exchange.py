"""
Handing in through nbgrader's exchange, in a class. Copies one notebook; decides nothing about it.

nbgrader's own exporter does the copying, so that `nbgrader collect` on the instructor's side finds what it expects.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeSubmit
from traitlets.config import Config

from autograder.errors import PlatformError
from autograder.model import Submission
from autograder.settings import ASSIGNMENT_FILE, Settings


def hand_in(settings: Settings, submission: Submission) -> None:
    """
    Put a submission into the exchange's inbound folder.

    Raises:
        PlatformError: If the exchange is missing, closed to this user, or does not offer the unit.
    """
    with tempfile.TemporaryDirectory(prefix="course-hand-in-") as place:
        folder = Path(place, submission.unit)
        folder.mkdir()
        (folder / ASSIGNMENT_FILE).write_bytes(submission.notebook)
        config = Config()
        config.CourseDirectory.course_id = settings.course_id
        config.CourseDirectory.assignment_id = submission.unit
        config.CourseDirectory.student_id = submission.learner
        config.Exchange.root = settings.exchange
        config.Exchange.assignment_dir = place
        config.Exchange.cache = str(settings.var / "nbgrader_cache")
        try:
            course = CourseDirectory(config=config)
            ExchangeSubmit(coursedir=course, authenticator=Authenticator(config=config), config=config).start()
        except (ExchangeError, OSError) as error:
            raise PlatformError(
                f"{settings.exchange}: nbgrader's exchange did not take {submission.unit} ({error}). "
                "Your file is safe; ask your instructor whether the unit is released and the folder open to you"
            ) from error
