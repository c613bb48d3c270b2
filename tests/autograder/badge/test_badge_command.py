"""`course badge`: what it prints, how it exits, and that it never tells a secret."""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from badge_class import make_class
from typer.testing import CliRunner

from autograder.badge.checking import check_file
from autograder.badge.keys import key_path
from autograder.badge.moments import moment_text
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.verify import Verdict
from autograder.cli import app

ROOT = Path(__file__).resolve().parents[3]
COURSE = """
mode = "{mode}"
[units]
"01_training" = {{ required = true }}
"02_inference" = {{ required = true }}
[badge]
issuer = "Mill Road College"
address = "{address}"
"""


class Course:
    """A course in a folder, and its command."""

    def __init__(self, root, monkeypatch, *, mode="class", address=""):
        self.made = make_class(root, mode=mode, address=address)
        self.made.settings.root.joinpath("course.toml").write_text(COURSE.format(mode=mode, address=address))
        monkeypatch.setenv("COURSE_ROOT", str(self.made.settings.root))
        monkeypatch.setenv("COURSE_KEYS", str(self.made.settings.keys))
        monkeypatch.setenv("COURSE_LEARNER", "ada")
        for name in ("COURSE_VAR", "COURSE_DB_URL"):
            monkeypatch.delenv(name, raising=False)
        self.store = BadgeStore(self.made.settings)
        self.site = self.store.site
        self.said = ""

    def __call__(self, *words, data=None):
        result = CliRunner().invoke(app, ["badge", *map(str, words)], input=data)
        self.said += result.output
        return result

    def badge(self, form="json", learner="ada"):
        return self.store.learner_file(learner, form)

    @property
    def trusting(self):
        return ("--trust", self.site / "trust.json", "--status-dir", self.site / "status")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Give a class with a key, one badge and a published site."""
    made = Course(tmp_path, monkeypatch)
    made.made.pass_all("ada", 16.5)
    for words in (["keygen"], ["issue"], ["publish"]):
        assert made(*words).exit_code == 0, made.said
    return made


@pytest.mark.parametrize("form", FORMS)
def test_a_published_issuers_badge_is_valid(course, form):
    """With the issuer's trust list and status lists the exit status is 0, for each form."""
    result = course("verify", course.badge(form), *course.trusting)

    assert (result.exit_code, result.output.splitlines()[0]) == (
        0,
        "Valid. A trusted issuer signed it, and it is not revoked.",
    )


def test_verify_says_who_what_when_and_by_whom(course):
    """The scores, the digests, the issuer's name as trusted, and the moments are printed."""
    said = course("verify", course.badge(), *course.trusting).output
    awarded = moment_text(course.store.ledger().latest_of("ada").awarded_at)

    for line in (
        r"badge: +Production ML systems \(version 2-units-",
        r"holder: +urn:uuid:",
        rf"awarded: +{awarded}",
        r"trusted as: +Mill Road College",
        r"01 Static versus dynamic training: 91.6 % \(required 80 %\), notebook uEi",
    ):
        assert re.search(line, said), line


def test_standard_input_is_read(course):
    """`-` reads the badge from a pipe."""
    assert course("verify", "-", *course.trusting, data=course.badge("png").read_bytes()).exit_code == 0


def test_the_exit_status_tells_the_verdicts_apart(course):
    """0 valid, 1 not valid, 2 unknown issuer, 3 status unknown."""
    trust = ("--trust", course.site / "trust.json")
    changed = course.badge().read_bytes().replace(b"91.6", b"99.6")

    assert [
        course("verify", course.badge(), *course.trusting).exit_code,
        course("verify", "-", *course.trusting, data=changed).exit_code,
        course("verify", course.badge()).exit_code,
        course("verify", course.badge(), *trust).exit_code,
    ] == [0, 1, 2, 3]


