"""
The issuer's key files: made once, read only when nobody else can have read or placed them.

A key is a PKCS8 file of mode 0600 in a folder of mode 0700, outside any git work tree. The secret leaves this module
only inside an object that signs and cannot be printed.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from autograder.badge.multikey import did_key, verification_method
from autograder.errors import PlatformError

MAX_KEY_BYTES = 4096
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Signer:
    """A private key that can sign; neither its text nor a pickle shows it."""

    __slots__ = ("_sign", "did")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._sign = private.sign
        self.did = did_key(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def __repr__(self) -> str:
        return f"Signer({self.did})"

    def __reduce__(self) -> str:
        raise TypeError("a signer is never pickled")

    @property
    def method(self) -> str:
        """The verification method that proofs name."""
        return verification_method(self.did)

    def sign(self, message: bytes) -> bytes:
        """Make the Ed25519 signature of a message."""
        return self._sign(message)


def make_key(folder: Path) -> Signer:
    """
    Write a new key.

    Raises:
        PlatformError: If the folder lies in a git work tree, or others can read it, or it cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    signer = Signer(private)
    _prepare_folder(folder)
    path = key_path(folder, signer.did)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise PlatformError(f"{path}: the key cannot be written: {error.strerror}") from error
    return signer


def load_key(folder: Path, did: str) -> Signer:
    """
    Read the key of a DID.

    Raises:
        PlatformError: If it is missing, a link, another user's, readable to others, in a work tree, or another key.
    """
    path = key_path(folder, did)
    _check_place(folder)
    signer = Signer(_read_private(path))
    if signer.did != did:
        raise PlatformError(f"{path}: holds the key of {signer.did}; put the key of {did} there")
    return signer


def key_path(folder: Path, did: str) -> Path:
    """Say where the key of a DID lies."""
    return folder / f"{did.removeprefix('did:key:')}.pem"


def _read_private(path: Path) -> Ed25519PrivateKey:
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError as error:
        raise PlatformError(
            f"{path}: the key is not there; restore it, or type: course badge keygen --rotate"
        ) from error
    except OSError as error:
        raise PlatformError(f"{path}: the key cannot be read ({error.strerror}); it must be a file, no link") from error
    with os.fdopen(descriptor, "rb") as file:
        _check_private(path, os.fstat(file.fileno()), regular=True)
        private = _parse(file)
    if private is None:  # raised here, where no name holds the file's text
        raise PlatformError(f"{path}: is no Ed25519 key in PKCS8; restore it from your copy")
    return private


def _parse(file: BinaryIO) -> Ed25519PrivateKey | None:
    try:
        private = load_pem_private_key(file.read(MAX_KEY_BYTES), None)
    except (ValueError, TypeError):
        return None  # what the library says could quote the file
    return private if isinstance(private, Ed25519PrivateKey) else None


def _prepare_folder(folder: Path) -> None:
    _refuse_work_tree(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PlatformError(f"{folder}: cannot be made: {error.strerror}; set COURSE_KEYS to another folder") from error
    _check_place(folder)


def _check_place(folder: Path) -> None:
    _refuse_work_tree(folder)
    try:
        _check_private(folder, folder.lstat(), regular=False)
    except FileNotFoundError as error:
        raise PlatformError(f"{folder}: there is no key here; make one: course badge keygen") from error


def _check_private(path: Path, found: os.stat_result, *, regular: bool) -> None:
    right_kind = stat.S_ISREG(found.st_mode) if regular else stat.S_ISDIR(found.st_mode)
    if not right_kind:
        raise PlatformError(f"{path}: must be a {'file' if regular else 'folder'}, no link or device")
    if found.st_uid != os.getuid():
        raise PlatformError(f"{path}: belongs to another user; a key that another could place is not used")
    if found.st_mode & OTHERS:
        mode = "600" if regular else "700"
        raise PlatformError(f"{path}: others may read or change it; type: chmod {mode} {path}")
    if regular and found.st_nlink != 1:
        raise PlatformError(f"{path}: has a second name elsewhere; remove that link")


def _refuse_work_tree(folder: Path) -> None:
    real = folder.resolve()
    for place in (real, *real.parents):
        if (place / ".git").exists():
            raise PlatformError(
                f"{folder}: lies in the git work tree {place}, where a key would be committed one day; "
                "set COURSE_KEYS to a folder outside"
            )
