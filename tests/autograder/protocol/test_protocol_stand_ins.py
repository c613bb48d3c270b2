"""`exercises.testing` under the judge: the same names, acting in the learner's process."""

from pathlib import PurePosixPath

import pytest

from autograder.protocol.stand_ins import installed
from exercises import testing

STORE = """
import os
from pathlib import Path
class Own: pass
def save(folder, text):
    (folder / "deep").mkdir()
    (folder / "deep" / "x.txt").write_text(text)
def here(folder): return os.path.isdir(folder), type(folder) is type(Path("/"))
def total(numbers, more): numbers.append(more); return sum(numbers)
def own(): return Own()
def link(folder): (folder / "out").symlink_to("/etc")
"""


@pytest.fixture
def swapped(answer):
    """The names of exercises.testing as a test cell sees them."""
    session = answer(STORE)
    with installed(lambda: session, lambda hash_seed: answer(STORE + f"\nseed = {hash_seed}")):
        yield session


def test_files_live_in_the_learners_process(swapped):
    """Write here, read there; write there, read here."""
    work = testing.workspace()
    work.write("a/b.bin", b"\x00\x01")
    swapped.get("save")(work.path, "text")

    assert work.names() == ("a/b.bin", "deep/x.txt")
    assert work.read("a/b.bin") == b"\x00\x01"
    assert work.read("deep/x.txt") == b"text"
    assert work.mtime("deep/x.txt") >= work.mtime("a/b.bin")
    work.remove("a/b.bin")
    assert work.names() == ("deep/x.txt",)


def test_a_path_is_pure_here_and_a_path_there(swapped):
    """A test cannot open it by accident; the answer can."""
    work = testing.workspace()

    assert type(work.path) is PurePosixPath
    assert swapped.get("here")(work.path) == (True, True)


@pytest.mark.parametrize("name", ["nothing", "deep/nothing"])
def test_a_missing_file_is_the_same_error_as_in_stock(swapped, name):
    """FileNotFoundError, from afar."""
    with pytest.raises(FileNotFoundError):
        testing.workspace().read(name)


def test_names_that_leave_the_folder_are_refused(swapped):
    """By `..`, and through a link that the answer made."""
    work = testing.workspace()
    swapped.get("link")(work.path)

    for name in ("../x", "/etc/passwd", "out/passwd"):
        with pytest.raises(ValueError, match="workspace name"):
            work.read(name)


def test_a_fresh_process_gets_copies_and_gives_values(swapped):
    """What it changes is not changed here."""
    numbers = [1, 2]

    assert testing.in_fresh_process("total", numbers, 3, hash_seed=7) == 6
    assert numbers == [1, 2]


def test_a_fresh_process_gives_no_objects(swapped):
    """A handle of a process that ends is worth nothing; a name that is missing says so."""
    with pytest.raises(TypeError, match="cannot cross"):
        testing.in_fresh_process("own")
    with pytest.raises(LookupError, match="nothing"):
        testing.in_fresh_process("nothing")


def test_the_stock_names_come_back(answer):
    """After the test cells everything is as it was."""
    stock = testing.workspace, testing.in_fresh_process

    with installed(lambda: answer(STORE), lambda _: answer(STORE)):
        assert testing.workspace is not stock[0]

    assert (testing.workspace, testing.in_fresh_process) == stock


def test_lying_files_are_checked(answer):
    """What the learner's process says about its files has the right type."""
    session = answer("import exercises.testing\nclass Lie:\n    path = 5\nexercises.testing.Workspace = Lie")

    with installed(lambda: session, lambda _: session), pytest.raises(TypeError, match="instead of"):
        testing.workspace()
