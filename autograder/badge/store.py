"""
Where the issuer keeps what it issued: var/badges, private to its user.

    log.jsonl                   what was issued and revoked (ledger.py)
    credentials/ID.N.json       each revision, byte for byte
    learners/NAME/badge.*       the newest one as JSON, PNG and SVG: written again whenever it is missing
    site/                       what `course badge publish` writes, unless it is told another place
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograder.badge.art import art
from autograder.badge.baking import bake_png, bake_svg
from autograder.badge.durable import locked, sync_folder, write_whole
from autograder.badge.ledger import BadgeRecord, Ledger, extend_ledger, read_ledger
from autograder.errors import PlatformError
from autograder.settings import Settings

Form = Literal["json", "png", "svg"]
FORMS: tuple[Form, ...] = ("json", "png", "svg")


class BadgeStore:
    """The issuer's files."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.var / "badges"
        self.site = self.folder / "site"
        self._log = self.folder / "log.jsonl"
        self._credentials = self.folder / "credentials"

    def ledger(self) -> Ledger:
        """Read the log as it is now."""
        return read_ledger(self._log)

    @contextmanager
    def locked(self) -> Iterator[Ledger]:
        """Be the only one who writes; gives the log as it is now."""
        try:
            for folder in (self.folder, self._credentials):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self.folder / ".lock"):
                yield self.ledger()
        except OSError as error:
            raise PlatformError(
                f"{self.folder}: cannot be written: {error.strerror or error}; free the disk"
            ) from error

    def extend(self, entries: Iterable[Mapping[str, Any]], at: datetime) -> Ledger:
        """Add entries to the log, under the lock."""
        return extend_ledger(self._log, entries, at)

    def ensure_list(self, ledger: Ledger, status_list: str, did: str, at: datetime) -> Ledger:
        """Note a key's status list, under the lock, if it is not noted yet."""
        if status_list in ledger.lists:
            return ledger
        return self.extend([{"kind": "list", "list": status_list, "did": did}], at)

    def write_credentials(self, credentials: Mapping[str, bytes]) -> None:
        """Bring credentials to the disk before the log tells of them."""
        for name, data in credentials.items():
            write_whole(self._credentials / name, data)
        sync_folder(self._credentials)

    def credential(self, badge: BadgeRecord) -> bytes:
        """
        Read a badge's newest credential.

        Raises:
            PlatformError: If it is missing or not what was issued.
        """
        path = self._credentials / badge.file_name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise PlatformError(f"{path}: the credential cannot be read; restore it from a copy") from error
        if hashlib.sha256(data).hexdigest() != badge.sha256:
            raise PlatformError(f"{path}: is not what was issued; restore it from a copy")
        return data

    def badge_file(self, badge: BadgeRecord, form: Form) -> bytes:
        """Make the file that a learner gets."""
        return in_form(self.credential(badge), form)

    def learner_file(self, learner: str, form: Form) -> Path:
        """Say where a learner's newest badge lies."""
        return self.folder / "learners" / learner / f"badge.{form}"

    def write_learner_files(self, badge: BadgeRecord, *, anew: bool) -> None:
        """Write the files of a learner; those that are there stay unless they must be made *anew*."""
        data = b""
        for form in FORMS:
            path = self.learner_file(badge.learner, form)
            if anew or not path.is_file():
                data = data or self.credential(badge)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(path, in_form(data, form))


def in_form(credential: bytes, form: Form) -> bytes:
    """Put a credential into the wanted form."""
    if form == "png":
        return bake_png(art("png"), credential)
    return bake_svg(art("svg"), credential) if form == "svg" else credential
