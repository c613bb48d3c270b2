"""Figures can be read on white, on black, without colour, by ear and as a table."""

import re

import pandas as pd
import pytest

from exercises import figures


def drawn(alt: str = "Two lines that cross.", table: pd.DataFrame | None = None) -> figures.Picture:
    figure, [axis] = figures.panels()
    frame = pd.DataFrame({"static": [0.5, 0.9], "dynamic": [0.5, 0.6]}, index=[2, 7])
    figures.lines(axis, frame)
    figures.month_axis(axis)
    figures.loss_axis(axis)
    return figures.picture(figure, caption="Loss by month & plan", alt=alt, table=frame if table is None else table)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_figures_colours_stand_out_on_light_and_dark(page):
    """Each line's colour keeps a contrast of 3.8 to 1 on a white page and on JupyterLab's dark one."""
    for colour in figures.COLOURS:
        low, high = sorted((luminance(colour), luminance(page)))

        assert (high + 0.05) / (low + 0.05) >= 3.8, colour


def test_figures_ink_is_the_pages_own():
    """Black ink becomes the page's text colour, and nothing paints a background."""
    svg = drawn().svg

    assert "currentColor" in svg
    assert "#000000" not in svg
    assert "#ffffff" not in svg


def test_figures_load_nothing_and_leak_no_style():
    """The drawing holds no address, no style sheet and no metadata."""
    svg = drawn().svg

    assert svg.startswith("<svg")
    assert svg.endswith("</svg>")
    assert not re.search(r"https?:|<style|<metadata|<script", svg)


def test_figures_are_drawn_alike_each_time():
    """Two runs give the same bytes, so that a built page does not change by itself."""
    assert drawn().svg == drawn().svg


def test_figures_show_alternative_text_caption_and_data():
    """The page gets a role, an escaped alternative text, a caption and the folded data."""
    html = drawn('Says "0.9" & more,\n  in July.')._repr_html_()

    assert 'role="img" aria-label="Says &quot;0.9&quot; &amp; more, in July."' in html
    assert "<figcaption>Loss by month &amp; plan</figcaption>" in html
    assert "<details><summary>The data of this figure</summary><table" in html
    assert "0.900" in html


def test_figures_speak_as_plain_text():
    """Where no HTML is shown, caption and alternative text stand in for the drawing."""
    assert repr(drawn("A line.")) == "Figure: Loss by month & plan\nA line."


def test_figures_lines_differ_without_colour():
    """Each line has a marker of its own and is named at its end, in the page's own ink."""
    figure, [axis] = figures.panels()
    figures.lines(axis, pd.DataFrame({"a": [1.0, 4.0], "b": [2.0, None], "c": [1.0, 1.0]}))

    assert [line.get_marker() for line in axis.lines] == list(figures.MARKERS[:3])
    assert [text.get_text() for text in axis.texts] == ["a", "b", "c"]
    assert {text.get_color() for text in axis.texts} == {"black"}
    figures.picture(figure, caption="Three lines", alt="Three lines.")


def test_figures_name_moved_from_its_line_repeats_the_marker():
    """Where names had to move apart, a dotted line and the marker lead back to the line."""
    _, [axis] = figures.panels()
    figures.lines(axis, pd.DataFrame({"a": [0.0, 1.0], "b": [2.0, 1.01]}))
    drawn = [line.get_marker() for line in axis.lines]

    assert [drawn.count(marker) for marker in figures.MARKERS[:2]] == [2, 2]
    assert sum(line.get_linestyle() == ":" for line in axis.lines) == 2


def test_figures_names_stay_above_the_axis():
    """Lines that end at the bottom get names inside of the panel, one above the other."""
    _, [axis] = figures.panels()
    figures.lines(axis, pd.DataFrame({"a": [1.0, 0.0], "b": [0.5, 0.0]}))
    low, high = axis.get_ylim()
    heights = [text.xy[1] for text in axis.texts]

    assert all(low < height < high for height in heights)
    assert heights[0] != heights[1]


def test_figures_loss_axis_says_which_way_is_good():
    """A loss axis says in words and by an arrow, which the turned label lets point down, that lower is better."""
    _, [axis] = figures.panels()
    figures.loss_axis(axis)

    assert "← lower is better" in axis.get_ylabel()
    assert axis.yaxis.label.get_rotation() == 90


def test_figures_month_axis_names_the_months():
    """All twelve months are named, or lettered where space is short."""
    _, [wide, narrow] = figures.panels(2)
    figures.month_axis(wide)
    figures.month_axis(narrow, letters=True)

    assert [label.get_text() for label in wide.get_xticklabels()] == list(figures.MONTHS)
    assert "".join(label.get_text() for label in narrow.get_xticklabels()) == "JFMAMJJASOND"


def test_figures_spread_keeps_distance_order_and_middle():
    """Names that would overlap are moved apart around their common middle; others stay."""
    moved = figures.spread([0.50, 0.90, 0.51], gap=0.05)

    assert moved == pytest.approx([0.48, 0.90, 0.53])


def test_figures_spread_keeps_off_the_floor():
    """No name sinks below the floor, and a single name or none needs no moving."""
    assert figures.spread([0.0, 0.0], gap=1.0, floor=0.2) == pytest.approx([0.2, 1.2])
    assert figures.spread([3.0], gap=1.0) == [3.0]


def test_figures_in_words_names_rows_and_extremes():
    """Numbers are said one by one, missing ones left out, then lowest and highest; or only these two."""
    late = pd.Series({1: 0.23, 2: 0.131, 3: None, 12: 0.33})

    assert figures.in_words(late, months=True) == "Jan 0.23, Feb 0.13, Dec 0.33; lowest Feb 0.13, highest Dec 0.33"
    assert figures.in_words(late, months=True, ends_only=True) == "lowest Feb 0.13, highest Dec 0.33"
    assert figures.in_words(late, digits=1) == "1 0.2, 2 0.1, 12 0.3; lowest 2 0.1, highest 12 0.3"


def test_figures_month_span_names_first_and_last():
    """A range of months is named by its ends, a single month by itself."""
    assert (figures.month_span(range(1, 4)), figures.month_span(range(7, 8))) == ("Jan to Mar", "Jul")


def test_figures_panels_can_have_scales_of_their_own():
    """Panels share a vertical scale unless told otherwise."""
    _, shared = figures.panels(2)
    _, own = figures.panels(2, one_scale=False)
    for left, _right in (shared, own):
        left.set_ylim(0, 9)

    assert (shared[1].get_ylim()[1], own[1].get_ylim()[1]) == (9, 1)
