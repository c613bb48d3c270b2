"""Issuing: who gets a badge, once, and what it then says."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from badge_class import ISSUED, POINTS, SUITES, make_class
from jsonschema import Draft201909Validator

from autograder.badge.credential import email_hash, percent_text
from autograder.badge.issuing import Person, issue_due, make_issuer_key
from autograder.badge.required import read_achievement
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.verify import Verdict, take_out, verify
from autograder.errors import CourseError, PlatformError
from autograder.gradebook.queries import Queries

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "openbadges"


def newest(made, learner="ada"):
    return BadgeStore(made.settings).learner_file(learner, "json").read_bytes()


def learners_of(report):
    return [badge.learner for badge in report.issued]


def test_a_learner_who_passed_everything_gets_a_valid_badge(some_class, issue, known_of):
    """From the gradebook to a verified badge, as JSON, PNG and SVG."""
    issue(some_class)
    store = BadgeStore(some_class.settings)

    verdicts = {
        form: verify(store.learner_file("ada", form).read_bytes(), known_of(some_class)).verdict for form in FORMS
    }

    assert verdicts == dict.fromkeys(FORMS, Verdict.VALID)


def test_a_picture_holds_the_bytes_of_the_json_file(some_class, issue):
    """The JSON file, and what is taken out of PNG and SVG, are one and the same."""
    issue(some_class)
    store = BadgeStore(some_class.settings)

    assert {take_out(store.learner_file("ada", form).read_bytes()) for form in FORMS} == {newest(some_class)}


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the official JSON Schema lies beside the repository, in ../shared/data/openbadges"
)
@pytest.mark.parametrize("person", [Person(), Person(email="ada@example.org", name="Ada Lovelace")])
@pytest.mark.parametrize("address", ["", "https://badges.example.org/ml"])
def test_a_fresh_badge_fits_the_official_schema(tmp_path, issue, person, address):
    """1EdTech's strict JSON Schema of Open Badges 3.0 has nothing to say."""
    made = make_class(tmp_path, address=address)
    make_issuer_key(made.settings)
    made.pass_all("ada")
    issue(made, people={"ada": person}, learners=["ada"])
    schema = json.loads((SHARED / "ob_v3p0_achievementcredential_schema.json").read_text(encoding="utf-8"))

    assert list(Draft201909Validator(schema).iter_errors(json.loads(newest(made)))) == []


def one_unit_only(made):
    made.hand_in("bob", "01_training")


def one_unit_not_passed(made):
    made.hand_in("bob", "01_training")
    made.hand_in("bob", "02_inference", 0.79 * POINTS)


def pass_taken_back(made):
    made.pass_all("bob")
    made.forget_pass("bob", "02_inference")


def by_unaccepted_tests(made):
    made.pass_all("bob")
    made.accept("02_inference", SUITES["02_inference"], False)


def by_other_tests(made):
    made.hand_in("bob", "01_training")
    made.hand_in("bob", "02_inference", suite="f" * 64)


def without_sandbox(made):
    made.hand_in("bob", "01_training")
    made.hand_in("bob", "02_inference", mode="M0")


def below_the_sandbox_of_the_course(made):
    made.hand_in("bob", "01_training", mode="M3")
    made.hand_in("bob", "02_inference")


@pytest.mark.parametrize(
    "story",
    [
        one_unit_only,
        one_unit_not_passed,
        pass_taken_back,
        by_unaccepted_tests,
        by_other_tests,
        without_sandbox,
        below_the_sandbox_of_the_course,
    ],
)
def test_nobody_gets_a_badge_with_a_unit_missing(tmp_path, issue, story):
    """A unit failed, taken back, graded by tests that do not count, or in too weak a sandbox: no badge."""
    made = make_class(tmp_path)
    make_issuer_key(made.settings)
    story(made)

    assert issue(made).issued == ()


def test_issuing_again_changes_nothing(some_class, issue):
    """The same learner and version keep the same bytes."""
    issue(some_class)
    before = newest(some_class)
    report = issue(some_class, at=ISSUED + timedelta(days=1))

    assert (report.unchanged, report.issued, report.renewed, newest(some_class)) == (1, (), (), before)


def test_a_better_score_keeps_id_and_awarded_date(some_class, issue):
    """A renewed badge is the same badge with a newer validFrom."""
    issue(some_class)
    before = json.loads(newest(some_class))
    some_class.hand_in("ada", "01_training", POINTS, hours=50)
    issue(some_class, at=ISSUED + timedelta(days=1))
    after = json.loads(newest(some_class))

    assert all(before[name] == after[name] for name in ("id", "awardedDate", "issuer"))
    assert before["credentialSubject"]["id"] == after["credentialSubject"]["id"]
    assert after["validFrom"] == "2026-04-02T09:30:15Z"
    assert [each["value"] for each in after["credentialSubject"]["result"]] == ["100", "91.6"]


def test_a_worse_attempt_later_changes_nothing(some_class, issue):
    """Nobody should fear to submit again."""
    issue(some_class)
    some_class.hand_in("ada", "01_training", 15.0, hours=50)

    assert issue(some_class, at=ISSUED + timedelta(days=1)).unchanged == 1


def test_a_badge_is_never_valid_from_the_future_on(some_class, issue):
    """Moments are cut to the second, and the award is not later than the issue."""
    some_class.hand_in("bob", "01_training", hours=1)
    some_class.hand_in("bob", "02_inference", hours=24 * 365)
    issue(some_class)
    badge = json.loads(newest(some_class, "bob"))

    assert (badge["validFrom"], badge["awardedDate"]) == ("2026-04-01T09:30:15Z", "2026-04-01T09:30:15Z")


