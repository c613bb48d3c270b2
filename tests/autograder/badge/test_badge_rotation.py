"""The keys' way through time, revocation, and what the trust list says of both."""

import json
from datetime import timedelta

import pytest
from badge_class import ISSUED, make_class

from autograder.badge.issuing import make_issuer_key, revoke
from autograder.badge.store import BadgeStore
from autograder.badge.trust import merged, read_trust, trust_document, trusted_keys
from autograder.badge.verify import Verdict, verify
from autograder.errors import PlatformError

LATER = ISSUED + timedelta(days=10)


def verdict_of(made, known, learner="ada"):
    return verify(BadgeStore(made.settings).learner_file(learner, "json").read_bytes(), known).verdict


def test_a_second_key_is_not_made_by_accident(some_class):
    """Keygen twice would split the badges of a class."""
    with pytest.raises(PlatformError, match="--rotate"):
        make_issuer_key(some_class.settings)


def test_after_a_rotation_old_and_new_badges_are_valid(some_class, issue, known_of):
    """A new key signs; what the old one signed stays valid, and its status list is still signed."""
    issue(some_class)
    old = BadgeStore(some_class.settings).ledger().active_key.did
    new = make_issuer_key(some_class.settings, rotate=True, clock=lambda: LATER)
    some_class.pass_all("bob")
    issue(some_class, at=LATER)
    known = known_of(some_class, at=LATER)
    badges = BadgeStore(some_class.settings).ledger().badges.values()

    assert [badge.key for badge in badges] == [old, new]
    assert [verdict_of(some_class, known, learner) for learner in ("ada", "bob")] == [Verdict.VALID] * 2


def test_a_retired_key_cannot_sign_any_more(some_class, issue, known_of):
    """A badge that an old key signs after its retirement is not valid."""
    make_issuer_key(some_class.settings, rotate=True, clock=lambda: ISSUED - timedelta(hours=2))
    issue(some_class)
    ledger = BadgeStore(some_class.settings).ledger()
    keys = trust_document("Mill Road College", list(ledger.keys.values()))
    row = keys["issuers"][0]["keys"][1]
    row |= {"state": "retired", "until": "2026-04-01T09:00:00Z"}
    known = known_of(some_class)

    assert verdict_of(some_class, known) is Verdict.VALID
    checked = verify(
        BadgeStore(some_class.settings).learner_file("ada", "json").read_bytes(),
        type(known)(trust=trusted_keys(keys), status_lists=known.status_lists, now=known.now),
    )
    assert (checked.verdict, checked.reason) == (
        Verdict.INVALID,
        "It was signed after its issuer had stopped using this key.",
    )


def test_a_withdrawn_key_fails_and_the_next_issue_signs_anew(some_class, issue, known_of):
    """A stolen key: its badges fail at once; issuing again gives each learner the same badge under the new key."""
    issue(some_class)
    before = BadgeStore(some_class.settings).ledger().latest_of("ada")
    stolen = BadgeStore(some_class.settings).learner_file("ada", "json").read_bytes()
    make_issuer_key(some_class.settings, withdraw=True, clock=lambda: LATER)
    report = issue(some_class, at=LATER)
    known = known_of(some_class, at=LATER)

    assert [badge.id for badge in report.renewed] == [before.id]
    assert (verify(stolen, known).verdict, verdict_of(some_class, known)) == (Verdict.INVALID, Verdict.VALID)


def test_a_revoked_badge_stays_revoked_in_every_revision(some_class, issue, known_of):
    """A renewed badge has two places in status lists; revoking sets both."""
    issue(some_class)
    first = BadgeStore(some_class.settings).learner_file("ada", "json").read_bytes()
    some_class.hand_in("ada", "01_training", 18.0, hours=50)
    badge = issue(some_class, at=LATER).renewed[0]
    revoke(some_class.settings, badge.id, reason="Copied.", actor="tester", clock=lambda: LATER)
    known = known_of(some_class, at=LATER)

    assert (verify(first, known).verdict, verdict_of(some_class, known)) == (Verdict.INVALID, Verdict.INVALID)


def test_a_revoked_badge_is_not_issued_again(some_class, issue):
    """Issuing what is due does not undo a revocation, not even for a better score."""
    badge = issue(some_class).issued[0]
    revoke(some_class.settings, badge.id, reason="Copied.", actor="tester")
    some_class.hand_in("ada", "01_training", 18.0, hours=50)

    assert issue(some_class, at=LATER).unchanged == 1


@pytest.mark.parametrize(
    ("badge_id", "reason", "said"),
    [("urn:uuid:00000000-0000-0000-0000-000000000000", "Copied.", "no such badge"), ("", " ", "needs a reason")],
)
def test_a_revocation_names_a_badge_and_a_reason(some_class, badge_id, reason, said):
    """An unknown badge and a missing reason are refused."""
    with pytest.raises(PlatformError, match=said):
        revoke(some_class.settings, badge_id, reason=reason, actor="tester")


def test_a_badge_is_revoked_once(some_class, issue):
    """A second revocation would overwrite the reason of the first."""
    badge = issue(some_class).issued[0]
    plain_id = badge.id.removeprefix("urn:uuid:")
    revoke(some_class.settings, plain_id, reason="Copied.", actor="tester")

    with pytest.raises(PlatformError, match="already"):
        revoke(some_class.settings, badge.id, reason="Again.", actor="tester")


def test_a_key_that_one_list_withdrew_is_withdrawn(some_class):
    """Several trust lists: the strictest word about a key counts, in any order."""
    did = next(iter(BadgeStore(some_class.settings).ledger().keys))
    rows = [{"did": did, "state": "active", "since": "2026-01-01T00:00:00Z"}]
    active = trusted_keys({"format": "production-ml-course trust 1", "issuers": [{"name": "A", "keys": rows}]})
    rows = [{**rows[0], "state": "withdrawn", "until": "2026-02-01T00:00:00Z"}]
    withdrawn = trusted_keys({"format": "production-ml-course trust 1", "issuers": [{"name": "B", "keys": rows}]})

    assert [merged(*lists)[did].state for lists in ((active, withdrawn), (withdrawn, active))] == ["withdrawn"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "other", "issuers": []}',
        '{"format": "production-ml-course trust 1", "issuers": [{"name": "A", "keys": [{"did": "did:web:x"}]}]}',
    ],
)
def test_a_file_that_is_no_trust_list_is_refused(tmp_path, text):
    """The verifier's own files must be right; the message says which is not."""
    path = tmp_path / "trust.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PlatformError, match="no trust list"):
        read_trust(path)


def test_self_study_is_in_no_trust_list_of_the_page(tmp_path, issue):
    """A learner's own key is not trusted by the verify page that they publish."""
    from autograder.badge.publish import current_verify_page

    made = make_class(tmp_path, mode="self-study")
    made.pass_all("ada")
    issue(made)
    page = current_verify_page(made.settings, ISSUED)
    known = json.loads(page.split('id="known">')[1].split("</script>")[0])

    assert (known["trust"], len(known["statusLists"])) == ({}, 1)
