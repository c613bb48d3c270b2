"""Folders that hostile jobs leave: measured and removed without harm."""

import os

import pytest

from autograder.sandbox.inside import folders

DEPTH = 1200  # beyond the recursion limit, and thirty times the longest path


@pytest.fixture
def place(tmp_path):
    """A job's private folder, and a file outside that must live."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_text("kept")
    place = tmp_path / "job"
    place.mkdir()
    yield place
    assert (tmp_path / "outside" / "kept").read_text() == "kept"


def test_a_folder_without_end_is_removed(place):
    """Neither the recursion limit nor the longest path stops it."""
    home = os.open(".", os.O_RDONLY)
    try:
        os.chdir(place)
        for _ in range(DEPTH):
            os.mkdir("d" * 100)  # noqa: PTH102
            os.chdir("d" * 100)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY))
    finally:
        os.fchdir(home)
        os.close(home)
    folders.remove(str(place))

    assert not place.exists()


def test_links_are_removed_and_never_followed(place):
    """What they point to stays."""
    (place / "a").mkdir()
    (place / "a" / "link").symlink_to(place.parent / "outside")
    (place / "link").symlink_to(place.parent / "outside" / "kept")
    folders.remove(str(place))

    assert not place.exists()


def test_closed_folders_and_odd_names_are_removed(place):
    """Permissions and bytes that are no text change nothing."""
    (place / "a" / "b").mkdir(parents=True)
    (place / "a" / "b" / "file").write_text("x")
    os.close(os.open(os.fsencode(place) + b"/\xff\n", os.O_CREAT | os.O_WRONLY))
    os.mkfifo(place / "pipe")
    (place / "a" / "b").chmod(0)
    (place / "a").chmod(0)
    place.chmod(0)
    folders.remove(str(place))

    assert not place.exists()


def test_what_is_within_the_limits_does_not_exceed(place):
    """Files, folders and links count one each; a link counts nothing of what it points to."""
    (place / "a").mkdir()
    (place / "a" / "one").write_bytes(os.urandom(1 << 20))  # which no file system makes smaller
    (place / "two").symlink_to("/")

    assert not folders.exceeds(str(place), max_bytes=4 << 20, max_inodes=3)
    assert folders.exceeds(str(place), max_bytes=4 << 20, max_inodes=2)
    assert folders.exceeds(str(place), max_bytes=1 << 18, max_inodes=3)


def test_a_hole_in_a_file_costs_nothing(place):
    """What counts is what the file system gave."""
    with (place / "sparse").open("wb") as file:
        file.truncate(1 << 30)

    assert not folders.exceeds(str(place), max_bytes=1 << 20, max_inodes=10)


def test_a_folder_that_vanished_does_not_exceed(place):
    """A job may remove what it made while it is looked at."""
    assert not folders.exceeds(str(place / "gone"), max_bytes=1, max_inodes=1)
