"""The badge on the course's own pages: the news, the profile, its files, and the page that checks it."""

import re

import pytest
from badge_class import make_class

from autograder.badge.issuing import issue_due
from autograder.badge.verify_page import policy
from exercises.handin import read_reply, reply_cards

EARNED = "You earned the Production ML systems badge. The badge has been added to your profile."
FORMS = {"json": b'{"@context"', "png": b"\x89PNG", "svg": b"<svg"}


@pytest.fixture
def own_course(tmp_path):
    """Give a course of one learner, Ada, who passed all but the last unit."""
    made = make_class(tmp_path / "own", mode="self-study")
    made.hand_in("ada", "01_training")
    return made


@pytest.fixture
def jp_server_config(own_course):
    """Load the course page alone."""
    root = own_course.settings.root
    (root / "course.toml").write_text('learner = "ada"\n[units]\n"01_training" = {}\n', encoding="utf-8")
    return {"ServerApp": {"jpserver_extensions": {"autograder.dashboard": True}}, "CourseApp": {"root": str(root)}}


@pytest.fixture
def served(jp_serverapp, own_course):
    """Serve that course with the settings of the test, its keys among them."""
    jp_serverapp.web_app.settings["course_settings"] = own_course.settings
    return own_course


@pytest.fixture
def earned(served):
    """Let Ada pass the last unit and get her badge."""
    served.hand_in("ada", "02_inference")
    issue_due(served.settings, actor="ada")
    return served


async def test_before_the_last_unit_there_is_no_news(jp_fetch, served):
    """The course page says nothing of a badge that is not earned, and the profile says what is missing."""
    page = (await jp_fetch("course")).body.decode()
    profile = (await jp_fetch("course", "profile")).body.decode()

    assert (EARNED in page, "Not yet: pass 02 Static versus dynamic inference." in profile) == (False, True)


async def test_the_course_page_tells_of_the_badge(jp_fetch, jp_base_url, earned):
    """The words of the course, announced, with a way to the profile that puts the focus on the badge."""
    page = (await jp_fetch("course")).body.decode()
    notice = re.search(r'<section class="notice notice-badge" role="status".*?</section>', page, re.DOTALL)[0]

    assert (EARNED in notice, f'href="{jp_base_url}course/profile#badge-title"' in notice) == (True, True)


async def test_the_unit_page_tells_of_the_badge_after_a_submission(jp_fetch, earned):
    """Where the submit button leads, the news stands above the feedback; a later visit does not repeat it."""
    after = (await jp_fetch("course", "units", "02_inference", params={"submitted": "yes"})).body.decode()
    later = (await jp_fetch("course", "units", "02_inference")).body.decode()

    assert (EARNED in after, EARNED in later) == (True, False)


@pytest.mark.parametrize("form", FORMS)
async def test_the_files_of_the_badge_are_served(jp_fetch, earned, form):
    """JSON, PNG and SVG, each sandboxed: a picture that is opened by itself runs nothing."""
    answer = await jp_fetch("course", "profile", f"badge.{form}")

    assert answer.body.startswith(FORMS[form])
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_the_profile_on_paper_has_a_qr_code(jp_fetch, earned):
    """The print style sheet shows it; it says the badge's id where nothing is hosted."""
    page = (await jp_fetch("course", "profile")).body.decode()

    assert re.search(r'<section class="on-paper".*aria-label="QR code: urn:uuid:', page, re.DOTALL)


async def test_the_verify_page_is_served_with_its_own_policy(jp_fetch, earned):
    """One script and one style by their hashes; the course's policy would let neither run."""
    answer = await jp_fetch("course", "profile", "verify")

    assert answer.headers["Content-Security-Policy"] == f"{policy()}; frame-ancestors 'none'"
    assert "<h1>Check a badge</h1>" in answer.body.decode()


async def test_a_stranger_sees_no_badge(jp_fetch, earned):
    """Without the token neither profile nor files are shown."""
    places = [("course", "profile"), ("course", "profile", "badge.png"), ("course", "profile", "verify")]
    answers = [
        await jp_fetch(*place, headers={"Authorization": ""}, follow_redirects=False, raise_error=False)
        for place in places
    ]

    assert [answer.code for answer in answers] == [302] * len(places)


def test_submit_in_a_notebook_shows_the_news():
    """The card below the grade says that the badge was earned; without a badge there is no such card."""
    reply = '{"receipt": {}, "state": "graded", "passed": true, "badge": "%s"}'
    cards = [[card.head for card in reply_cards(read_reply(reply % text))] for text in (EARNED, "")]

    assert cards == [["Handed in", "Unit passed", "Badge"], ["Handed in", "Unit passed"]]
