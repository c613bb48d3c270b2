"""What pages are told of badges: the learner's own, and the instructor's table."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from badge_class import ISSUED, make_class

from autograder import workflows
from autograder.badge.issuing import revoke
from autograder.badge.links import linkedin_address, qr_svg
from autograder.badge.view import badge_file, issued_page, profile_view
from autograder.settings import UnitSetting


def test_before_the_last_unit_the_profile_says_what_is_missing(some_class):
    """Not yet: the units that are left are named, and no badge is there."""
    some_class.hand_in("bob", "01_training")
    view = profile_view(some_class.settings, "bob")

    assert (view.state, view.message, view.badge) == (
        "not yet",
        "Not yet: pass 02 Static versus dynamic inference.",
        None,
    )
    assert [(unit.percent, unit.passed) for unit in view.required] == [("100", True), ("", False)]


def test_between_the_last_pass_and_the_issue_a_badge_is_due(some_class):
    """In a class the issuer has the last word, and the learner is told so."""
    assert profile_view(some_class.settings, "ada").message == (
        "You passed every required unit. It comes when your instructor issues it."
    )


def test_an_issued_badge_has_been_added_to_the_profile(some_class, issue):
    """The words of the course, the scores, and the links."""
    issue(some_class)
    view = profile_view(some_class.settings, "ada")

    assert (view.state, view.message) == (
        "earned",
        "You earned the Production ML systems badge. The badge has been added to your profile.",
    )
    assert [unit.percent for unit in view.badge.scores] == ["91.6", "91.6"]


@pytest.mark.parametrize(("form", "start"), [("json", b'{"@context"'), ("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_learner_can_download_each_form(some_class, issue, form, start):
    """The three files of the badge."""
    issue(some_class)

    assert badge_file(some_class.settings, "ada", form).startswith(start)


def test_a_revoked_badge_is_shown_without_the_reason(some_class, issue):
    """The learner is sent to the instructor; the file is no longer given."""
    badge = issue(some_class).issued[0]
    revoke(some_class.settings, badge.id, reason="Copied.", actor="tester")
    view = profile_view(some_class.settings, "ada")

    assert (view.state, "Copied" in view.message, badge_file(some_class.settings, "ada", "png")) == (
        "revoked",
        False,
        None,
    )


def test_the_instructors_list_is_paged_with_the_newest_first(some_class, issue):
    """Who has a badge, some at a time, revoked ones among them with the reason."""
    issue(some_class)
    some_class.pass_all("bob")
    badge = issue(some_class, at=ISSUED + timedelta(days=1)).issued[0]
    revoke(some_class.settings, badge.id, reason="Copied.", actor="tester")
    pages = [issued_page(some_class.settings, first=first, count=1) for first in range(2)]

    assert [(page.total, [(each.learner, each.reason) for each in page.badges]) for page in pages] == [
        (2, [("bob", "Copied.")]),
        (2, [("ada", "")]),
    ]
    assert (pages[0].issuer_ready, pages[0].issuer_message.endswith(" signs.")) == (True, True)


def test_the_list_says_what_to_do_without_a_key(tmp_path):
    """A class without a key: the page names the command."""
    page = issued_page(make_class(tmp_path).settings, first=0, count=50)

    assert (page.issuer_ready, page.issuer_message) == (False, "There is no key yet. Type: course badge keygen")


def test_a_link_to_linkedin_encodes_every_field():
    """Names with & and = stay names."""
    address = linkedin_address(
        title="Ships & sails = fun",
        issuer="A&B",
        awarded_at=ISSUED,
        badge_id="urn:uuid:1",
        profile="https://x.org/?a=b&c",
    )
    fields = parse_qs(urlsplit(address).query, strict_parsing=True)

    assert fields == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Ships & sails = fun"],
        "organizationName": ["A&B"],
        "issueYear": ["2026"],
        "issueMonth": ["4"],
        "certId": ["urn:uuid:1"],
        "certUrl": ["https://x.org/?a=b&c"],
    }


def test_a_qr_code_has_a_name():
    """Those who cannot see it are told what it says, with every mark escaped."""
    assert 'role="img" aria-label="QR code: https://x.org/?a=&quot;1&quot;"' in qr_svg('https://x.org/?a="1"')


def test_the_submission_that_earns_a_badge_says_so(tmp_path):
    """In self-study the last pass brings the badge; before and after nothing is said."""
    made = make_class(tmp_path, mode="self-study")
    made.hand_in("ada", "01_training")
    said = [workflows.award(made.settings, "ada")]
    made.hand_in("ada", "02_inference")
    said += [workflows.award(made.settings, "ada") for _ in range(2)]

    assert said == ["", "You earned the Production ML systems badge. The badge has been added to your profile.", ""]


def test_a_badge_that_cannot_be_issued_costs_no_grade(tmp_path):
    """Whatever is wrong with keys or files, it is told and never raised."""
    made = make_class(tmp_path, mode="self-study")
    made.pass_all("ada")
    made.settings.keys.mkdir(parents=True)
    made.settings.keys.chmod(0o755)

    assert workflows.award(made.settings, "ada").startswith("The badge could not be issued: ")


def test_a_course_without_required_units_says_nothing(tmp_path):
    """No badge to earn is no trouble."""
    units = (UnitSetting(name="01_training", required=False),)
    made = make_class(tmp_path, mode="self-study", units=units)
    made.hand_in("ada", "01_training")

    assert workflows.award(made.settings, "ada") == ""
