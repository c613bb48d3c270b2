"""A hostile notebook becomes text, a fixed set of elements and pictures that are pictures."""

import base64
import json
import re

import pytest

from autograder.dashboard.grading.notebook import MAX_ELEMENTS, TAGS, clean_markdown, picture, show_notebook

PNG = b"\x89PNG\r\n\x1a\n" + b"rest"
ALLOWED = ("", " /", ' tabindex="0"')  # the last one on what a keyboard must be able to scroll
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "[a](javascript:alert(1))",
    '[a](https://example.org "x")',
    "![a](https://example.org/x.png)",
    "<style>*{display:none}</style>",
    "<iframe src=//example.org></iframe>",
    "`<b onclick=alert(1)>`",
    "```<script>\nx\n```",
    "| a |\n|:-:|\n| <b>x</b> |",
    "<!-- --><script>alert(1)</script>",
]


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def markdown(text, **metadata):
    return {"cell_type": "markdown", "source": text, "metadata": metadata}


def code(source="", *outputs, name=None, kind=None):
    metadata = {"nbgrader": {"grade_id": name}} if name else {}
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata | {"course": {"kind": kind}},
        "outputs": outputs,
    }


def shown_picture(content, kind="image/png"):
    return {"output_type": "display_data", "data": {kind: base64.b64encode(content).decode()}}


@pytest.mark.parametrize("text", SCRIPTS)
def test_markdown_becomes_known_elements_without_attributes(text):
    """No script, no address, no style, whatever was typed."""
    tags = re.findall(r"<\s*/?\s*([^\s>/]+)([^>]*)>", clean_markdown(text))

    assert [(name, rest) for name, rest in tags if name not in TAGS or rest not in ALLOWED] == []


def test_headings_of_a_notebook_stand_below_those_of_the_page():
    """A learner's first heading is not the page's."""
    assert clean_markdown("# One\n\n##### Five") == "<h3>One</h3>\n<h6>Five</h6>\n"


def test_code_and_outputs_are_plain_text():
    """They are escaped by the template, so they stay as they are."""
    cell = show_notebook(notebook(code("<b>", {"output_type": "stream", "text": ["<i>", "x"]}))).cells[0]

    assert (cell.source, cell.outputs[0].text, cell.html) == ("<b>", "<i>x", "")


def test_markup_among_the_outputs_is_left_out():
    """Of rich output only its plain text is shown."""
    output = {"output_type": "display_data", "data": {"text/html": "<script>1</script>", "text/plain": "a frame"}}

    assert [one.text for one in show_notebook(notebook(code("", output))).cells[0].outputs] == ["a frame\n"]


def test_a_picture_is_found_by_its_number():
    """The page names it, and its address gives its bytes."""
    content = notebook(code("", shown_picture(b"no png")), code("", shown_picture(PNG)), code("", shown_picture(PNG)))
    numbers = [one.picture for cell in show_notebook(content).cells for one in cell.outputs]

    assert (numbers, picture(content, 1).content, picture(content, 2)) == ([0, 1], PNG, None)


def test_what_only_claims_to_be_a_picture_is_none():
    """A script that is called image/png is not sent."""
    assert picture(notebook(code("", shown_picture(b"<script>"))), 0) is None


def test_ten_thousand_prints_are_one_element():
    """The page stays small."""
    prints = [{"output_type": "stream", "text": "x\n"}] * 10_000

    assert len(show_notebook(notebook(code("", *prints))).cells[0].outputs) == 1


def test_a_flood_of_markdown_is_shown_as_text():
    """So many list items would be as many elements."""
    cell = show_notebook(notebook(markdown("- a\n" * (MAX_ELEMENTS + 1)))).cells[0]

    assert (cell.kind, cell.html) == ("raw", "")


def test_an_address_in_the_page_is_given_once():
    """Two cells of one name would lead to the first only; odd names lead nowhere."""
    cells = show_notebook(notebook(code(name="a"), code(name="a"), code(name='"><b>'))).cells

    assert [cell.name for cell in cells] == ["a", "", ""]


def test_answers_and_checks_are_named():
    """The eye finds them."""
    labels = [cell.label for cell in show_notebook(notebook(code(kind="answer"), code(kind="check"), code())).cells]

    assert labels == ["Answer", "Check", ""]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"cells": 3}', b'{"cells": [3, null, "x"]}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_notebook_shows_nothing(content):
    """The page of a refused submission is a page all the same."""
    assert show_notebook(content).cells == ()
