"""
Figures that everybody can read: on white and on black, without colour, by ear, and as a table.

Decides the look and the wrapping of a figure. Never decides what a figure says: captions come from the lesson, and
alternative texts are computed from the data that were drawn.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator
from sklearn.isotonic import isotonic_regression

# After Okabe and Ito, shifted so that each keeps a contrast of 3.8 to 1 on white and on JupyterLab's black alike
BLUE, VERMILION, GREEN, PURPLE = "#1a80c4", "#d55e00", "#00936b", "#bc659e"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE)
MARKERS = ("o", "s", "^", "D")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """
    A drawn figure with its texts; as the last value of a cell it shows itself.

    Attributes:
        svg: The drawing, inline SVG; black was turned into the page's own text colour.
        caption: What to look at.
        alt: What the drawing shows, for those who do not see it; also its plain-text form.
        table: The data as HTML, folded below the drawing; empty for a sketch without data.
    """

    svg: str
    caption: str
    alt: str
    table: str

    def _repr_html_(self) -> str:
        data = f"<details><summary>The data of this figure</summary>{self.table}</details>" if self.table else ""
        drawing = self.svg.replace("<svg ", f'<svg role="img" aria-label="{escape(self.alt)}" ', 1)
        return f'<figure style="margin: 0">{drawing}<figcaption>{escape(self.caption)}</figcaption>{data}</figure>'

    def __repr__(self) -> str:
        return f"Figure: {self.caption}\n{self.alt}"


def panels(
    count: int = 1, *, width: float = 7.6, height: float = 3.3, one_scale: bool = True
) -> tuple[Figure, list[Axes]]:
    """
    Make an empty figure of *count* panels side by side, on one vertical scale if *one_scale*; sizes in inches.

    Returns:
        The figure and its axes from left to right.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = list(figure.subplots(1, count, sharey=one_scale, squeeze=False)[0])
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#808080", alpha=0.25, linewidth=0.8)
        axis.set_axisbelow(True)
    return figure, axes


def month_axis(axis: Axes, *, letters: bool = False) -> None:
    """Label the horizontal axis with all twelve months; with one letter each if *letters*."""
    names = [name[0] for name in MONTHS] if letters else list(MONTHS)
    axis.xaxis.set_major_locator(FixedLocator(range(1, 13)))
    axis.xaxis.set_major_formatter(FixedFormatter(names))
    axis.set_xlim(0.4, 12.6)


def month_span(months: range) -> str:
    """Name a range of months: "Jan", or "Jan to Mar"."""
    first, last = MONTHS[months[0] - 1], MONTHS[months[-1] - 1]
    return first if first == last else f"{first} to {last}"


def loss_axis(axis: Axes, what: str = "mean log loss, nats") -> None:
    """Label the vertical axis as a loss and say which way is good."""
    axis.set_ylabel(f"{what}\n\N{LEFTWARDS ARROW} lower is better")  # the label is turned: this arrow points down


def lines(axis: Axes, table: pd.DataFrame, *, room: float = 3.2) -> None:
    """
    Draw each column of *table* over its index, with a marker of its own and its name at the right.

    Args:
        axis: Where to draw.
        table: One column a line (four at most), index along the horizontal axis; missing values are gaps.
        room: Space for the names, right of the last point, in units of the horizontal axis.
    """
    styles = list(zip(table.columns, COLOURS, MARKERS, strict=False))
    for name, colour, marker in styles:
        known = table[name].dropna()
        axis.plot(known.index, known.to_numpy(), color=colour, marker=marker, markersize=5, linewidth=1.8)
    low, high = axis.get_ylim()
    gap = (high - low) * 0.075
    ends = [(float(table[name].dropna().index[-1]), float(table[name].dropna().iloc[-1])) for name in table]
    heights = spread([height for _, height in ends], gap=gap, floor=low + gap * 0.6)  # off the axis below
    right = max(x for x, _ in ends)
    for (name, colour, marker), end, height in zip(styles, ends, heights, strict=True):
        place = (right, height)
        if name and abs(place[1] - end[1]) > gap / 4:  # moved away from its line: lead there, and repeat the marker
            place = (right + room * 0.16, place[1])
            axis.plot([end[0], place[0]], [end[1], place[1]], color=colour, linewidth=0.8, linestyle=":")
            axis.plot(*place, color=colour, marker=marker, markersize=6)
        axis.annotate(str(name), place, (9, 0), textcoords="offset points", va="center")
    axis.set_ylim(low, high)
    axis.set_xlim(right=right + room)


def spread(heights: Sequence[float], *, gap: float, floor: float = -math.inf) -> list[float]:
    """Move *heights* as little as possible (least squares), so that neighbours keep *gap* and none is below *floor*."""
    order = np.argsort(heights, kind="stable")
    steps = np.arange(len(order)) * gap
    moved = np.empty(len(order))
    moved[order] = isotonic_regression(np.asarray(heights, dtype=float)[order] - steps, y_min=floor) + steps
    return [float(height) for height in moved]


def in_words(values: pd.Series, *, months: bool = False, ends_only: bool = False, digits: int = 2) -> str:
    """
    Say a row of numbers: each one by the name of its row, then the lowest and the highest.

    Args:
        values: Numbers; missing ones are left out.
        months: The index holds the numbers of months, 1 to 12: say their names.
        ends_only: Say only the lowest and the highest.
        digits: Decimals.

    Returns:
        For example "Jan 0.23, Feb 0.21, Mar 0.30; lowest Feb 0.21, highest Mar 0.30".
    """
    known = values.dropna()
    names = [MONTHS[int(key) - 1] if months else str(key) for key in known.index]
    said = [f"{name} {value:.{digits}f}" for name, value in zip(names, known, strict=True)]
    ends = f"lowest {said[int(known.argmin())]}, highest {said[int(known.argmax())]}"
    return ends if ends_only else f"{', '.join(said)}; {ends}"


def picture(figure: Figure, *, caption: str, alt: str, table: pd.DataFrame | None = None, digits: int = 3) -> Picture:
    """
    Wrap a finished *figure* with its texts and data.

    Args:
        figure: What was drawn.
        caption: One sentence: what to look at.
        alt: What the drawing shows, computed from the data.
        table: The drawn data, folded below the drawing.
        digits: Decimals of the numbers in the table.
    """
    data = "" if table is None else table.to_html(float_format=f"{{:.{digits}f}}".format, border=0, na_rep="")
    return Picture(svg=_inline(figure), caption=caption, alt=" ".join(alt.split()), table=data)


def _inline(figure: Figure) -> str:
    """Render as SVG that may stand in a page: no addresses, no page-wide style, ink in the page's text colour."""
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "course"}), io.StringIO() as stream:
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
        svg = stream.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"|(?<=<g) id="[^"]*"', "", svg)
    svg = svg.replace("#000000", "currentColor")
    page = "fill: currentColor; stroke-linejoin: round; max-width: 100%; height: auto"
    return svg.replace("<svg ", f'<svg style="{page}" ', 1).strip()
