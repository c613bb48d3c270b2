"""The instructors' pages over HTTP: who gets in, what they may load, what their forms do."""

import dataclasses
import json
import re
import sqlite3

import pytest
from dashboard_class import HOSTILE, name_of

from autograder.classroom import background
from autograder.errors import LeaseHeldError
from autograder.gradebook.class_queries import ClassQueries

UNIT = "07_made_up"
PAGES = [
    "",
    f"units/{UNIT}",
    f"units/{UNIT}/checks/late_and_early",
    "learners",
    f"learners/{name_of(0)}",
    "submissions",
    "submissions/4",
    "submissions/8",
    "queue",
    "runs",
    "runs/1",
    "badges",
    "audit",
    "export",
]
NOWHERE = ["units/99_none", f"units/{UNIT}/checks/none", "learners/nobody", "submissions/999", "runs/99", "x/y"]
FORMS = ["runs", "runs/1/cancel", "submissions/1/override", "submissions/1/regrade", f"learners/{name_of(0)}/contact"]
FORMS += ["queue/look", f"units/{UNIT}/regrade", "badges/issue", "badges/revoke"]


def parts(page):
    return [part for part in ("course/grading/" + page).split("/") if part]


@pytest.fixture
def show(graded, submissions, jp_fetch):
    """Fetch a page of the dashboard of a graded class as text."""

    async def fetch(page, **more):
        return (await jp_fetch(*parts(page), **more)).body.decode()

    return fetch


@pytest.fixture
def form(graded, submissions, post, jp_base_url):
    """Send a form; gives status and the address that follows, without the base."""

    async def send(page, **fields):
        answer = await post(*parts(page), **fields)
        there = answer.headers.get("Location", "").removeprefix(f"{jp_base_url}course/grading/")
        return answer.code, there or answer.body.decode()

    return send


async def test_every_page_is_served_small_and_obeys_its_own_policy(show):
    """No inline script or style, no other host, every address below the base, fewer than 3,000 elements."""
    for page in PAGES:
        text = await show(page)
        loaded = re.findall(r"<style|\sstyle=|<script(?! src=)|\son\w+=[\"']|(?:src|href)=\"(?:https?:)?//", text)

        assert (page, loaded, len(re.findall(r"<[a-z]", text)) < 3000) == (page, [], True)


async def test_the_policy_of_every_page_is_strict(graded, submissions, jp_fetch):
    """Nothing inline, nothing from elsewhere, never in a frame."""
    policies = {(await jp_fetch(*parts(page))).headers["Content-Security-Policy"] for page in PAGES}

    assert policies == {
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
    }


@pytest.mark.parametrize(
    ("mode", "secret", "warned"), [("class", "", True), ("class", "drawn", False), ("self-study", "", False)]
)
async def test_a_class_without_a_secret_is_warned_where_runs_start(show, jp_serverapp, mode, secret, warned):
    """As `course grade` warns: what is the matter, and what to do."""
    settings = jp_serverapp.web_app.settings
    settings["course_settings"] = dataclasses.replace(settings["course_settings"], mode=mode, secret=secret)
    text = await show("runs")

    assert ("Anybody can know the hidden inputs" in text, "<code>COURSE_SECRET</code> is not set" in text) == (
        warned,
        warned,
    )


async def test_learners_get_403_everywhere(course, submissions, jp_fetch, post):
    """Without a gradebook the owner of a laptop is a learner: no page, no form."""
    pages = [await jp_fetch(*parts(page), raise_error=False) for page in [*PAGES, "export/grades.csv", "runs/1/events"]]
    forms = [await post(*parts(page)) for page in FORMS]

    assert {answer.code for answer in [*pages, *forms]} == {403}
    assert "This page is for instructors" in pages[0].body.decode()


async def test_strangers_are_led_to_the_login(graded, submissions, jp_fetch):
    """No page without the token."""
    answers = [
        await jp_fetch(*parts(page), headers={"Authorization": ""}, follow_redirects=False, raise_error=False)
        for page in PAGES
    ]

    assert {(answer.code, "login" in answer.headers["Location"]) for answer in answers} == {(302, True)}


async def test_a_form_from_elsewhere_changes_nothing(graded, submissions, post):
    """Each needs the token of the page."""
    assert {(await post(*parts(page), with_token=False)).code for page in FORMS} == {403}


