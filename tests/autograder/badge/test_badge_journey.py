"""From a new course to a badge by the real way: build, answer, submit, judge, gradebook, issuer, verifier."""

import nbformat
import pytest

from autograder import workflows
from autograder.authoring.build import build
from autograder.authoring.scaffold import new_unit
from autograder.authoring.units import kind, load_source
from autograder.badge.checking import check_file
from autograder.badge.store import BadgeStore
from autograder.badge.verify import Verdict
from autograder.learner import workcopy
from autograder.settings import load_settings

UNIT = "07_made_up"


@pytest.fixture
def learner(tmp_path):
    """Give a learner of self-study a course of one small unit, answered as the reference answers it."""
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text("[units]\n", encoding="utf-8")
    environ = {"COURSE_LEARNER": "ada", "USER": "ada", "COURSE_KEYS": str(tmp_path / "keys")}
    new_unit(load_settings(root, environ), UNIT)
    settings = load_settings(root, environ)
    build(settings)
    workcopy.prepare(settings)
    answers = {cell.id: cell.source for cell in load_source(settings, UNIT).cells if kind(cell) == "answer"}
    path = settings.work / UNIT / workcopy.ASSIGNMENT
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, path)
    return settings


def test_the_last_submission_brings_a_badge(learner):
    """A learner hands in, passes, is told of the badge, and has it as a file that others find self-issued."""
    outcome = workflows.submit(learner, UNIT)
    badge = BadgeStore(learner).learner_file("ada", "png")

    assert outcome.badge == "You earned the Production ML systems badge. The badge has been added to your profile."
    assert check_file(badge.read_bytes()).verdict is Verdict.UNKNOWN_ISSUER


def test_handing_in_again_says_nothing_new(learner):
    """The same submission once more: the same badge, no news."""
    first = workflows.submit(learner, UNIT).badge
    before = BadgeStore(learner).learner_file("ada", "json").read_bytes()
    second = workflows.submit(learner, UNIT).badge

    assert (bool(first), second) == (True, "")
    assert BadgeStore(learner).learner_file("ada", "json").read_bytes() == before
