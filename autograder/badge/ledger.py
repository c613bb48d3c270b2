"""
The issuer's log: lines that are only ever added, each naming the digest of the line before.

What stands in it is what was issued and revoked; everything else can be written again from it. It is private: it
names learners and says why a badge was revoked. A line that a kill tore has no end and never counted.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograder.badge.durable import append
from autograder.badge.moments import moment_text, read_moment
from autograder.errors import PlatformError

START = "0" * 64

KeyState = Literal["active", "retired", "withdrawn"]


@dataclass
class KeyRecord:
    """One key that ever signed."""

    did: str
    state: KeyState
    since: datetime
    until: datetime | None = None  # when it was retired or withdrawn


@dataclass
class BadgeRecord:
    """One badge; a newer revision replaces what the older one said."""

    id: str
    learner: str
    version: str
    revision: int
    subject: str
    salt: str
    email: str
    name: str
    key: str  # DID
    scores: dict[str, str]  # unit -> percent
    digests: dict[str, str]  # unit -> SHA-256 of the notebook
    awarded_at: datetime
    issued_at: datetime
    sha256: str  # of the credential's bytes
    entries: list[tuple[str, int]] = field(default_factory=list)  # status list, index: one a revision
    revoked_at: datetime | None = None
    reason: str = ""

    @property
    def file_name(self) -> str:
        """Name of the credential's file."""
        return f"{self.id.removeprefix('urn:uuid:')}.{self.revision}.json"


class Ledger:
    """Everything that the log says, read as far as it goes."""

    def __init__(self) -> None:
        self.offset = 0
        self.lines = 0
        self.head = START
        self.keys: dict[str, KeyRecord] = {}
        self.lists: dict[str, str] = {}  # status list -> DID that signs it
        self.badges: dict[str, BadgeRecord] = {}  # by id
        self.by_learner: dict[tuple[str, str], str] = {}  # learner, version -> id
        self.used: dict[str, set[int]] = {}  # status list -> indices
        self.digests: dict[tuple[str, str], set[str]] = {}  # unit, SHA-256 -> learners
        self.published: dict[str, dict[str, Any]] = {}  # id -> how the learner wants to be shown

    @property
    def active_key(self) -> KeyRecord | None:
        """The key that signs now."""
        return next((key for key in self.keys.values() if key.state == "active"), None)

    def badge_of(self, learner: str, version: str) -> BadgeRecord | None:
        """Find a learner's badge of one version."""
        found = self.by_learner.get((learner, version))
        return self.badges[found] if found else None

    def latest_of(self, learner: str) -> BadgeRecord | None:
        """Find the badge that was issued to a learner last."""
        own = [badge for badge in self.badges.values() if badge.learner == learner]
        return max(own, key=lambda badge: badge.issued_at, default=None)

    def read_line(self, line: bytes) -> None:
        """
        Let one line count.

        Raises:
            ValueError: If it does not follow the line before, or says what cannot be.
        """
        entry = json.loads(line)
        if entry.get("prev") != self.head or entry.get("n") != self.lines:
            raise ValueError("does not follow the line before")
        self._apply(entry, read_moment(entry["at"]))
        self.head = hashlib.sha256(line).hexdigest()
        self.lines += 1
        self.offset += len(line) + 1

    def _apply(self, entry: Mapping[str, Any], at: datetime) -> None:
        match entry["kind"]:
            case "key":
                self._change_key(entry["did"], entry["state"], at)
            case "list":
                self.lists[entry["list"]] = entry["did"]
            case "issue":
                self._issue(entry, at)
            case "revoke":
                badge = self.badges[entry["id"]]
                badge.revoked_at, badge.reason = at, entry["reason"]
            case "publish":
                self.published[entry["id"]] = {"scores": entry["scores"]}
            case "unpublish":
                self.published.pop(entry["id"], None)
            case kind:
                raise ValueError(f"is of the unknown kind {kind!r}")

    def _change_key(self, did: str, state: KeyState, at: datetime) -> None:
        if state == "active":
            self.keys[did] = KeyRecord(did=did, state=state, since=at)
        else:
            self.keys[did].state, self.keys[did].until = state, at

    def _issue(self, entry: Mapping[str, Any], at: datetime) -> None:
        texts = ("id", "learner", "version", "subject", "salt", "email", "name", "key", "sha256")
        before = self.badges.get(entry["id"])
        badge = BadgeRecord(
            **{name: entry[name] for name in texts},
            revision=entry["revision"],
            scores=dict(entry["scores"]),
            digests=dict(entry["digests"]),
            awarded_at=read_moment(entry["awarded"]),
            issued_at=at,
            entries=[*(before.entries if before else ()), (entry["list"], entry["index"])],
        )
        if badge.revision != (before.revision + 1 if before else 1):
            raise ValueError(f"is revision {badge.revision} of a badge of {before.revision if before else 0} revisions")
        self.badges[badge.id] = badge
        self.by_learner[badge.learner, badge.version] = badge.id
        self.used.setdefault(entry["list"], set()).add(entry["index"])
        for key in badge.digests.items():
            self.digests.setdefault(key, set()).add(badge.learner)


def issue_entry(badge: BadgeRecord) -> dict[str, Any]:
    """Write a badge as an entry of the log."""
    status_list, index = badge.entries[-1]
    return {
        "kind": "issue",
        "id": badge.id,
        "learner": badge.learner,
        "version": badge.version,
        "revision": badge.revision,
        "subject": badge.subject,
        "salt": badge.salt,
        "email": badge.email,
        "name": badge.name,
        "key": badge.key,
        "list": status_list,
        "index": index,
        "scores": badge.scores,
        "digests": badge.digests,
        "awarded": moment_text(badge.awarded_at),
        "sha256": badge.sha256,
    }


_CACHE: dict[Path, tuple[int, Ledger]] = {}
_CACHE_LOCK = threading.Lock()


def read_ledger(path: Path) -> Ledger:
    """
    Read the log; what this process read before is not read again.

    Raises:
        PlatformError: If a line was changed, removed or put in.
    """
    with _CACHE_LOCK:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return Ledger()
        with file:
            inode, ledger = _CACHE.get(path, (0, Ledger()))
            stat = _identity(path)
            if inode != stat[0] or ledger.offset > stat[1]:
                ledger = Ledger()
            file.seek(ledger.offset)
            _read_lines(path, ledger, file.read())
        _CACHE[path] = (stat[0], ledger)
        return ledger


def extend_ledger(path: Path, entries: Iterable[Mapping[str, Any]], at: datetime) -> Ledger:
    """Add entries under the caller's lock: all lines in one write, on the disk when this returns."""
    ledger = read_ledger(path)
    if path.is_file() and path.stat().st_size > ledger.offset:
        with path.open("r+b") as file:  # a torn line: its writer was killed, nobody was told
            file.truncate(ledger.offset)
    head, number, lines = ledger.head, ledger.lines, []
    for entry in entries:
        line = json.dumps({"n": number, "at": moment_text(at), "prev": head, **entry}, sort_keys=True).encode()
        lines.append(line + b"\n")
        head, number = hashlib.sha256(line).hexdigest(), number + 1
    append(path, b"".join(lines))
    return read_ledger(path)


def _identity(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_size


def _read_lines(path: Path, ledger: Ledger, data: bytes) -> None:
    *whole, _torn = data.split(b"\n")
    for line in whole:
        try:
            ledger.read_line(line)
        except (ValueError, KeyError, TypeError) as error:
            raise PlatformError(
                f"{path}: line {ledger.lines + 1} is not what was written ({error}); restore the file from a copy"
            ) from error