def test_a_verdict_can_be_read_by_programs(course):
    """--json prints the verdict, the reason and the badge."""
    said = json.loads(course("verify", course.badge(), "--json", *course.trusting).output)

    assert (said["verdict"], said["issuer"], said["badge"]["name"]) == (
        "valid",
        "Mill Road College",
        "Production ML systems",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["keygen"], "signs already"),
        (["issue", "ada", "bob", "--name", "Ada"], "name exactly one"),
        (["revoke", "urn:uuid:1", "--reason", "x"], "no such badge"),
        (["publish", "--profile", "zoe"], "zoe has no badge yet"),
    ],
)
def test_a_wrong_use_is_one_line_and_exit_status_2(course, words, said):
    """No traceback: what, where, and what to do."""
    result = course(*words, data=b"{}")

    assert (result.exit_code, said in result.output, "Traceback" in result.output) == (2, True, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.png"], "nowhere.png: cannot be read"),
        (["-", "--trust", "nowhere.json"], "nowhere.json: the trust list cannot be read"),
        (["-", "--status-dir", "nowhere"], "nowhere: the status lists cannot be read"),
        (["-", "--evidence", "nowhere.ipynb"], "nowhere.ipynb: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_has_a_status_of_its_own(course, words, said):
    """4 is no verdict, and docs/badge.md lists it."""
    result = course("verify", *words, data=b"{}")

    assert (result.exit_code, said in result.output, "Traceback" in result.output) == (4, True, False)
    assert "| 4 | none |" in (ROOT / "docs" / "badge.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("data", [b"learner,points\nada,18\n", b"", b"\0\1"])
def test_a_file_of_another_kind_is_called_no_badge(course, data):
    """A CSV is not valid because it is no JSON, PNG or SVG; an SVG is not spoken of."""
    result = course("verify", "-", data=data)

    assert (result.exit_code, result.output.splitlines()) == (
        1,
        ["Not valid.", "The file is no JSON, PNG or SVG, so it is no badge."],
    )


def test_a_revoked_badge_is_not_valid_once_published(course):
    """Issue, publish, revoke, publish: verifiers hear of it, and the reason stays in the private log."""
    badge = json.loads(course.badge().read_text())["id"]
    revoked = course("revoke", badge, "--reason", "The work was copied from a friend.")
    course("publish")
    published = b"".join(path.read_bytes() for path in course.site.rglob("*") if path.is_file())

    assert (revoked.exit_code, course("verify", course.badge(), *course.trusting).exit_code) == (0, 1)
    assert b"friend" not in published


def test_a_profile_is_published_by_wish_only(course):
    """Nothing of a learner is on the site before they wish it, and nothing after they take it back."""
    places = [sorted(path.name for path in course.site.glob("profiles/*/*"))]
    course("publish", "--profile", "ada")
    places.append(sorted(path.name for path in course.site.glob("profiles/*/*")))
    course("publish", "--private", "ada")
    places.append(sorted(path.name for path in course.site.glob("profiles/*/*")))

    assert places == [[], ["badge.json", "badge.png", "badge.svg", "index.html"], []]


def test_a_waiting_badge_is_work_left(course):
    """A notebook of two learners: exit status 1, and a line says who and why."""
    for learner in ("bob", "cleo"):
        course.made.hand_in(learner, "01_training", notebook=b"same")
        course.made.hand_in(learner, "02_inference")
    result = course("issue")

    assert (result.exit_code, "bob: 01_training: cleo handed in the same notebook" in result.output) == (1, True)


def test_work_of_ones_own_ends_the_waiting(course):
    """Whoever hands in another notebook that passes gets the badge for it; the other learner still waits."""
    for learner in ("bob", "cleo"):
        course.made.hand_in(learner, "01_training", notebook=b"same")
        course.made.hand_in(learner, "02_inference", notebook=learner.encode())
    course.made.hand_in("bob", "01_training", notebook=b"bob's own")
    result = course("issue")

    assert "bob: 01_training" not in result.output
    assert (result.exit_code, "cleo: 01_training: bob handed in the same notebook" in result.output) == (1, True)
    assert course.badge(learner="bob").is_file()


def test_only_a_trusted_issuers_list_is_fetched(tmp_path, monkeypatch):
    """--online asks the address in a badge only after its proofs hold and its issuer is trusted."""
    course = Course(tmp_path, monkeypatch, address="https://badges.example.org/ml")
    course.made.pass_all("ada")
    for word in ("keygen", "issue", "publish"):
        course(word)
    asked = []

    def fetch(address):
        asked.append(address)
        return next(course.site.glob("status/*.json")).read_bytes()

    data = course.badge().read_bytes()
    trust = [course.site / "trust.json"]
    verdicts = [
        check_file(data, online=True, fetch=fetch).verdict,
        check_file(data.replace(b"100", b"101"), online=True, trust=trust, fetch=fetch).verdict,
        check_file(data, online=True, trust=trust, fetch=fetch).verdict,
    ]

    assert verdicts == [Verdict.UNKNOWN_ISSUER, Verdict.INVALID, Verdict.VALID]
    assert [address.rsplit("/", 2)[0] for address in asked] == ["https://badges.example.org/ml"]


def test_an_address_that_does_not_answer_leaves_the_status_unknown(tmp_path, monkeypatch):
    """A list that cannot be fetched is a note, not a crash."""
    course = Course(tmp_path, monkeypatch, address="https://badges.example.org/ml")
    course.made.pass_all("ada")
    for word in ("keygen", "issue", "publish"):
        course(word)

    def fetch(address):
        raise ValueError("it answers 404")

    checked = check_file(course.badge().read_bytes(), online=True, trust=[course.site / "trust.json"], fetch=fetch)

    assert (checked.verdict, "it answers 404" in checked.notes[0]) == (Verdict.STATUS_UNKNOWN, True)


def test_the_private_bytes_are_nowhere(course, caplog):
    """No file that is written, no line that is printed or logged holds the key, in any spelling."""
    did = course.store.ledger().active_key.did
    course("publish", "--profile", "ada", "--scores")
    course("verify", course.badge(), "--json", *course.trusting)
    course("keygen", "--rotate")
    course("issue")
    pem = key_path(course.made.settings.keys, did).read_bytes()
    raw = base64.b64decode(pem.splitlines()[1])[-32:]
    spellings = [raw, raw.hex().encode(), base64.b64encode(raw)[:-2], base64.urlsafe_b64encode(raw)[:-2], pem[30:70]]
    written = [path for path in course.made.settings.root.rglob("*") if path.is_file()]
    texts = [path.read_bytes() for path in written] + [course.said.encode(), caplog.text.encode()]

    assert [spelling for spelling in spellings for text in texts if spelling in text] == []
    assert len(written) > 15


def commands_of_the_docs():
    text = (ROOT / "docs" / "badge.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- walk-through -->\n\n((?:    .*\n)+)", text)[1]
    return [line.split("#")[0].split() for line in block.splitlines()]


def test_the_walk_through_of_the_docs_ends_in_a_valid_badge(tmp_path, monkeypatch):
    """A new instructor copies the commands of docs/badge.md: fewer than ten, and the last one says valid."""
    course = Course(tmp_path, monkeypatch)
    course.made.pass_all("ada")
    monkeypatch.chdir(course.made.settings.root)
    commands = commands_of_the_docs()
    results = [course(*words[2:]) for words in commands if words[:2] == ["course", "badge"]]

    assert [result.exit_code for result in results] == [0] * len(results), course.said
    assert results[-1].output.startswith("Valid.")
    assert (len(commands) < 10, len(commands) == len(results)) == (True, True)


def test_verifying_needs_no_course(course, tmp_path):
    """Any folder will do: verify reads no course.toml and no key."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(elsewhere), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "autograder", "badge", "verify", course.badge("svg"), *map(str, course.trusting)],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
