"""How a card looks: escaped, readable without colour and script, in enough contrast."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.cards import BADGES, ICONS, STYLE, Card, CardKind, Table, inline, show

VOID = {"br"}
PAGES = ("#ffffff", "#111111", "#212121")  # JupyterLab's light page, its dark page and the dark theme's cards


class _Outline(HTMLParser):
    """Collect tags, attributes and text; complain about tags that do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words += data


def _outline(card: Card) -> _Outline:
    outline = _Outline()
    outline.feed(card._repr_html_())
    outline.close()
    assert outline.open == []
    return outline


def _full(text: str) -> Card:
    rows = ((text, text, text, text),)
    return Card(
        kind="not_yet",
        head=text,
        text=text,
        lines=(text,),
        items=(text,),
        table=Table(caption=text, columns=("a", "b", "c", text), rows=rows),
        code=text,
        foot=text,
        details=text,
        label=text,
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@given(text=st.text(min_size=1))
def test_no_text_becomes_markup(text: str):
    """Whatever a message holds, the card has the same tags and attributes as for a harmless one."""
    plain, given_text = _outline(_full("x")), _outline(_full(text))
    added = set(given_text.tags) - set(plain.tags)

    assert added <= {"br", "code"}
    assert {name for name, _ in given_text.attributes} == {name for name, _ in plain.attributes}


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onclick="x', "</style><img src=x>", "`<b>`"])
def test_hostile_text_is_shown_as_text(text: str):
    """Markup in a message is read, never obeyed."""
    outline = _outline(_full(text))

    assert not {"script", "img", "b"} & set(outline.tags)
    assert text.replace("`", "") in outline.words


def test_nothing_is_loaded_and_nothing_runs():
    """A card holds no script and no address."""
    html = _full("x")._repr_html_()

    assert not re.search(r"https?:|url\(|@import|<script|\son\w+=", html)


@pytest.mark.parametrize("kind", list(BADGES))
def test_badges_keep_contrast_in_both_themes(kind: CardKind):
    """White on a badge reaches AA for text, and the badge itself AA for graphics on light and dark pages."""
    badge = BADGES[kind]

    assert _contrast("#ffffff", badge) >= 4.5
    assert min(_contrast(badge, page) for page in PAGES) >= 3


def test_text_takes_the_page_s_own_colours():
    """Text colours come from the theme, so that they turn with it; no fixed colour but the badge's white."""
    fixed = re.findall(r"[;{\n]color:(#\w+)", STYLE)

    assert fixed == ["#fff"]


def test_outcome_is_in_words_and_icon():
    """The plain text says all that the HTML says, and begins with the icon."""
    card = Card(kind="passed", head="Passed", text="2 of 2", lines=("a",), items=("b",), code="c", foot="Attempt 2")
    outline = _outline(card)

    assert repr(card) == "\u2713 Passed - 2 of 2\na\n  - b\nc\nAttempt 2"
    for word in ("Passed", "2 of 2", "Attempt 2"):
        assert word in outline.words
    assert len(set(ICONS.values())) == len(ICONS)


def test_traceback_is_folded():
    """Python's own message is in the page, closed, and not in the plain text."""
    card = Card(kind="not_yet", head="Not yet", details="Traceback: here")

    assert "<details><summary>" in card._repr_html_()
    assert "Traceback" not in repr(card)


def test_table_has_headers_and_caption():
    """Columns and rows are named for screen readers; the plain text has one line a row."""
    table = Table(
        caption="1 of 2", columns=("Check", "Result", "Text", "Points"), rows=(("a", "passed", "", "1 of 1"),)
    )
    card = Card(kind="calm", head="Grade", table=table)
    outline = _outline(card)

    assert outline.attributes.count(("scope", "col")) == 4
    assert outline.attributes.count(("scope", "row")) == 1
    assert "caption" in outline.tags
    assert "  a | passed | 1 of 1" in repr(card)


def test_code_in_backticks():
    """Backticks set code; a lone one stays."""
    assert inline("use `a < b`, not ` alone") == "use <code>a &lt; b</code>, not ` alone"


def test_card_is_printed_outside_ipython(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """In plain Python a card is its text."""
    monkeypatch.setattr("exercises.environment.shell", lambda: None)
    show(Card(kind="calm", head="Hello"))

    assert capsys.readouterr().out == "i Hello\n"
