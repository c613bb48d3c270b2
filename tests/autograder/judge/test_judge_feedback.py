import itertools
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from autograder.judge.feedback import RESULTS_ID, embeddable, feedback_page, prose
from autograder.model import CheckResult, Outcome

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class View:
    results: tuple[CheckResult, ...]
    learner: str = "ada"
    submitted_at: datetime = MOMENT
    graded_at: datetime = MOMENT
    sha256: str = "ab" * 32
    state: str = "graded"
    reason: str = ""
    final_score: float = 2.5
    max_score: float = 4.5
    late_penalty: float = 0.0
    passed: bool = False
    repairs: tuple[str, ...] = ()
    mode: str = "nbgrader"
    suite_digest: str = "0" * 64


def result(check, exercise, outcome, earned, points, **more):
    return CheckResult(check=check, exercise=exercise, outcome=outcome, earned=earned, points=points, **more)


VIEW = View(
    results=(
        result(
            "plain",
            "double",
            Outcome.WRONG,
            0.0,
            1.0,
            message="not doubled yet; see `double`",
            misconception="adds_two",
            next_step="Try double(3) by hand.",
        ),
        result("negative", "double", Outcome.PASSED, 1.5, 1.5),
        result("share", "total", Outcome.PARTIAL, 1.0, 2.0, message="1 of 2 points", next_step='`hint("total")`'),
    )
)
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & ' \" <!-- \u2028 ]]>"


class Outline(HTMLParser):
    """Collects tags, text and the embedded results of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.data, self.headings = [], "", "", []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data):
        if self._inside == "script":
            self.data += data
        elif self._inside != "style":
            self.text += data

    def handle_endtag(self, tag):
        self._inside = "" if tag == self._inside else self._inside


def outline(small, view=VIEW):
    return Outline(feedback_page(small.unit, view))


def test_every_check_has_outcome_points_message_and_next_step(small):
    """The page says per check what came out, what it earned and what to do."""
    text = " ".join(outline(small).text.split())

    for part in (
        "is a number doubled?",
        "Not yet",
        "not doubled yet; see double",
        "Two was added, not multiplied",
        "Try double(3) by hand.",
        "Passed do negative numbers work? 1.5 / 1.5",
        "Partly how many sums are right? 1 / 2",
        "1.1 more points pass the unit (mark: 3.6, 80 %)",
        "1 of 3 checks passed.",
    ):
        assert part in text, part


def test_page_carries_its_results_as_json(small):
    """The embedded block holds the same results, for the course page to read."""
    page = outline(small)
    data = json.loads(page.data)

    assert ("script", {"type": "application/json", "id": RESULTS_ID}) in page.tags
    assert (data["unit"], data["earned"], data["points"], len(data["checks"])) == ("01_small", 2.5, 4.5, 3)
    assert data["checks"][0]["misconception"] == "adds_two"


def test_learners_text_cannot_become_markup(small):
    """Hostile text in every field of a submission stays text, in the page and in the JSON block."""
    hostile = replace(VIEW.results[0], message=HOSTILE, next_step=HOSTILE, misconception=HOSTILE)
    view = replace(VIEW, results=(hostile,), learner=HOSTILE, repairs=(HOSTILE,), reason=HOSTILE, mode=HOSTILE)
    page = outline(small, view)

    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "img" not in [tag for tag, _ in page.tags]
    assert json.loads(page.data)["checks"][0]["message"] == HOSTILE
    assert HOSTILE.split("<")[0] in page.text


def test_page_loads_and_runs_nothing(small):
    """The policy forbids everything but the page's own style, and nothing asks for more."""
    page = outline(small)
    policies = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]

    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    assert not any(set(attrs) & {"src", "href", "onclick", "onload", "action"} for _, attrs in page.tags)
    assert "url(" not in feedback_page(small.unit, VIEW)
    assert "http" not in page.text


def test_headings_do_not_jump(small):
    """Heading levels rise by one at most, and there is one first-level heading."""
    levels = outline(small).headings

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(small, outcome):
    """Each outcome is shown in words, never by colour alone, and never as 'failed' or 'wrong'."""
    view = replace(VIEW, results=(result("plain", "double", outcome, 0.0, 1.0, message="m"),))
    text = outline(small, view).text.lower()

    assert "wrong" not in text
    assert "failed" not in text


@pytest.mark.parametrize(("state", "words"), [("refused", "could not be graded yet"), ("fault", "nothing is lost")])
def test_attempt_that_was_not_graded_gets_a_page(small, state, words):
    """A refused attempt says why, a fault of the platform says that it is ours."""
    view = View(results=(), state=state, reason="broken JSON in line 3", final_score=0.0, max_score=0.0)
    text = outline(small, view).text

    assert words in text
    assert ("broken JSON in line 3" in text) == (state == "refused")


def test_one_cause_is_told_once(small):
    """Where one mix-up meets several checks of an exercise, its words are not repeated."""
    again = replace(VIEW.results[0], check="negative")
    text = outline(small, replace(VIEW, results=(VIEW.results[0], again))).text

    assert text.count("Two was added, not multiplied") == 1
    assert text.count("The same as above.") == 1


def test_passed_unit_says_so(small):
    """A pass is said first and asks for nothing more."""
    view = replace(VIEW, results=VIEW.results[1:2], final_score=4.5, passed=True)
    text = outline(small, view).text

    assert "Unit passed" in text
    assert "more points pass" not in text
    assert "Your next step" not in text


def test_code_in_messages_is_set_as_code():
    """Backticks become code after escaping."""
    assert prose("`<b>` & c") == "<code>&lt;b&gt;</code> &amp; c"


def test_embedded_json_has_no_markup():
    """No character of the block can open or close an element."""
    assert not set("<>&") & set(embeddable({"x": HOSTILE}))
