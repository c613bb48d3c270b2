"""Independent verifiers, two in JavaScript and one in Python, give the verdicts that ours gives."""

import copy
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from badge_class import make_class
from defusedxml.ElementTree import fromstring
from openbadgeslib import baking
from PIL import Image

from autograder.badge.contexts import EXTENSIONS, OPEN_BADGES, load_context
from autograder.badge.issuing import issue_due, make_issuer_key, revoke
from autograder.badge.publish import signed_status_lists
from autograder.badge.status_list import pack
from autograder.badge.store import FORMS, BadgeStore

HERE = Path(__file__).parent / "independent"
OURS = ("EUSAGE", "EJSONPARSE", "ENOLOCK", "EINVALIDPACKAGENAME", "EBADPLATFORM")  # npm's words for a lock at fault
BOTH = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
ADDRESS = "https://badges.example.org/ml"


@dataclass(frozen=True)
class Verifier:
    """Other people's verifier, and what it looks at."""

    script: str
    suites: tuple[str, ...]  # whose proofs it can check
    address: str = ""  # of the class whose badges it is asked about


VERIFIERS = {
    "Digital Bazaar": Verifier("check_bazaar.mjs", BOTH),
    "Digital Credentials Consortium": Verifier("check_dcc.mjs", BOTH, address=ADDRESS),  # finds lists by https only
    "openbadgeslib": Verifier("check_openbadgeslib.py", BOTH[:1]),
}


@pytest.fixture(scope="module")
def node_folder(tmp_path_factory):
    """Install the verifiers in JavaScript as their lock says."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Debian's nodejs and npm are not installed; `make test` installs them")
    folder = tmp_path_factory.mktemp("independent")
    for path in HERE.iterdir():
        if path.suffix in (".json", ".mjs"):
            shutil.copy(path, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    except subprocess.TimeoutExpired:
        pytest.skip("npm gets no answer from a registry, so the independent verifiers cannot be installed")
    if done.returncode and not any(word in done.stderr for word in OURS):
        pytest.skip(f"npm cannot install the independent verifiers from here: {done.stderr[:500]}")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module", params=VERIFIERS)
def verifier(request):
    return VERIFIERS[request.param]


@pytest.fixture(scope="module")
def verdicts(request, verifier):
    """Give a way to ask the verifier about credentials."""
    in_node = verifier.script.endswith(".mjs")
    folder = request.getfixturevalue("node_folder") if in_node else HERE
    command = ["node" if in_node else sys.executable, verifier.script]

    def ask(credentials, lists):
        job = {
            "contexts": {address: load_context(address) for address in (OPEN_BADGES, EXTENSIONS)},
            "lists": {each["id"]: each for each in lists},
            "credentials": credentials,
        }
        run = subprocess.run(
            command, cwd=folder, input=json.dumps(job), capture_output=True, text=True, check=False, timeout=600
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return ask


@pytest.fixture(scope="module")
def issued(tmp_path_factory, verifier):
    """Give a class with a badge and a revoked one, and its status lists; all of now, as the verifier has a clock."""
    made = make_class(tmp_path_factory.mktemp("issued"), address=verifier.address)
    make_issuer_key(made.settings)
    for learner in ("ada", "bob"):
        made.pass_all(learner, 16.5)
    issue_due(made.settings, actor="tester")
    store = BadgeStore(made.settings)
    revoke(made.settings, store.ledger().latest_of("bob").id, reason="Copied.", actor="tester")
    return store, [json.loads(data) for data in signed_status_lists(made.settings, datetime.now(UTC)).values()]


def taken_out(path):
    """Read the credential with other people's readers: Pillow for PNG, an XML parser for SVG."""
    if path.suffix == ".png":
        with Image.open(path) as picture:
            return json.loads(str(picture.text["openbadgecredential"]))
    if path.suffix == ".svg":
        return json.loads(fromstring(path.read_bytes())[0].text)
    return json.loads(path.read_bytes())


def test_it_accepts_a_fresh_badge_in_each_form(verdicts, verifier, issued):
    """JSON, PNG and SVG: every proof that it knows holds, and the badge is not revoked."""
    store, lists = issued
    found = verdicts([taken_out(store.learner_file("ada", form)) for form in FORMS], lists)

    accepted = {"valid": True, "proofs": dict.fromkeys(verifier.suites, True), "revoked": False, "errors": []}
    assert found == [accepted] * len(FORMS)


def test_it_finds_a_revoked_badge_revoked(verdicts, issued):
    """The bit that we set is the bit that it reads, from a list whose proofs it checked."""
    store, lists = issued
    found = verdicts([taken_out(store.learner_file("bob", form)) for form in FORMS], lists)

    assert [(each["valid"], each["revoked"]) for each in found] == [(False, True)] * len(FORMS)


def other_score(badge):
    badge["credentialSubject"]["result"][0]["value"] = "99.6"


def other_holder(badge):
    badge["credentialSubject"]["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"


def signatures_swapped(badge):
    first, second = badge["proof"]
    first["proofValue"], second["proofValue"] = second["proofValue"], first["proofValue"]


@pytest.mark.parametrize("change", [other_score, other_holder, signatures_swapped])
def test_it_refuses_a_changed_badge(verdicts, verifier, issued, change):
    """A score, a holder or the signatures changed: not valid, and no proof holds."""
    store, lists = issued
    badge = taken_out(store.learner_file("ada", "json"))
    change(badge)
    [found] = verdicts([badge], lists)

    assert (found["valid"], found["proofs"]) == (False, dict.fromkeys(verifier.suites, False))


def test_it_checks_each_proof_that_it_knows(verdicts, verifier, issued):
    """A signature that the same key made for another badge: that proof does not hold, the other one still does."""
    store, lists = issued
    badge, other = (taken_out(store.learner_file(learner, "json")) for learner in ("ada", "bob"))
    changed = [copy.deepcopy(badge) for _ in verifier.suites]
    for place, each in enumerate(changed):
        each["proof"][place]["proofValue"] = other["proof"][place]["proofValue"]

    proofs = [each["proofs"] for each in verdicts(changed, lists)]
    assert proofs == [{suite: suite != broken for suite in verifier.suites} for broken in verifier.suites]


def test_it_refuses_a_changed_status_list(verdicts, issued):
    """A list in which somebody cleared the bits is no list: the badge is not valid with it."""
    store, lists = issued
    cleared = [{**each, "credentialSubject": {**each["credentialSubject"], "encodedList": pack([])}} for each in lists]
    [found] = verdicts([taken_out(store.learner_file("bob", "json"))], cleared)

    assert (found["valid"], found["revoked"]) == (False, None)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Give a badge in each form."""
    made = make_class(tmp_path_factory.mktemp("pictures"))
    make_issuer_key(made.settings)
    made.pass_all("ada", 16.5)
    issue_due(made.settings, actor="tester")
    return {form: BadgeStore(made.settings).learner_file("ada", form).read_bytes() for form in FORMS}


def test_openbadgeslib_reads_the_credential_out_of_the_pictures(pictures):
    """Its own readers for PNG and SVG find the bytes of the JSON file."""
    from_png = baking.extract_png(pictures["png"], keyword=baking.ITXT_KEYWORD_OB3)
    from_svg = baking.extract_svg(pictures["svg"], element=baking.SVG_ELEMENT_OB3, text_fallback=True)

    assert (from_png.encode(), from_svg.encode()) == (pictures["json"], pictures["json"])
