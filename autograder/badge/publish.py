"""
What the issuer shows the world: static files for any host, signed where they must be. Never a learner's name unasked.

    trust.json              the issuer's keys, for verifiers
    status/*.json           which badges are revoked, one list a key, valid for 30 days
    verify.html             the verify page, with both built in
    badge.svg, badge.png    the picture
    profiles/ID/            only of learners who wish it
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.badge.art import art
from autograder.badge.durable import write_whole
from autograder.badge.keys import load_key
from autograder.badge.ledger import BadgeRecord, Ledger
from autograder.badge.moments import moment_text, whole_second
from autograder.badge.names import issuer_name, list_address, list_file
from autograder.badge.profile_page import profile_page
from autograder.badge.proofs import add_proofs, jcs
from autograder.badge.required import read_achievement
from autograder.badge.status_list import VALID, list_credential
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.trust import trust_document, trusted_keys
from autograder.badge.verify_page import verify_page
from autograder.badge.view import issued_badge
from autograder.errors import PlatformError
from autograder.settings import Settings

PUBLIC = 0o644
SOMEBODY = "the holder of this badge"


@dataclass(frozen=True, kw_only=True)
class Site:
    """What was published."""

    folder: Path
    written: tuple[Path, ...]
    valid_until: datetime  # of the status lists


def publish_site(
    settings: Settings,
    *,
    to: Path | None = None,
    profiles: Sequence[str] = (),
    scores: bool = False,
    private: Sequence[str] = (),
    clock: Callable[[], datetime] | None = None,
) -> Site:
    """
    Write the site anew.

    Args:
        settings: The course.
        to: Its folder; var/badges/site if None.
        profiles: Learners who wish their profile to be published; it stays so until they are named in *private*.
        scores: Those learners agree to show their scores.
        private: Learners whose profile is taken down.
        clock: Says what time it is.

    Raises:
        PlatformError: If a learner has no badge, or there is no key, or the folder cannot be written.
    """
    now = (clock or _utc_now)()
    store = BadgeStore(settings)
    folder = to or store.site
    with store.locked() as ledger:
        if ledger.active_key is None:
            raise PlatformError("there is no key to sign the status lists with; make one: course badge keygen")
        own_list = list_address(settings.badge.address, ledger.active_key.did)
        ledger = store.ensure_list(ledger, own_list, ledger.active_key.did, now)
        wishes: list[dict[str, Any]] = [
            *({"kind": "publish", "id": _badge_of(ledger, name).id, "scores": scores} for name in profiles),
            *({"kind": "unpublish", "id": _badge_of(ledger, name).id} for name in private),
        ]
        if wishes:
            ledger = store.extend(wishes, now)
        files = _site_files(settings, store, ledger, now)
        _remove_old_profiles(folder, ledger)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data, mode=PUBLIC)
    return Site(folder=folder, written=tuple(folder / name for name in files), valid_until=now + VALID)


def _site_files(settings: Settings, store: BadgeStore, ledger: Ledger, now: datetime) -> dict[str, bytes]:
    trust = trust_document(issuer_name(settings), list(ledger.keys.values()))
    lists = signed_status_lists(settings, now)
    return {
        "trust.json": (json.dumps(trust, indent=1) + "\n").encode(),
        **{f"status/{file}": data for file, data in lists.items()},
        "verify.html": _page(settings, ledger, list(lists.values()), now).encode(),
        "badge.svg": art("svg"),
        "badge.png": art("png"),
        **_profile_files(settings, store, ledger),
    }


def current_verify_page(settings: Settings, now: datetime | None = None) -> str:
    """Write the verify page for one's own use; without keys at hand it knows no status list."""
    ledger = BadgeStore(settings).ledger()
    moment = now or _utc_now()
    try:
        lists = list(signed_status_lists(settings, moment).values())
    except PlatformError:
        lists = []
    return _page(settings, ledger, lists, moment)


def _page(settings: Settings, ledger: Ledger, lists: Sequence[bytes], now: datetime) -> str:
    name = issuer_name(settings)
    keys = [] if settings.mode == "self-study" else list(ledger.keys.values())  # nobody is their own witness
    trust = trusted_keys(trust_document(name, keys))
    return verify_page(title=settings.title, issuer=name, trust=trust, status_lists=lists, made=now)


def _profile_files(settings: Settings, store: BadgeStore, ledger: Ledger) -> dict[str, bytes]:
    achievement = read_achievement(settings)
    files = {}
    for badge_id, wish in ledger.published.items():
        record = ledger.badges[badge_id]
        if record.revoked_at is not None:
            continue
        place = f"profiles/{_plain(badge_id)}"
        page = profile_page(
            issued_badge(settings, achievement, record),
            narrative=achievement.narrative,
            holder=record.name or SOMEBODY,
            scores=bool(wish["scores"]),
        )
        files[f"{place}/index.html"] = page.encode()
        files |= {f"{place}/badge.{form}": store.badge_file(record, form) for form in FORMS}
    return files


def _remove_old_profiles(folder: Path, ledger: Ledger) -> None:
    shown = {_plain(badge) for badge in ledger.published if ledger.badges[badge].revoked_at is None}
    for badge in ledger.badges:
        place = folder / "profiles" / _plain(badge)
        if _plain(badge) not in shown and place.is_dir():
            shutil.rmtree(place)


def _plain(badge_id: str) -> str:
    return badge_id.removeprefix("urn:uuid:")


def _badge_of(ledger: Ledger, learner: str) -> BadgeRecord:
    badge = ledger.latest_of(learner)
    if badge is None:
        raise PlatformError(f"{learner} has no badge yet; type: course badge issue {learner}")
    return badge


def signed_status_lists(settings: Settings, now: datetime) -> dict[str, bytes]:
    """
    Sign the status lists anew.

    Returns:
        File name -> list, for each key that was not withdrawn.

    Raises:
        PlatformError: If the key of a list is missing.
    """
    ledger = BadgeStore(settings).ledger()
    moment = whole_second(now)
    lists = {}
    for list_id, did in ledger.lists.items():
        if ledger.keys[did].state == "withdrawn":
            continue
        signer = load_key(settings.keys, did)
        document = list_credential(list_id, issuer=did, revoked=_revoked(ledger, list_id), now=moment)
        signed = add_proofs(document, method=signer.method, created=moment_text(moment), sign=signer.sign)
        lists[list_file(list_id)] = jcs(signed)
    return lists


def _revoked(ledger: Ledger, list_id: str) -> list[int]:
    badges = [badge for badge in ledger.badges.values() if badge.revoked_at is not None]
    return [index for badge in badges for name, index in badge.entries if name == list_id]


def _utc_now() -> datetime:
    return datetime.now(UTC)
