"""Verifying: nothing but what was issued is valid, and every input ends in a verdict."""

import copy
import json
import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from badge_class import ISSUED, make_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.badge.issuing import Person, issue_due, make_issuer_key, revoke
from autograder.badge.multikey import multibase
from autograder.badge.proofs import jcs
from autograder.badge.publish import signed_status_lists
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.trust import trust_document, trusted_keys
from autograder.badge.verify import Known, Verdict, verify

VERIFY_SECONDS = 10.0  # of processor time for any input; here it is a tenth of one


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """Give a class with one badge, in each form, and a verifier who knows its issuer."""
    made = make_class(tmp_path_factory.mktemp("verify"))
    make_issuer_key(made.settings, clock=lambda: ISSUED)
    data = made.hand_in("ada", "01_training", 16.5)
    made.hand_in("ada", "02_inference", 16.5)
    person = Person(email="ada@example.org", name="Ada Lovelace")
    issue_due(made.settings, actor="tester", learners=["ada"], people={"ada": person}, clock=lambda: ISSUED)
    store = BadgeStore(made.settings)
    keys = list(store.ledger().keys.values())
    known = Known(
        trust=trusted_keys(trust_document("Mill Road College", keys)),
        status_lists=list(signed_status_lists(made.settings, ISSUED).values()),
        now=ISSUED,
    )
    files = {form: store.learner_file("ada", form).read_bytes() for form in FORMS}
    return made, files, known, data