async def test_an_address_that_names_nothing_says_so(graded, submissions, jp_fetch):
    """Unknown units, checks, learners, attempts and runs."""
    codes = {page: (await jp_fetch(*parts(page), raise_error=False)).code for page in NOWHERE}

    assert codes == dict.fromkeys(NOWHERE, 404)


async def test_what_learners_wrote_is_text(graded, submissions, jp_fetch):
    """Names, messages, file names, outputs and metadata that are scripts."""
    database = graded.db_url.removeprefix("sqlite:///")
    with sqlite3.connect(database) as gradebook:
        gradebook.execute("update student set first_name = ?, last_name = ?, email = ?", (HOSTILE, HOSTILE, HOSTILE))
        gradebook.execute("update course_check_results set message = ?, masked_message = ?", (HOSTILE, HOSTILE))
        gradebook.execute("update course_attempts set reason = ?", (HOSTILE,))
        gradebook.execute("update course_audit set reason = ?, subject = ?", (HOSTILE, HOSTILE))
    found = {}
    for page in PAGES:
        text = (await jp_fetch(*parts(page))).body.decode()
        found[page] = re.findall(r"<script>|<svg onload|<img src=x|javascript:alert\(1\)\"", text)

    assert found == {page: [] for page in PAGES}


async def test_lists_are_ordered_and_searched_by_address(show):
    """A link asks, the server answers."""
    turned = await show("learners", params={"sort": "name", "order": "descending"})
    searched = await show("learners", params={"search": name_of(3)})

    assert turned.index(name_of(5)) < turned.index(name_of(2))
    assert (name_of(3) in searched, name_of(2) in searched) == (True, False)


async def test_a_picture_is_sent_as_a_picture(graded, submissions, jp_fetch):
    """Whatever its bytes, no browser guesses another kind."""
    answer = await jp_fetch(*parts("submissions/1/pictures/0"))

    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")


async def test_points_given_by_hand_are_shown_and_audited(form, show):
    """The check says so, and the log says who and why."""
    sent = await form("submissions/4/override", check="late_and_early", points="0,5", reason="half of it is there")
    page, log = await show("submissions/4"), await show("audit")

    assert sent == (303, "submissions/4?told=overridden")
    assert ("0.5 by hand" in page, "half of it is there" in log) == (True, True)


@pytest.mark.parametrize(
    "fields", [{"points": "1"}, {"points": "1e9", "reason": "x"}, {"points": "nan", "reason": "x"}, {"points": "<b>"}]
)
async def test_an_override_that_cannot_be_is_told(form, fields):
    """Without a reason, out of range, or no number: nothing changes, and the page says why."""
    code, text = await form("submissions/4/override", check="late_and_early", **fields)

    assert (code, "Nothing was changed" in text, "<b>" in text) == (409, True, False)


async def test_a_contact_is_noted(form, show):
    """State and note stand on the learner's page."""
    sent = await form(f"learners/{name_of(0)}/contact", state="contacted", note="wrote on Monday")

    assert sent == (303, f"learners/{name_of(0)}?told=contact")
    assert "wrote on Monday" in await show(f"learners/{name_of(0)}")


async def test_a_contact_state_that_does_not_exist_is_refused(form):
    """The form offers three."""
    assert (await form(f"learners/{name_of(0)}/contact", state="lost"))[0] == 400


async def test_a_submission_is_marked_for_grading_again(form, show):
    """And the mark can be taken away."""
    marked = await form("submissions/4/regrade", reason="a better test", now="no")
    page = await show("submissions/4")
    unmarked = await form("submissions/4/regrade", reason="changed my mind", back="yes")

    assert (marked[1], "a better test" in page, unmarked[1]) == (
        "submissions/4?told=marked",
        True,
        "submissions/4?told=unmarked",
    )


async def test_a_run_is_started_and_its_page_follows(form, monkeypatch):
    """A process of its own grades; the form only asks for it."""
    asked = []
    monkeypatch.setattr(background, "start", lambda _, unit, **more: asked.append((unit, more)) or 7)
    sent = await form("runs", unit=UNIT, force="yes", reason="new tests")

    assert sent == (303, "runs/7?told=started")
    assert asked == [(UNIT, {"actor": "ada", "reason": "new tests", "learners": None, "force": True})]