def test_a_notebook_of_two_learners_stops_both(some_class, issue):
    """The same bytes from two learners: the instructor is told, and nobody gets a badge before."""
    for unit in SUITES:
        some_class.hand_in("bob", unit, notebook=f"same {unit}".encode())
        some_class.hand_in("cleo", unit, notebook=f"same {unit}".encode())
    report = issue(some_class)

    assert learners_of(report) == ["ada"]
    assert [(each.learner, each.reason.split(" handed")[0]) for each in report.stopped] == [
        ("bob", "01_training: cleo"),
        ("cleo", "01_training: bob"),
    ]
    with Queries(some_class.settings) as queries:
        assert [queries.awards(learner) for learner in ("bob", "cleo")] == [(), ()]


def test_a_notebook_that_earned_a_badge_earns_no_second_one(some_class, issue):
    """The log remembers digests even if the gradebook forgot the first learner."""
    data = {unit: some_class.hand_in("bob", unit) for unit in SUITES}
    issue(some_class)
    other = make_class(some_class.settings.root.parent / "again", keys_folder=some_class.settings.keys)
    for unit, notebook in data.items():
        other.hand_in("cleo", unit, notebook=notebook)
    moved = replace(some_class.settings, db_url=other.settings.db_url)

    report = issue_due(moved, actor="tester", clock=lambda: ISSUED)

    assert [each.learner for each in report.stopped] == ["cleo"]


def test_another_set_of_required_units_is_another_achievement(some_class, issue):
    """A change of the required units gives a new version, a new achievement and a new badge."""
    issue(some_class)
    fewer = some_class.without("02_inference")
    versions = {read_achievement(settings).id for settings in (some_class.settings, fewer)}
    report = issue_due(fewer, actor="tester", clock=lambda: ISSUED)

    assert (len(versions), learners_of(report)) == (2, ["ada"])


def test_a_unit_without_exercises_cannot_be_required(tmp_path):
    """Until a unit exists it is not among the required ones; without any there is no badge."""
    made = make_class(tmp_path)
    for unit in SUITES:
        (made.settings.source / unit / "assignment.ipynb").unlink()

    with pytest.raises(CourseError, match="no badge to earn"):
        read_achievement(made.settings)


def test_a_class_needs_a_key_first(tmp_path, issue):
    """Without a key nothing is issued, and the message says what to type."""
    made = make_class(tmp_path)
    made.pass_all("ada")

    with pytest.raises(PlatformError, match="course badge keygen"):
        issue(made)


def test_self_study_issues_at_once_and_says_so(tmp_path, issue):
    """In self-study a key is made with the first badge, which says in its name and narrative that it is self-issued."""
    made = make_class(tmp_path, mode="self-study")
    made.pass_all("ada")
    issue(made)
    badge = json.loads(newest(made))
    achievement = badge["credentialSubject"]["achievement"]

    assert [name.endswith("(self-issued)") for name in (badge["name"], badge["issuer"]["name"])] == [True, True]
    assert achievement["criteria"]["narrative"].startswith("Self-issued: the holder graded this work alone")


def test_an_email_is_written_as_a_salted_hash(some_class, issue):
    """The address itself is nowhere; with it and the salt anybody can check it."""
    issue(some_class, learners=["ada"], people={"ada": Person(email="Ada@Example.org")})
    text = newest(some_class).decode()
    identity = json.loads(text)["credentialSubject"]["identifier"][0]

    assert "xample.org" not in text
    assert (identity["identityHash"], len(identity["salt"])) == (email_hash("ada@example.org", identity["salt"]), 32)


def test_the_roster_gives_the_email(some_class, issue, known_of):
    """Where the roster knows an address, the badge can be compared with it; the address itself is not in it."""
    some_class.enrol("ada", "ada@example.org")
    some_class.pass_all("bob")
    issue(some_class)
    verdicts = [
        verify(newest(some_class, learner), known_of(some_class, email="ada@example.org")).verdict
        for learner in ("ada", "bob")
    ]

    assert (verdicts, b"example.org" in newest(some_class)) == ([Verdict.VALID, Verdict.INVALID], False)


def test_the_account_name_is_nowhere_in_the_badge(tmp_path, issue):
    """A badge names its holder only by their wish."""
    made = make_class(tmp_path)
    make_issuer_key(made.settings)
    made.pass_all("zebedee.quux")
    issue(made)

    assert b"zebedee" not in newest(made, "zebedee.quux")


def test_the_gradebook_knows_the_award(some_class, issue):
    """An award is noted once, with the time of the last pass."""
    issue(some_class)
    issue(some_class)
    with Queries(some_class.settings) as queries:
        awards = queries.awards("ada")

    assert [(award.achievement, award.earned_at.isoformat()) for award in awards] == [
        ("production-ml-systems", "2026-03-01T14:00:00.123456+00:00")
    ]


def test_a_title_with_braces_is_refused(tmp_path, issue):
    """Wallets count braces; a course whose texts hold some is told before anything is signed."""
    made = make_class(tmp_path, title="Production {ML}")
    make_issuer_key(made.settings)
    made.pass_all("ada")

    with pytest.raises(CourseError, match="cannot be written"):
        issue(made)


@pytest.mark.parametrize(
    ("score", "text"), [(18.0, "100"), (14.4, "80"), (16.5, "91.6"), (17.999, "99.9"), (20.0, "100"), (5.22, "29")]
)
def test_a_percentage_is_never_rounded_up(score, text):
    """A share is cut to one decimal, and extra credit ends at 100."""
    assert percent_text(score, 18.0) == text