def places(value, path=()):
    """List the path of every member and item of a document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from places(part, (*path, key))


def changed(document, path, change):
    copied = copy.deepcopy(document)
    holder = copied
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return copied


def other(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    return [*value, *value] if isinstance(value, list) else {}


def removed(holder, key):
    del holder[key]


def replaced(holder, key):
    holder[key] = other(holder[key])


def renamed(holder, key):
    if isinstance(key, str):
        holder[key + "s"] = holder.pop(key)
    else:
        holder.insert(key, holder[key])


@pytest.mark.parametrize("change", [removed, replaced, renamed])
def test_no_change_of_any_member_leaves_a_badge_valid(issued, change):
    """Each member and item, removed, replaced or renamed: not one of them goes unnoticed."""
    _, files, known, _ = issued
    document = json.loads(files["json"])
    paths = list(places(document))

    unnoticed = [
        path for path in paths if verify(jcs(changed(document, path, change)), known).verdict is not Verdict.INVALID
    ]

    assert (unnoticed, len(paths) > 100) == ([], True)


@pytest.mark.parametrize("form", FORMS)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_no_change_of_any_byte_leaves_a_badge_valid(issued, form, data):
    """A byte replaced, removed or doubled, anywhere in the file, picture included."""
    _, files, known, _ = issued
    badge = files[form]
    at = data.draw(st.integers(0, len(badge) - 1))
    kind = data.draw(st.sampled_from(["replaced", "removed", "doubled"]))
    if kind == "replaced":
        new = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != badge[at]))])
    else:
        new = b"" if kind == "removed" else badge[at : at + 1] * 2

    assert verify(badge[:at] + new + badge[at + 1 :], known).verdict is Verdict.INVALID


@pytest.mark.parametrize("write", [lambda badge: json.dumps(badge, indent=2), lambda badge: json.dumps(badge)[::1]])
def test_white_space_and_order_do_not_matter(issued, write):
    """A wallet may write the same JSON in its own way."""
    _, files, known, _ = issued
    document = json.loads(files["json"])
    backwards = dict(reversed(document.items()))

    assert verify(write(backwards).encode(), known).verdict is Verdict.VALID


def sign_with(pair, document):
    from autograder.badge.proofs import signed_bytes

    private, method = pair
    for proof in document["proof"]:
        proof["verificationMethod"] = method
        proof["proofValue"] = multibase(private.sign(signed_bytes(document, proof)))
    return document


def strangers_pair():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from autograder.badge.multikey import did_key, verification_method

    private = Ed25519PrivateKey.generate()
    return private, verification_method(did_key(private.public_key().public_bytes_raw()))


def test_a_stranger_who_claims_our_name_is_unknown(issued):
    """Anybody can sign a badge that calls them Mill Road College; the trust list decides."""
    _, files, known, _ = issued
    pair = strangers_pair()
    document = json.loads(files["json"])
    document["issuer"]["id"] = pair[1].split("#")[0]

    checked = verify(jcs(sign_with(pair, document)), known)

    assert (checked.verdict, checked.issuer) == (Verdict.UNKNOWN_ISSUER, "")


def test_a_stranger_cannot_sign_for_our_issuer(issued):
    """Signed by one key in the name of another: not valid."""
    _, files, known, _ = issued
    document = json.loads(files["json"])

    assert verify(jcs(sign_with(strangers_pair(), document)), known).verdict is Verdict.INVALID


def without_proof(document):
    del document["proof"]


def with_rdfc_only(document):
    document["proof"] = document["proof"][:1]


def with_jcs_only(document):
    document["proof"] = document["proof"][1:]


def with_proofs_swapped(document):
    document["proof"].reverse()


def with_signatures_swapped(document):
    rdfc, jcs_ = document["proof"]
    rdfc["proofValue"], jcs_["proofValue"] = jcs_["proofValue"], rdfc["proofValue"]


def with_an_expiry_respelled(document):
    document["validuntil"] = "2020-01-01T00:00:00Z"


def with_a_blank_node(document):
    document["id"] = "_:b0"


def with_another_context(document):
    document["@context"].append("https://example.org/more.json")


def with_a_null(document):
    document["credentialSubject"]["name"] = None


def with_a_unit_short_of_the_pass(document):
    document["credentialSubject"]["result"][0]["value"] = "79.9"


def with_a_day_that_never_was(document):
    document["awardedDate"] = "2026-02-30T00:00:00Z"


@pytest.mark.parametrize(
    "spoil",
    [
        without_proof,
        with_rdfc_only,
        with_jcs_only,
        with_proofs_swapped,
        with_signatures_swapped,
        with_an_expiry_respelled,
        with_a_blank_node,
        with_another_context,
        with_a_null,
        with_a_unit_short_of_the_pass,
        with_a_day_that_never_was,
    ],
)
def test_a_document_of_another_shape_is_no_badge(issued, spoil):
    """Proofs missing or swapped, blank nodes, foreign contexts, unknown names: refused before any signature counts."""
    _, files, known, _ = issued
    document = json.loads(files["json"])
    spoil(document)

    assert verify(json.dumps(document).encode(), known).verdict is Verdict.INVALID


def fuzzed_inputs():
    deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    return {
        "nothing": b"",
        "zeros": bytes(5000),
        "random": os.urandom(5000),
        "large": b"{" + b" " * (5 << 20),
        "deep": deep,
        "deep list": b"[" * 100_000,
        "number": b'{"a": 1}',
        "huge number": b'{"a": ' + b"9" * 10_000 + b"}",
        "NaN": b'{"a": NaN}',
        "twice": b'{"id": "a", "id": "b"}',
        "half a character": b'{"a": "\\ud800"}',
        "not utf-8": b'{"a": "\xff"}',
        "byte order mark": b'\xef\xbb\xbf{"a": "b"}',
        "list": b"[]",
        "text": b'{"proof": "x"}',
        "svg": b"<svg><![CDATA[" * 1000,
        "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        "png": b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000,
    }


@pytest.mark.parametrize("name", fuzzed_inputs())
def test_any_input_ends_in_a_verdict(issued, name):
    """No bytes raise, and none take much work."""
    *_, known, _ = issued
    before = time.process_time()
    checked = verify(fuzzed_inputs()[name], known)

    assert (checked.verdict, time.process_time() - before < VERIFY_SECONDS) == (Verdict.INVALID, True)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.binary(max_size=300) | st.text().map(lambda text: ("{" + text).encode("utf-8", "replace")))
def test_random_input_ends_in_a_verdict(issued, data):
    """Whatever comes, the answer is "not valid"."""
    *_, known, _ = issued

    assert verify(data, known).verdict is Verdict.INVALID


def test_the_right_email_is_noted_and_another_is_refused(issued):
    """The salted hash tells whose badge it is."""
    _, files, known, _ = issued
    right = verify(files["png"], replace(known, email=" ADA@example.org"))
    wrong = verify(files["png"], replace(known, email="bob@example.org"))

    assert (right.verdict, right.notes, wrong.verdict) == (
        Verdict.VALID,
        ("It was issued to ADA@example.org.",),
        Verdict.INVALID,
    )


def test_the_graded_notebook_is_recognised(issued):
    """Evidence is a digest: the right file matches, another one does not."""
    _, files, known, notebook = issued
    right = verify(files["json"], replace(known, evidence=notebook))
    wrong = verify(files["json"], replace(known, evidence=notebook + b"\n"))

    assert (right.notes, wrong.verdict) == (
        ("The notebook is the one that was graded for 01 Static versus dynamic training.",),
        Verdict.INVALID,
    )


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(-301, Verdict.INVALID), (-299, Verdict.VALID), (86400 * 29, Verdict.VALID)]
)
def test_clocks_may_differ_by_five_minutes(issued, seconds, verdict):
    """A badge from five minutes ahead is taken for now; one from later is not valid yet."""
    _, files, known, _ = issued

    now = ISSUED.replace(microsecond=0) + timedelta(seconds=seconds)

    assert verify(files["json"], replace(known, now=now)).verdict is verdict


def test_without_a_fresh_status_list_the_status_is_unknown(issued):
    """No list, one of another issuer, an old one: each time the status is unknown, with a reason."""
    _, files, known, _ = issued
    old = verify(files["json"], replace(known, now=ISSUED + timedelta(days=31)))
    none = verify(files["json"], replace(known, status_lists=[]))

    assert [old.verdict, none.verdict] == [Verdict.STATUS_UNKNOWN] * 2
    assert "out of date since 2026-05-01" in old.reason


@pytest.mark.parametrize(
    "spoil", [lambda data: data.replace(b"H4sI", b"H4sJ"), lambda data: data[:0] + b"{}", lambda data: data[:-1]]
)
def test_a_status_list_that_was_changed_does_not_count(issued, spoil):
    """A list whose proofs do not hold is no list."""
    _, files, known, _ = issued
    lists = [spoil(data) for data in known.status_lists]

    assert verify(files["json"], replace(known, status_lists=lists)).verdict is Verdict.STATUS_UNKNOWN


def test_a_revoked_badge_is_not_valid_even_by_an_old_list(tmp_path, issue, known_of):
    """Revocation is for good, so an old list that says so is enough."""
    made = make_class(tmp_path)
    make_issuer_key(made.settings, clock=lambda: ISSUED)
    made.pass_all("ada")
    made.pass_all("bob")
    badge, _ = issue(made).issued
    revoke(made.settings, badge.id, reason="The work was another's.", actor="tester")
    store = BadgeStore(made.settings)
    known = known_of(made)
    later = replace(known, now=ISSUED + timedelta(days=100))

    verdicts = [verify(store.learner_file("ada", "json").read_bytes(), each).verdict for each in (known, later)]
    others = verify(store.learner_file("bob", "json").read_bytes(), known).verdict

    assert (verdicts, others) == ([Verdict.INVALID] * 2, Verdict.VALID)
