"""What lies in the folder of submissions is hostile until it was looked at."""

import os
from datetime import UTC, datetime

import pytest
from classroom_cases import class_settings, hand_in
from gradebook_cases import UNIT

from autograder.classroom.collect import collect, roster

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return class_settings(tmp_path)


def collected(settings, learner="ada"):
    return next(collect(settings, UNIT, [learner], now=NOW))


def test_a_submission_is_read_byte_for_byte_with_its_time(settings):
    """The learner's bytes, nbgrader's time stamp."""
    folder = hand_in(settings, "ada", stamp="2026-03-01 07:00:00.500000 EST\n")
    found = collected(settings).submission

    assert found.notebook == (folder / "assignment.ipynb").read_bytes()
    assert (found.submitted_at, found.received_at) == (datetime(2026, 3, 1, 12, 0, 0, 500000, tzinfo=UTC), NOW)


def test_the_roster_lists_who_handed_in_this_unit(settings):
    """Sorted; hidden folders and other units are not looked at."""
    for learner in ("cy", "ada"):
        hand_in(settings, learner)
    (settings.submitted / "bob" / "02_other").mkdir(parents=True)
    (settings.submitted / ".tmp" / UNIT).mkdir(parents=True)

    assert roster(settings, UNIT) == (["ada", "cy"], [])


def test_a_folder_that_can_be_no_learners_is_named(settings):
    """It is skipped, but not in silence."""
    (settings.submitted / "ada lovelace" / UNIT).mkdir(parents=True)
    hand_in(settings, "bob")
    (settings.submitted / "carl").symlink_to(settings.submitted / "bob")
    learners, problems = roster(settings, UNIT)

    assert learners == ["bob"]
    assert [problem.split(":")[0].rsplit("/", 1)[1] for problem in problems] == ["ada lovelace", "carl"]


def link_to_secret(folder, secret):
    (folder / "assignment.ipynb").unlink()
    (folder / "assignment.ipynb").symlink_to(secret)


def hard_link_to_secret(folder, secret):
    (folder / "assignment.ipynb").unlink()
    os.link(secret, folder / "assignment.ipynb")


def pipe(folder, _secret):
    (folder / "assignment.ipynb").unlink()
    os.mkfifo(folder / "assignment.ipynb")


def linked_folder(folder, secret):
    folder.rename(folder.parent / "elsewhere")
    folder.symlink_to(secret.parent)


def no_notebook(folder, _secret):
    (folder / "assignment.ipynb").unlink()


def a_file_for_a_folder(folder, _secret):
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    folder.write_text("homework")


def two_others(folder, _secret):
    (folder / "assignment.ipynb").rename(folder / "a.ipynb")
    (folder / "b.ipynb").write_text("{}")


def too_large(folder, _secret):
    (folder / "assignment.ipynb").write_bytes(b" " * (11 << 20))


TRICKS = [
    link_to_secret,
    hard_link_to_secret,
    pipe,
    linked_folder,
    no_notebook,
    a_file_for_a_folder,
    two_others,
    too_large,
]


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_is_a_refusal_with_a_reason(settings, tmp_path, trick):
    """No link is followed, no pipe waited for, nothing of ours read."""
    private = tmp_path / "private"
    private.mkdir()
    (private / "assignment.ipynb").write_text('{"cells": [], "secret": "private"}')
    trick(hand_in(settings, "ada"), private / "assignment.ipynb")
    found = collected(settings)

    assert (found.submission, found.refusal.learner, found.refusal.fault) == (None, "ada", False)
    assert ";" in found.refusal.reason  # says what, and what to do
    assert b"private" not in found.refusal.notebook


@pytest.mark.parametrize(
    "stamp", ["", "yesterday", "2026-13-45", "\0", "9" * 150, "x" * 500, "0001-01-01 00:00:00 +1400"]
)
def test_a_stamp_that_is_no_moment_is_replaced_by_the_notebooks_time(settings, stamp):
    """Stock nbgrader stops the whole class at it."""
    folder = hand_in(settings, "ada", stamp=stamp)
    os.utime(folder / "assignment.ipynb", (1_772_000_000, 1_772_000_000))
    found = collected(settings)

    assert found.submission.submitted_at == datetime.fromtimestamp(1_772_000_000, UTC)
    assert found.notes[0].startswith("timestamp.txt could not be read, so the notebook's own time counts: 2026-02-25")


def test_a_linked_stamp_is_not_read(settings, tmp_path):
    """The time of another file is not a learner's to take."""
    folder = hand_in(settings, "ada", stamp=None)
    (tmp_path / "stamp").write_text("2020-01-01 00:00:00 UTC")
    (folder / "timestamp.txt").symlink_to(tmp_path / "stamp")

    assert collected(settings).submission.submitted_at.year != 2020


def test_a_missing_stamp_is_told(settings):
    """The learner learns which time counts."""
    hand_in(settings, "ada", stamp=None)

    assert collected(settings).notes[0].startswith("There was no timestamp.txt")


def test_a_broken_notebook_is_kept_for_the_instructor(settings):
    """The bytes go into the refusal, so that somebody can look at them."""
    (hand_in(settings, "ada") / "assignment.ipynb").write_bytes(b"{broken")

    assert collected(settings).refusal.notebook == b"{broken"


@pytest.mark.parametrize(
    ("stamp", "expected"), [("2026-03-01 12:00:00 UTC", datetime(2026, 3, 1, 12, tzinfo=UTC)), ("no time", None)]
)
def test_a_refusal_keeps_the_time_of_its_hand_in(settings, stamp, expected):
    """A file that nobody can read was handed in at its time all the same."""
    folder = hand_in(settings, "ada", stamp=stamp)
    (folder / "assignment.ipynb").unlink()

    assert collected(settings).refusal.submitted_at == expected
