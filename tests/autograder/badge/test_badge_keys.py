"""Key files: made once, and read only when nobody else can have read or placed them."""

import base64
import os
import pickle
import stat
import traceback

import pytest

from autograder.badge.keys import key_path, load_key, make_key
from autograder.errors import PlatformError


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def test_a_key_is_for_its_owner_only(folder):
    """The file has mode 0600, its folder 0700."""
    path = key_path(folder, make_key(folder).did)

    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, folder)] == [0o600, 0o700]


def test_a_key_that_was_made_can_be_loaded(folder):
    """The same key signs after it was read again: Ed25519 has one signature a message."""
    made = make_key(folder)

    assert load_key(folder, made.did).sign(b"message") == made.sign(b"message")


def test_a_key_is_never_made_in_a_work_tree(tmp_path):
    """A key in a git work tree would be committed one day."""
    (tmp_path / ".git").mkdir()

    with pytest.raises(PlatformError, match="work tree"):
        make_key(tmp_path / "a" / "keys")
    assert not (tmp_path / "a").exists()


def open_to_group(folder, path):
    path.chmod(0o640)


def open_folder(folder, path):
    folder.chmod(0o750)


def linked(folder, path):
    real = path.with_suffix(".real")
    path.rename(real)
    path.symlink_to(real)


def linked_hard(folder, path):
    os.link(path, folder / "second.pem")


def a_pipe(folder, path):
    path.unlink()
    os.mkfifo(path, 0o600)


def garbage(folder, path):
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")


def anothers_key(folder, path):
    other = make_key(folder)
    key_path(folder, other.did).rename(path)


def in_work_tree(folder, path):
    (folder.parent / ".git").mkdir()


def missing(folder, path):
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (open_to_group, "chmod 600"),
        (open_folder, "chmod 700"),
        (linked, "no link"),
        (linked_hard, "second name"),
        (a_pipe, "must be a file"),
        (garbage, "no Ed25519 key"),
        (anothers_key, "holds the key of"),
        (in_work_tree, "work tree"),
        (missing, "restore it"),
    ],
)
def test_a_key_that_others_may_know_or_have_placed_is_refused(folder, spoil, said):
    """Open modes, links, pipes, strangers and work trees: each is refused with what to do."""
    did = make_key(folder).did
    spoil(folder, key_path(folder, did))

    with pytest.raises(PlatformError, match=said):
        load_key(folder, did)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_user_is_refused(folder):
    """A key that somebody else owns is not used."""
    did = make_key(folder).did
    os.chown(key_path(folder, did), 12345, -1)

    with pytest.raises(PlatformError, match="another user"):
        load_key(folder, did)


def private_texts(folder, did):
    """Write the private bytes in every way in which they could leak."""
    pem = key_path(folder, did).read_bytes()
    raw = base64.b64decode(pem.splitlines()[1])[-32:]
    return [pem.splitlines()[1][-40:].decode(), raw.hex(), base64.b64encode(raw).decode()[:-2], repr(raw)[2:-1]]


def traceback_with_locals(function, *arguments):
    with pytest.raises((PlatformError, TypeError)) as caught:
        function(*arguments)
    return "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())


def test_a_signer_does_not_tell_its_key(folder):
    """Neither its text, nor a pickle, nor a traceback with all locals shows private bytes."""
    signer = make_key(folder)
    shown = traceback_with_locals(signer.sign, None) + traceback_with_locals(pickle.dumps, signer)
    shown += repr(signer) + signer.did + signer.method

    assert [text for text in private_texts(folder, signer.did) if text in shown] == []


def test_a_refused_key_does_not_stand_in_the_traceback(folder):
    """A key file of another kind is refused without a word of what it holds."""
    did = make_key(folder).did
    path = key_path(folder, did)
    path.write_bytes(path.read_bytes().replace(b"PRIVATE KEY", b"OTHER KEY"))

    shown = traceback_with_locals(load_key, folder, did)

    assert [text for text in private_texts(folder, did) if text in shown] == []
