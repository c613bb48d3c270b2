"""Handing in through a real exchange of nbgrader's."""

import hashlib
from datetime import UTC, datetime

import pytest

from autograder.classroom import exchange
from autograder.errors import PlatformError
from autograder.model import Submission
from autograder.settings import Settings

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def settings(tmp_path):
    course = tmp_path / "exchange" / "production-ml"
    (course / "inbound").mkdir(parents=True)
    (course / "outbound" / "01_training").mkdir(parents=True)
    (course / "outbound" / "01_training" / "assignment.ipynb").write_bytes(NOTEBOOK)
    return Settings(root=tmp_path, mode="class", exchange=str(tmp_path / "exchange"), learner="ada")


@pytest.fixture
def submission():
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return Submission(
        learner="ada",
        unit="01_training",
        notebook=NOTEBOOK,
        sha256=hashlib.sha256(NOTEBOOK).hexdigest(),
        submitted_at=now,
        received_at=now,
    )


def test_the_notebook_arrives_byte_for_byte_where_collect_looks(settings, submission, tmp_path):
    """`nbgrader collect` finds LEARNER+UNIT+TIME with the notebook and its time stamp."""
    exchange.hand_in(settings, submission)
    (arrived,) = (tmp_path / "exchange" / "production-ml" / "inbound").iterdir()

    assert arrived.name.startswith("ada+01_training+")
    assert (arrived / "assignment.ipynb").read_bytes() == NOTEBOOK
    assert (arrived / "timestamp.txt").read_text().endswith("UTC")


def test_only_the_exercises_are_handed_in(settings, submission, tmp_path):
    """Lessons, backups and the learner's other files stay at home."""
    (settings.work / "01_training").mkdir(parents=True)
    (settings.work / "01_training" / "diary.txt").write_text("private")
    exchange.hand_in(settings, submission)
    (arrived,) = (tmp_path / "exchange" / "production-ml" / "inbound").iterdir()

    assert {path.name for path in arrived.iterdir()} == {"assignment.ipynb", "timestamp.txt", "submission_secret.txt"}


@pytest.mark.parametrize("missing", ["inbound", "outbound/01_training"])
def test_a_closed_exchange_is_the_operators_fault_and_says_so(settings, submission, tmp_path, missing):
    """The learner learns that the file is safe and whom to ask."""
    (tmp_path / "exchange" / "production-ml" / missing).rename(tmp_path / "gone")

    with pytest.raises(PlatformError, match="Your file is safe; ask your instructor"):
        exchange.hand_in(settings, submission)
