"""The course page over HTTP: who gets in, what a browser may load, what the button does."""

import re
from types import SimpleNamespace

import pytest

from autograder.errors import SubmissionError
from autograder.gradebook.desk import Desk, Person
from autograder.gradebook.writer import Writer

UNIT = "07_made_up"


async def test_the_course_page_is_served(jp_fetch, submissions):
    """It names the unit and offers the next step."""
    page = await jp_fetch("course")

    assert "A new unit" in page.body.decode()


@pytest.mark.parametrize("path", ["course", f"course/units/{UNIT}"])
async def test_nothing_inline_and_nothing_from_elsewhere_may_load(jp_fetch, submissions, path):
    """The policy is strict, and the page never stands in a frame."""
    page = await jp_fetch(*path.split("/"))
    policy = page.headers["Content-Security-Policy"]

    assert ("default-src 'self'" in policy, "frame-ancestors 'none'" in policy, "unsafe" in policy) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize("path", ["course", f"course/units/{UNIT}"])
async def test_a_page_obeys_its_own_policy(jp_fetch, submissions, path):
    """No inline script or style, no other host."""
    text = (await jp_fetch(*path.split("/"))).body.decode()

    assert re.findall(r"<style|style=|<script(?! src=)|\son\w+=|https?://", text) == []


@pytest.mark.parametrize("path", ["course", f"course/units/{UNIT}"])
async def test_every_address_stands_below_the_base_address(jp_fetch, jp_base_url, submissions, path):
    """Behind a hub or a proxy the links still lead somewhere."""
    text = (await jp_fetch(*path.split("/"))).body.decode()
    addresses = re.findall(r'(?:href|src|action)="([^"#][^"]*)"', text)

    assert [address for address in addresses if not address.startswith(jp_base_url)] == []


async def test_a_stranger_is_sent_to_the_login(jp_fetch, submissions):
    """Without the token no grade is shown."""
    page = await jp_fetch("course", headers={"Authorization": ""}, follow_redirects=False, raise_error=False)

    assert (page.code, "login" in page.headers["Location"]) == (302, True)


async def test_the_title_is_escaped(jp_fetch, submissions):
    """Text from course.toml is text, not markup."""
    text = (await jp_fetch("course")).body.decode()

    assert ("A &lt;made-up&gt; course" in text, "<made-up>" in text) == (True, False)


@pytest.mark.parametrize("path", ["course/units/99_nowhere", "course/nowhere"])
async def test_an_unknown_address_is_told_in_words(jp_fetch, submissions, path):
    """The page says so and leads back."""
    page = await jp_fetch(*path.split("/"), raise_error=False)

    assert (page.code, "Back to the course" in page.body.decode()) == (404, True)


async def test_the_button_submits_and_leads_to_the_feedback(jp_serverapp, submissions, post, jp_base_url):
    """The answer is an address that may be reloaded without submitting again."""
    submit = jp_serverapp.web_app.settings["course_submit"]
    jp_serverapp.web_app.settings["course_submit"] = lambda settings, unit: (
        submit(settings, unit) or SimpleNamespace(state="graded", reason="", badge="")
    )
    answer = await post("course", "units", UNIT, "submit")

    assert (answer.code, answer.headers["Location"], submissions) == (
        303,
        f"{jp_base_url}course/units/{UNIT}?submitted=yes",
        [UNIT],
    )


async def test_the_submission_that_earns_the_badge_leads_to_it(
    jp_serverapp, submissions, post, jp_base_url, monkeypatch
):
    """The focus goes to the badge; the page tells what it is."""
    monkeypatch.setattr("autograder.dashboard.handlers.profile_view", lambda *_: SimpleNamespace(state="earned"))
    jp_serverapp.web_app.settings["course_submit"] = lambda _settings, _unit: SimpleNamespace(
        state="graded", reason="", badge="You earned the badge."
    )
    answer = await post("course", "units", UNIT, "submit")

    assert (answer.code, answer.headers["Location"]) == (303, f"{jp_base_url}course/profile#badge-title")


async def test_the_profile_claims_nothing_before_it_is_true(jp_fetch, submissions):
    """What the badge will say stands below the list of what is not passed yet, as words that do not hold yet."""
    page = (await jp_fetch("course", "profile")).body.decode()
    places = [page.index(words) for words in ("Not passed yet", "will say, once it is yours:", "Every required unit")]

    assert places == sorted(places)


async def test_the_way_to_the_dashboard_is_shown_to_those_who_have_a_class(course, submissions, jp_fetch):
    """An owner alone reads no statistics about one; who knows the address may look."""
    with Writer(course), Desk(course) as desk:
        desk.enrol([Person(learner="ada")], actor="ada", reason="first submission")
        alone = (await jp_fetch("course")).body.decode()
        address = await jp_fetch("course", "grading")
        desk.enrol([Person(learner="bao")], actor="ada", reason="a second one")
    together = (await jp_fetch("course")).body.decode()

    assert [">Grading</a>" in page for page in (alone, address.body.decode(), together)] == [False, True, True]


async def test_the_profile_says_what_is_missing(jp_fetch, submissions):
    """Before the badge is earned it has no file."""
    page = (await jp_fetch("course", "profile")).body.decode()
    file = await jp_fetch("course", "profile", "badge.png", raise_error=False)

    assert ("Not yet" in page, file.code) == (True, 404)


async def test_a_form_from_elsewhere_submits_nothing(submissions, post):
    """Without the page's own token the request is refused."""
    answer = await post("course", "units", UNIT, "submit", with_token=False)

    assert (answer.code, submissions) == (403, [])


async def test_what_cannot_be_submitted_is_told_and_escaped(jp_serverapp, submissions, post):
    """The learner reads the reason where the button was."""

    def refuse(settings, unit):
        raise SubmissionError("two cells are named <b>late_share</b>; run `course reset 07`")

    jp_serverapp.web_app.settings["course_submit"] = refuse
    answer = await post("course", "units", UNIT, "submit")
    text = answer.body.decode()

    assert (answer.code, "&lt;b&gt;late_share" in text, "<code>course reset 07</code>" in text) == (409, True, True)


async def test_a_refused_submission_is_told(jp_serverapp, submissions, post):
    """The workflow's reason stands on the page."""
    refused = SimpleNamespace(state="refused", reason="the notebook has no cells")
    jp_serverapp.web_app.settings["course_submit"] = lambda _settings, _unit: refused
    answer = await post("course", "units", UNIT, "submit")

    assert (answer.code, "the notebook has no cells" in answer.body.decode()) == (409, True)


async def test_an_unforeseen_fault_shows_no_traceback(jp_serverapp, submissions, post):
    """The learner reads that the work is safe."""

    def break_down(settings, unit):
        raise ZeroDivisionError("secret detail")

    jp_serverapp.web_app.settings["course_submit"] = break_down
    answer = await post("course", "units", UNIT, "submit")
    text = answer.body.decode()

    assert (answer.code, "Your work is safe" in text, "secret detail" in text) == (500, True, False)


async def test_the_style_sheets_are_served(jp_fetch, submissions):
    """Every file that the page names is there."""
    text = (await jp_fetch("course")).body.decode()
    names = re.findall(r'"/[^"]*static/course/([^"?]+)', text)
    codes = {name: (await jp_fetch("static", "course", name)).code for name in names}

    assert (len(names), set(codes.values())) == (4, {200})


async def test_a_page_is_small(jp_fetch, submissions):
    """Far fewer elements than the limit of 3,000."""
    text = (await jp_fetch("course")).body.decode()

    assert text.count("<") < 3000
