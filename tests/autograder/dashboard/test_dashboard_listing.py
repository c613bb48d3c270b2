"""Long lists by plain links: what an address asks for, and the addresses that lead on."""

from urllib.parse import parse_qs, urlsplit

import pytest

from autograder.dashboard.grading.listing import Asked, Column, address, headings, pager, read_asked
from autograder.gradebook.class_rows import Page

COLUMNS = (
    Column(title="Name", sort="name"),
    Column(title="Score", sort="score", numeric=True, descending_first=True),
    Column(title="Note"),
)
FILTERS = {"search": None, "state": ("graded", "refused")}


def ask(query):
    arguments = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    return read_asked(lambda name: arguments.get(name, ""), columns=COLUMNS, filters=FILTERS, sort="name")


def test_an_address_without_a_question_gets_the_usual_order():
    """The first page, by name."""
    assert ask("") == Asked(sort="name")


def test_an_address_says_order_page_and_filters():
    """What a link wrote is read back."""
    asked = Asked(sort="score", descending=True, page=3, filters={"search": "ada & bob", "state": "graded"})

    assert ask(urlsplit(address("/learners", asked)).query) == asked


@pytest.mark.parametrize(
    "query",
    ["sort=password", "order=descending", "page=0", "page=-1", "page=x", "page=²", "page=" + "9" * 500, "state=<b>"],
)
def test_nonsense_gets_the_nearest_sense(query):
    """Addresses are typed and cut short; none of them breaks the page."""
    asked = ask(query)

    assert (asked.sort, asked.descending, asked.filters, 1 <= asked.page <= 100_000) == ("name", False, {}, True)


def test_the_head_in_order_turns_around():
    """A second click on the same column shows the other end."""
    name = headings("/l", Asked(sort="name"), COLUMNS)[0]

    assert (name.order, "order=descending" in name.href) == ("ascending", True)


def test_another_head_begins_with_its_first_page():
    """Page three of another order would be nothing that anybody looked for."""
    score = headings("/l", Asked(sort="name", page=3, filters={"search": "ada"}), COLUMNS)[1]

    assert (score.order, score.href) == ("", "/l?search=ada&sort=score&order=descending")


def test_a_column_without_an_order_is_no_link():
    """Its head is plain text."""
    assert headings("/l", Asked(sort="name"), COLUMNS)[2].href == ""


def test_the_first_page_has_no_page_before_it():
    """Nor a link to itself."""
    made = pager("/l", Asked(sort="name"), Page(number=1, size=50, total=120), "learners")

    assert (made.words, made.previous, made.first, made.place) == ("1\u201350 of 120 learners", "", "", "Page 1 of 3")


def test_the_last_page_has_no_page_after_it():
    """It shows what is left."""
    made = pager("/l", Asked(sort="name", page=3), Page(number=3, size=50, total=120), "learners")

    assert (made.words, made.next, made.last, "page=2" in made.previous) == (
        "101\u2013120 of 120 learners",
        "",
        "",
        True,
    )


@pytest.mark.parametrize(("total", "words"), [(0, "No learners"), (1, "1 learner"), (7, "7 learners")])
def test_a_short_list_is_counted_and_has_no_pages(total, words):
    """There is nowhere to go."""
    made = pager("/l", Asked(sort="name"), Page(number=1, size=50, total=total), "learners")

    assert (made.words, made.place) == (words, "")
