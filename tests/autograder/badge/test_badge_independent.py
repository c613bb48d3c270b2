"""An independent verifier, Digital Bazaar's in JavaScript, gives the verdicts that ours gives."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from badge_class import make_class
from defusedxml.ElementTree import fromstring
from PIL import Image

from autograder.badge.contexts import EXTENSIONS, OPEN_BADGES, load_context
from autograder.badge.issuing import issue_due, make_issuer_key, revoke
from autograder.badge.publish import signed_status_lists
from autograder.badge.store import FORMS, BadgeStore

HERE = Path(__file__).parent / "independent"
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")


@pytest.fixture(scope="module")
def verifier(tmp_path_factory):
    """Install the verifier as its lock says, and give a way to ask it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Debian's nodejs and npm are not installed; `make test` installs them")
    folder = tmp_path_factory.mktemp("independent")
    for name in ("package.json", "package-lock.json", "check.mjs"):
        shutil.copy(HERE / name, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode and any(word in done.stderr for word in UNREACHABLE):
        pytest.skip("npm reaches no registry from here, so the independent verifier cannot be installed")
    assert done.returncode == 0, done.stderr

    def ask(credentials, lists):
        job = {
            "contexts": {address: load_context(address) for address in (OPEN_BADGES, EXTENSIONS)},
            "lists": {each["id"]: each for each in lists},
            "credentials": credentials,
        }
        command = ["node", "check.mjs"]
        run = subprocess.run(
            command, cwd=folder, input=json.dumps(job), capture_output=True, text=True, check=False, timeout=120
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return ask


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """Give a class with a badge and a revoked one, and its status lists; all of now, as the verifier has a clock."""
    made = make_class(tmp_path_factory.mktemp("issued"))
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


def test_it_accepts_a_fresh_badge_in_each_form(verifier, issued):
    """JSON, PNG and SVG: both proofs hold, and the badge is not revoked."""
    store, lists = issued
    verdicts = verifier([taken_out(store.learner_file("ada", form)) for form in FORMS], lists)

    assert verdicts == [{"signed": True, "proofs": [True, True], "revoked": [False], "errors": []}] * len(FORMS)


def test_it_finds_a_revoked_badge_revoked(verifier, issued):
    """The bit that we set is the bit that it reads, from a list whose proofs it checked."""
    store, lists = issued
    verdicts = verifier([taken_out(store.learner_file("bob", form)) for form in FORMS], lists)

    assert [each["revoked"] for each in verdicts] == [[True]] * len(FORMS)


def other_score(badge):
    badge["credentialSubject"]["result"][0]["value"] = "99.6"


def other_holder(badge):
    badge["credentialSubject"]["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"


def signatures_swapped(badge):
    first, second = badge["proof"]
    first["proofValue"], second["proofValue"] = second["proofValue"], first["proofValue"]


@pytest.mark.parametrize("change", [other_score, other_holder, signatures_swapped])
def test_it_refuses_a_changed_badge(verifier, issued, change):
    """A score, a holder or the signatures changed: not verified."""
    store, lists = issued
    badge = taken_out(store.learner_file("ada", "json"))
    change(badge)

    assert verifier([badge], lists)[0]["signed"] is False


def test_it_refuses_a_changed_status_list(verifier, issued):
    """A list in which somebody cleared the bits is no list: the badge is not verified with it."""
    from autograder.badge.status_list import pack

    store, lists = issued
    cleared = [{**each, "credentialSubject": {**each["credentialSubject"], "encodedList": pack([])}} for each in lists]

    assert verifier([taken_out(store.learner_file("bob", "json"))], cleared)[0]["signed"] is False
