"""
Figures that everybody can read: on white and on black, without colour, by ear, and as a table.

Decides the look and the wrapping of a figure. Never decides what a figure says: captions come from the lesson, and
alternative texts are computed from the data that were drawn.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator

# Okabe and Ito's colours that keep a contrast of 3 to 1 on white and on JupyterLab's black
BLUE, VERMILION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
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
    axis.set_ylabel(f"{what}\n\N{DOWNWARDS ARROW} lower is better")


def lines(axis: Axes, table: pd.DataFrame, *, room: float = 3.2) -> None:
    """
    Draw each column of *table* over its index, with a marker of its own and its name at the line's end.

    Args:
        axis: Where to draw.
        table: One column a line (four at most), index along the horizontal axis; missing values are gaps.
        room: Space for the names, right of the last point, in units of the horizontal axis.
    """
    ends: dict[str, tuple[float, float, str]] = {}
    for (name, column), colour, marker in zip(table.items(), COLOURS, MARKERS, strict=False):
        known = column.dropna()
        axis.plot(known.index, known.to_numpy(), color=colour, marker=marker, markersize=5, linewidth=1.8)
        ends[str(name)] = (float(known.index[-1]), float(known.iloc[-1]), colour)
    low, high = axis.get_ylim()
    heights = spread([end[1] for end in ends.values()], gap=(high - low) * 0.075)
    for (name, (x, _, colour)), height in zip(ends.items(), heights, strict=True):
        axis.annotate(name, (x, height), (8, 0), textcoords="offset points", va="center", color=colour, weight="bold")
    axis.set_xlim(right=max(end[0] for end in ends.values()) + room)


def spread(heights: Sequence[float], *, gap: float) -> list[float]:
    """Move *heights* apart, as little as a simple sweep can, so that neighbours keep *gap*; order stays."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    shift = sum(moved) / len(moved) - sum(heights) / len(heights) if moved else 0.0
    return [height - shift for height in moved]


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
