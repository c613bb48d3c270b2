"""
What pages show of badges. Reads the log and the gradebook; needs no key, writes nothing, asks no network.

A learner sees their own badge; why a badge was revoked is for instructors only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.badge.achievement import Achievement, RequiredUnit
from autograder.badge.art import ALT_TEXT
from autograder.badge.credential import percent_text
from autograder.badge.due import accepted_modes
from autograder.badge.ledger import BadgeRecord, Ledger
from autograder.badge.links import linkedin_address, profile_address
from autograder.badge.names import issuer_name
from autograder.badge.required import read_achievement
from autograder.badge.store import BadgeStore, Form
from autograder.gradebook.awards import AwardQueries
from autograder.settings import Settings

State = Literal["earned", "due", "not yet", "revoked"]


@dataclass(frozen=True, kw_only=True)
class UnitScore:
    """One required unit, as far as a learner came."""

    name: str
    title: str
    percent: str = ""  # empty: not passed yet
    passed: bool = False


@dataclass(frozen=True, kw_only=True)
class IssuedBadge:
    """A badge as pages show it."""

    id: str
    learner: str
    version: str
    title: str
    awarded_at: datetime
    issued_at: datetime
    issuer_name: str
    issuer_id: str
    scores: tuple[UnitScore, ...]
    revoked_at: datetime | None
    reason: str  # why it was revoked: for instructors only
    linkedin_url: str
    profile_url: str  # empty without an address in course.toml
    verify_url: str  # empty without an address
    qr_text: str  # what the QR code on paper says
    published: bool


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """What a learner's profile page shows."""

    learner: str
    state: State
    message: str
    title: str
    narrative: str
    alt_text: str
    self_issued: bool
    required: tuple[UnitScore, ...]
    badge: IssuedBadge | None


@dataclass(frozen=True, kw_only=True)
class IssuedPage:
    """Some of the badges, the newest first, and who signs them: cheap, whatever the size of the class."""

    issuer_ready: bool
    issuer_message: str
    total: int
    badges: tuple[IssuedBadge, ...]


def profile_view(settings: Settings, learner: str) -> ProfileView:
    """Show one learner's badge, or what is missing for it."""
    achievement = read_achievement(settings)
    names = [unit.name for unit in achievement.units]
    with AwardQueries(settings) as queries:
        passes = queries.best_passes(names, accepted_modes(settings), [learner]).get(learner, {})
    record = BadgeStore(settings).ledger().badge_of(learner, achievement.version)
    percents = {name: percent_text(each.score, each.max_score) for name, each in passes.items()}
    required = _scores(achievement.units, percents)
    state = _state(record, all(unit.passed for unit in required))
    return ProfileView(
        learner=learner,
        state=state,
        message=_message(settings, state, required),
        title=achievement.title,
        narrative=achievement.narrative,
        alt_text=ALT_TEXT,
        self_issued=achievement.self_issued,
        required=required,
        badge=_issued(settings, achievement, record, published=False) if record else None,
    )


def badge_file(settings: Settings, learner: str, form: Form) -> bytes | None:
    """Give a learner's badge as a file; None if there is none, or it is revoked."""
    store = BadgeStore(settings)
    record = store.ledger().badge_of(learner, read_achievement(settings).version)
    return None if record is None or record.revoked_at else store.badge_file(record, form)


def issued_page(settings: Settings, *, first: int, count: int) -> IssuedPage:
    """Show *count* badges from the place *first* on, counted from 0; looks at nobody who waits for one."""
    achievement = read_achievement(settings)
    ledger = BadgeStore(settings).ledger()
    newest_first = sorted(ledger.badges.values(), key=lambda badge: badge.issued_at, reverse=True)
    ready, message = _issuer_state(settings, ledger)
    return IssuedPage(
        issuer_ready=ready,
        issuer_message=message,
        total=len(newest_first),
        badges=tuple(
            _issued(settings, achievement, badge, published=badge.id in ledger.published)
            for badge in newest_first[first : first + count]
        ),
    )


def _issuer_state(settings: Settings, ledger: Ledger) -> tuple[bool, str]:
    if ledger.active_key is not None:
        return True, f"{ledger.active_key.did} signs."
    if settings.mode == "self-study":
        return True, "A key of your own is made with your first badge."
    return False, "There is no key yet. Type: course badge keygen"


def _state(record: BadgeRecord | None, complete: bool) -> State:
    if record is not None:
        return "revoked" if record.revoked_at else "earned"
    return "due" if complete else "not yet"


def _message(settings: Settings, state: State, required: tuple[UnitScore, ...]) -> str:
    if state == "earned":
        return f"You earned the {settings.title} badge. The badge has been added to your profile."
    if state == "revoked":
        return "Your badge was revoked. Ask your instructor why."
    if state == "due":
        who = (
            "Type: course badge issue" if settings.mode == "self-study" else "It comes when your instructor issues it."
        )
        return f"You passed every required unit. {who}"
    missing = [f"{unit.name[:2]} {unit.title}" for unit in required if not unit.passed]
    return f"Not yet: pass {'; '.join(missing)}."


def _scores(units: tuple[RequiredUnit, ...], percents: Mapping[str, str]) -> tuple[UnitScore, ...]:
    return tuple(
        UnitScore(name=unit.name, title=unit.title, percent=percents.get(unit.name, ""), passed=unit.name in percents)
        for unit in units
    )


def _issued(settings: Settings, achievement: Achievement, record: BadgeRecord, *, published: bool) -> IssuedBadge:
    address = settings.badge.address
    profile = profile_address(address, record.id)
    issuer = issuer_name(settings)
    titles = {unit.name: unit.title for unit in achievement.units}
    return IssuedBadge(
        id=record.id,
        learner=record.learner,
        version=record.version,
        title=achievement.title,
        awarded_at=record.awarded_at,
        issued_at=record.issued_at,
        issuer_name=issuer,
        issuer_id=record.key,
        scores=tuple(
            UnitScore(name=unit, title=titles.get(unit, unit), percent=percent, passed=True)
            for unit, percent in record.scores.items()
        ),
        revoked_at=record.revoked_at,
        reason=record.reason,
        linkedin_url=linkedin_address(
            title=achievement.title,
            issuer=issuer,
            awarded_at=record.awarded_at,
            badge_id=record.id,
            profile=profile,
        ),
        profile_url=profile,
        verify_url=f"{address}/verify.html" if address else "",
        qr_text=profile or record.id,
        published=published,
    )


def issued_badge(settings: Settings, achievement: Achievement, record: BadgeRecord) -> IssuedBadge:
    """Show one badge for its published profile."""
    return _issued(settings, achievement, record, published=True)
