"""Files that appear as a whole: what a reader can see while one is written, and after a crash."""

import pytest

from exercises import atomic_write


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_when_the_block_ends(tmp_path):
    """While the draft is written nobody finds the file; afterwards it is there, and nothing else."""
    with atomic_write(tmp_path / "plan.txt") as draft:
        draft.write_text("January")
        assert not (tmp_path / "plan.txt").exists()
        assert draft.parent == tmp_path

    assert names(tmp_path) == ["plan.txt"]
    assert (tmp_path / "plan.txt").read_text() == "January"


def test_an_older_file_stays_until_it_is_replaced(tmp_path):
    """A reader gets the old content or the new one, nothing between."""
    target = tmp_path / "plan.txt"
    target.write_text("January")
    with atomic_write(str(target)) as draft:
        draft.write_text("February")
        seen = target.read_text()

    assert (seen, target.read_text()) == ("January", "February")


def test_an_error_leaves_everything_as_it_was(tmp_path):
    """The block's error goes on; no draft is left, and the old file stays."""
    target = tmp_path / "plan.txt"
    target.write_text("January")

    def write_half():
        with atomic_write(target) as draft:
            draft.write_text("Feb")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_half()

    assert names(tmp_path) == ["plan.txt"]
    assert target.read_text() == "January"


def test_a_block_that_writes_nothing_is_an_error(tmp_path):
    """An empty promise is no file."""
    with (
        pytest.raises(FileNotFoundError, match="the block wrote nothing"),
        atomic_write(tmp_path / "plan.txt"),
    ):
        pass

    assert names(tmp_path) == []


def test_two_writers_have_drafts_of_their_own(tmp_path):
    """Two jobs that write one file at a time do not write into each other's draft; the last one wins."""
    target = tmp_path / "plan.txt"
    with atomic_write(target) as first, atomic_write(target) as second:
        first.write_text("first")
        second.write_text("second")

    assert target.read_text() == "first"
    assert names(tmp_path) == ["plan.txt"]
