"""
Issuing what is due, revoking, and the keys' way through time. The only module that holds a key in its hand.

Issuing is idempotent: one lock, and a log that is the truth. The same learner and version give the same bytes; a
better score keeps the id and the awarded date and gets a newer `validFrom`. Credentials reach the disk before the log
tells of them, so a kill at any moment leaves either nothing or a whole badge.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from autograder.badge.achievement import NAME, Achievement, unique_id
from autograder.badge.art import small_picture_address
from autograder.badge.credential import Facts, Holder, Issuer, Passed, write_credential
from autograder.badge.due import Candidate, StoppedBadge, is_renewal_due, read_candidates, reason_to_stop
from autograder.badge.ledger import BadgeRecord, Ledger, issue_entry
from autograder.badge.moments import moment_text, whole_second
from autograder.badge.names import issuer_name, list_address
from autograder.badge.required import read_achievement
from autograder.badge.status_list import free_index
from autograder.badge.store import BadgeStore
from autograder.errors import CourseError, PlatformError
from autograder.gradebook.awards import note_awards
from autograder.model import Award
from autograder.settings import Settings

if TYPE_CHECKING:
    from autograder.badge.keys import Signer

BATCH = 50  # badges that reach the log in one write
PICTURE = "badge.png"  # of the published site

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a learner wants to have in the badge beside the scores."""

    email: str = ""  # only its salted hash is written
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueReport:
    """What one run of the issuer did."""

    issued: tuple[BadgeRecord, ...] = ()
    renewed: tuple[BadgeRecord, ...] = ()
    unchanged: int = 0
    stopped: tuple[StoppedBadge, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """All that stays the same while one run issues."""

    achievement: Achievement
    issuer: Issuer
    signer: Signer
    status_list: str
    picture: str
    now: datetime


def utc_now() -> datetime:
    """Say what time it is."""
    return datetime.now(UTC)


def issue_due(
    settings: Settings,
    *,
    actor: str,
    learners: Sequence[str] | None = None,
    people: Mapping[str, Person] | None = None,
    clock: Clock = utc_now,
    progress: Callable[[int, int], None] | None = None,
) -> IssueReport:
    """
    Issue every badge that is due, each once.

    Args:
        settings: The course; in self-study a key is made with the first badge.
        actor: Who asked, for the log.
        learners: Only these; everybody if None.
        people: Learner -> e-mail and name, where known and wished.
        clock: Says what time it is.
        progress: Told badges done and badges in all.

    Raises:
        PlatformError: If there is no key, or something cannot be read or written.
        CourseError: If no unit is required.
    """
    achievement = read_achievement(settings)
    candidates, shared = read_candidates(settings, achievement, learners)
    store = BadgeStore(settings)
    if not candidates:
        return IssueReport()
    with store.locked() as ledger:
        bench, ledger = _prepare(settings, store, ledger, achievement, clock)
        stopped, work, unchanged = [], [], 0
        withdrawn = frozenset(key.did for key in ledger.keys.values() if key.state == "withdrawn")
        for candidate in candidates:
            before = ledger.badge_of(candidate.learner, achievement.version)
            reason = reason_to_stop(candidate, ledger, shared)
            wish = (people or {}).get(candidate.learner)
            if before is not None and not _must_renew(candidate, before, withdrawn, wish, bench.now):
                unchanged += 1
            elif reason:
                stopped.append(StoppedBadge(learner=candidate.learner, reason=reason))
            else:
                work.append((candidate, before, wish))
        done: list[BadgeRecord] = []
        for start in range(0, len(work), BATCH):
            done += _issue_batch(store, bench, work[start : start + BATCH], actor)
            if progress is not None:
                progress(len(done), len(work))
        ledger = store.ledger()
        _write_handy_files(store, ledger, achievement, candidates, {badge.learner for badge in done})
    held_back = {each.learner for each in stopped}
    note_awards(settings, [_award(achievement, each) for each in candidates if each.learner not in held_back])
    return IssueReport(
        issued=tuple(badge for badge in done if badge.revision == 1),
        renewed=tuple(badge for badge in done if badge.revision > 1),
        unchanged=unchanged,
        stopped=tuple(stopped),
    )


def _must_renew(
    candidate: Candidate, before: BadgeRecord, withdrawn: frozenset[str], wish: Person | None, now: datetime
) -> bool:
    if before.revoked_at is not None or now <= before.issued_at:  # a newer one must say a later second
        return False
    other = wish is not None and (wish.email or before.email, wish.name or before.name) != (before.email, before.name)
    return other or is_renewal_due(candidate, before, withdrawn)


def _prepare(
    settings: Settings, store: BadgeStore, ledger: Ledger, achievement: Achievement, clock: Clock
) -> tuple[_Bench, Ledger]:
    from autograder.badge.keys import load_key

    now = whole_second(clock())
    if ledger.active_key is None:
        if settings.mode != "self-study":
            raise PlatformError("there is no key to sign with; make one: course badge keygen")
        ledger = _add_key(settings, store, now)
    active = ledger.active_key
    if active is None:
        raise PlatformError("the log names no key that signs; make one: course badge keygen")
    signer = load_key(settings.keys, active.did)
    address = settings.badge.address
    status_list = list_address(address, signer.did)
    ledger = store.ensure_list(ledger, status_list, signer.did, now)
    bench = _Bench(
        achievement=achievement,
        issuer=Issuer(did=signer.did, name=issuer_name(settings), address=address),
        signer=signer,
        status_list=status_list,
        picture=f"{address}/{PICTURE}" if address else small_picture_address(),
        now=now,
    )
    return bench, ledger


def _issue_batch(
    store: BadgeStore, bench: _Bench, work: Sequence[tuple[Candidate, BadgeRecord | None, Person | None]], actor: str
) -> Iterator[BadgeRecord]:
    used = set(store.ledger().used.get(bench.status_list, ()))
    credentials, records = {}, []
    for candidate, before, wish in work:
        index = free_index(used, secrets.randbelow)
        used.add(index)
        record = _record(bench, candidate, before, wish or Person(), index)
        data = _sign(bench, candidate, record)
        record = replace(record, sha256=hashlib.sha256(data).hexdigest())
        credentials[record.file_name] = data
        records.append(record)
    store.write_credentials(credentials)
    store.extend([issue_entry(record) | {"actor": actor} for record in records], bench.now)
    return iter(records)


def _record(bench: _Bench, candidate: Candidate, before: BadgeRecord | None, wish: Person, index: int) -> BadgeRecord:
    version, did = bench.achievement.version, bench.signer.did
    return BadgeRecord(
        id=before.id if before else unique_id("badge", did, version, candidate.learner),
        learner=candidate.learner,
        version=version,
        revision=before.revision + 1 if before else 1,
        subject=before.subject if before else uuid.UUID(bytes=secrets.token_bytes(16), version=4).urn,
        salt=before.salt if before else secrets.token_hex(16),
        email=wish.email or (before.email if before else "") or candidate.email,
        name=wish.name or (before.name if before else ""),
        key=did,
        scores=candidate.scores,
        digests=candidate.digests,
        awarded_at=before.awarded_at if before else min(whole_second(candidate.earned_at), bench.now),
        issued_at=bench.now,
        sha256="",
        entries=[*(before.entries if before else ()), (bench.status_list, index)],
    )


def _sign(bench: _Bench, candidate: Candidate, record: BadgeRecord) -> bytes:
    from autograder.badge.proofs import add_proofs, jcs
    from autograder.badge.strict import check_badge

    status_list, index = record.entries[-1]
    facts = Facts(
        id=record.id,
        holder=Holder(subject=record.subject, email=record.email, salt=record.salt, name=record.name),
        passed=[
            Passed(
                unit=each.unit,
                percent=record.scores[each.unit],
                sha256=each.sha256,
                suite_digest=each.suite_digest,
                grader_version=each.grader_version,
                mode=each.mode,
            )
            for each in candidate.passes
        ],
        awarded_at=record.awarded_at,
        valid_from=record.issued_at,
        status_list=status_list,
        status_index=index,
        image=bench.picture,
    )
    document = write_credential(bench.achievement, bench.issuer, facts)
    signed = add_proofs(document, method=bench.signer.method, created=moment_text(bench.now), sign=bench.signer.sign)
    problem = check_badge(signed)
    if problem:
        raise CourseError(f"the badge of {record.learner} cannot be written: {problem}")
    return jcs(signed)


def _write_handy_files(
    store: BadgeStore,
    ledger: Ledger,
    achievement: Achievement,
    candidates: Sequence[Candidate],
    changed: set[str],
) -> None:
    for candidate in candidates:
        badge = ledger.badge_of(candidate.learner, achievement.version)
        if badge is not None and badge.revoked_at is None:
            store.write_learner_files(badge, anew=candidate.learner in changed)


def _award(achievement: Achievement, candidate: Candidate) -> Award:
    return Award(
        learner=candidate.learner, achievement=NAME, version=achievement.version, earned_at=candidate.earned_at
    )


def make_issuer_key(settings: Settings, *, rotate: bool = False, withdraw: bool = False, clock: Clock = utc_now) -> str:
    """
    Make the key that signs from now on.

    Args:
        settings: Where the keys and the log lie.
        rotate: There is a key already; it stays listed, so that its badges stay valid.
        withdraw: The key that signed so far was stolen or lost: its badges fail, and the next issue signs them anew.
        clock: Says what time it is.

    Returns:
        The DID of the new key.

    Raises:
        PlatformError: If there is a key and *rotate* is not set, or the key cannot be written.
    """
    store = BadgeStore(settings)
    with store.locked() as ledger:
        active = ledger.active_key
        if active is not None and not (rotate or withdraw):
            raise PlatformError(
                f"{active.did} signs already; a second key would split your badges. "
                "To change keys type: course badge keygen --rotate"
            )
        ledger = _add_key(settings, store, whole_second(clock()), before="withdrawn" if withdraw else "retired")
        active = ledger.active_key
        if active is None:
            raise PlatformError("the log names no key that signs; try again")
        return active.did


def _add_key(settings: Settings, store: BadgeStore, now: datetime, *, before: str = "retired") -> Ledger:
    from autograder.badge.keys import make_key

    old = store.ledger().active_key
    did = make_key(settings.keys).did
    entries = [{"kind": "key", "did": old.did, "state": before}] if old else []
    return store.extend([*entries, {"kind": "key", "did": did, "state": "active"}], now)


def revoke(settings: Settings, badge_id: str, *, reason: str, actor: str, clock: Clock = utc_now) -> BadgeRecord:
    """
    Revoke a badge for good. The reason stays in the private log; publishing tells the world that it is revoked.

    Raises:
        PlatformError: If there is no such badge, it is revoked already, or no reason is given.
    """
    if not reason.strip():
        raise PlatformError("a revocation needs a reason, for your own log: --reason TEXT")
    store = BadgeStore(settings)
    full_id = badge_id if badge_id.startswith("urn:uuid:") else f"urn:uuid:{badge_id}"
    with store.locked() as ledger:
        badge = ledger.badges.get(full_id)
        if badge is None:
            raise PlatformError(f"{badge_id}: no such badge was issued here; the id stands in the badge and in its log")
        if badge.revoked_at is not None:
            raise PlatformError(f"{badge_id}: was revoked {badge.revoked_at:%Y-%m-%d %H:%M} UTC already")
        entry = {"kind": "revoke", "id": full_id, "reason": reason.strip(), "actor": actor}
        return store.extend([entry], clock()).badges[full_id]