async def test_a_unit_that_is_being_graded_is_told(form, monkeypatch):
    """Who holds it, and until when."""

    def held(settings, unit, **more):
        raise LeaseHeldError("run 3 of bob is grading it")

    monkeypatch.setattr(background, "start", held)
    code, text = await form("runs", unit=UNIT)

    assert (code, "run 3 of bob is grading it" in text) == (409, True)


async def test_the_progress_of_a_run_is_told_in_json(show):
    """For those who ask again and again."""
    told = json.loads(await show("runs/1/progress"))

    assert (told["going_on"], told["progress"]) == (False, "8 of 8")


async def test_the_stream_of_a_run_that_is_over_ends(graded, submissions, jp_fetch):
    """One event, then the end; a browser closes it."""
    answer = await jp_fetch(*parts("runs/1/events"))
    events = re.findall(r"^data: (.*)$", answer.body.decode(), re.MULTILINE)

    assert (answer.headers["Content-Type"], len(events)) == ("text/event-stream", 1)


@pytest.mark.parametrize("name", ["grades.csv", "canvas.csv", "grades.json"])
async def test_a_file_is_sent_to_be_saved(graded, submissions, jp_fetch, name):
    """The whole class, in pieces."""
    answer = await jp_fetch(*parts(f"export/{name}"))

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert name_of(0) in answer.body.decode()


async def test_a_small_class_shows_no_statistics(graded, submissions, jp_fetch, monkeypatch):
    """Below five learners they would tell about single ones."""
    monkeypatch.setattr("autograder.gradebook.class_analysis.SMALLEST_CLASS", 99)
    text = (await jp_fetch(*parts(f"units/{UNIT}"))).body.decode()

    assert ("stay hidden" in text, "Difficulty" in text) == (True, False)


async def test_the_feedback_is_saved_not_shown(graded, submissions, jp_fetch):
    """Its style is inline, so it never stands on this site."""
    answer = await jp_fetch(*parts("submissions/1/feedback"))

    assert answer.headers["Content-Disposition"].startswith("attachment;")


async def test_looking_at_pages_writes_nothing_but_the_queue(graded, show):
    """No row of the audit, no attempt."""
    with ClassQueries(graded) as book:
        before = book.audit_log().page.total
    for page in PAGES:
        await show(page)
    with ClassQueries(graded) as book:
        assert book.audit_log().page.total == before


async def test_what_was_handed_in_is_sent_as_a_file(graded, submissions, jp_fetch):
    """Byte for byte, to keep; a browser never shows it."""
    answer = await jp_fetch(*parts("submissions/8/file"))
    with ClassQueries(graded) as book:
        handed_in = book.notebook(8)

    assert (answer.body, answer.headers["Content-Type"]) == (handed_in, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_points_given_in_formgrader_are_on_the_page(graded, show):
    """And in the export, without another grading."""
    database = graded.db_url.removeprefix("sqlite:///")
    with sqlite3.connect(database) as gradebook:
        gradebook.execute(
            "update grade set extra_credit = 0.25 where notebook_id = (select min(notebook_id) from grade)"
        )
    exported = json.loads(await show("export/grades.json"))
    log = await show("audit")

    assert sum(one["units"][UNIT]["points"] % 0.5 == 0.25 for one in exported if UNIT in one["units"]) == 1
    assert "Points given in formgrader" in log


async def test_after_a_test_was_mended_one_click_grades_everybody_again(form, monkeypatch):
    """Everybody is marked, and the run starts at once."""
    asked = []
    monkeypatch.setattr(background, "start", lambda _, unit, **_more: asked.append(unit) or 7)
    sent = await form(f"units/{UNIT}/regrade", reason="a better test", now="yes")

    assert (sent, asked) == ((303, "runs/7?told=started"), [UNIT])


async def test_a_unit_that_is_being_graded_is_marked_for_later(form, show, monkeypatch):
    """The marks stay, and the page says what to do."""

    def held(settings, unit, **more):
        raise LeaseHeldError("run 3 of bob is grading it")

    monkeypatch.setattr(background, "start", held)
    sent = await form(f"units/{UNIT}/regrade", reason="a better test", now="yes")

    assert sent == (303, f"units/{UNIT}?told=busy")
    assert "being graded just now" in await show(f"units/{UNIT}", params={"told": "busy"})
