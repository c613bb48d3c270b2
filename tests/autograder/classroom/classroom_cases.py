"""A class that hands in a small unit, and gradings of it that need no kernel."""

import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import nbformat
from gradebook_cases import UNIT, answered, grade, small_settings, source_notebook

from autograder.authoring.units import load_unit
from autograder.errors import CourseError, PlatformError, SubmissionError
from autograder.model import Outcome


def class_settings(root, **changes):
    return small_settings(root, **changes)


def hand_in(settings, learner, code="def area(side):\n    return side * side", *, stamp="2026-03-01 12:00:00 UTC"):
    folder = settings.submitted / learner / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered(source_notebook(), code), folder / "assignment.ipynb")
    if stamp is not None:
        (folder / "timestamp.txt").write_text(stamp)
    return folder


def hand_in_later(settings, *arguments):
    """Hand in at a moment that the disk, whose clock moves in steps, tells apart from all that was before."""
    before, mark = time.time(), settings.root / "mark"
    while not mark.exists() or mark.stat().st_ctime <= before:
        mark.write_bytes(b"")
        mark.chmod(0o600)
    return hand_in(settings, *arguments)


def quick_grade(submission, *, digest, log=None, held=False):
    """
    Give points for one line of the answer; some answers make trouble.

    Args:
        submission: What was handed in.
        digest: Of the tests that are said to have graded it.
        log: Who was graded is written here.
        held: Whether an answer that waits keeps its grading until somebody kills it.
    """
    notebook = json.loads(submission.notebook)
    code = "".join(next(cell["source"] for cell in notebook["cells"] if "def area" in "".join(cell["source"])))
    if log is not None:
        with Path(log).open("a") as file:
            file.write(f"{submission.learner}\n")
    if "not a notebook" in code:
        raise SubmissionError("the notebook has no answers; hand in the one that you changed")
    if "author" in code:
        raise CourseError("check area_of_two returns numpy.float64; return a float")
    if "platform" in code:
        raise PlatformError("the kernel could not run")
    if "fault outcome" in code:
        given = grade(submission)
        faulty = replace(given.results[0], outcome=Outcome.PLATFORM_FAULT)
        return replace(given, results=(faulty, *given.results[1:]), suite_digest=digest)
    if "worker dies" in code:
        os._exit(9)
    if "dawdles" in code:
        time.sleep(0.02)
    if "waits" in code and held:
        threading.Event().wait()
    points = (2.0, 1.0, 2.0) if "side * side" in code else (0.0, 0.0, 1.0)
    return replace(grade(submission, earned=points, autograded=submission.notebook), suite_digest=digest)


def digest_of(settings):
    return load_unit(settings, UNIT).suite_digest
