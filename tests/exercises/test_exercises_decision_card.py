"""The decision card has one shape on every page and as a file."""

from dataclasses import fields

from exercises.decision_card import ROWS, DecisionCard, Side

STATIC, DYNAMIC = (
    Side(
        name=name,
        definition=f"{name} is so",
        choose="a < b",
        avoid="x | y",
        cost="0.5 nats",
        noticed="the loss rises",
        elsewhere="a clinic",
    )
    for name in ("Static", "Dynamic")
)
CARD = DecisionCard(title="Static & dynamic", sides=(STATIC, DYNAMIC), ask_first=("Which labels existed then?",))


def test_decision_card_shows_every_field_of_a_side():
    """No field of a side is forgotten in the rows, and their order is fixed."""
    assert [key for key, _ in ROWS] == [field.name for field in fields(Side) if field.name != "name"]


def test_decision_card_html_is_an_escaped_table_with_headings():
    """The page gets a captioned table with row and column headings and escaped texts."""
    html = CARD._repr_html_()

    assert "<caption>Static &amp; dynamic</caption>" in html
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == len(ROWS)
    assert "a &lt; b" in html


def test_decision_card_file_has_room_for_ones_own_system(tmp_path):
    """The saved Markdown has a free column, unbroken rows and the questions to ask first."""
    text = CARD.save(tmp_path / "card.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]

    assert "| | Static | Dynamic | My system |" in rows
    assert {row.count("|") for row in rows} == {5}
    assert "- [ ] Which labels existed then?" in text
    assert repr(CARD) == text
