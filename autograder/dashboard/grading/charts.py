"""
Charts as plain records that a template draws as SVG: places in per cent across and in pixels down.

Across is in per cent, so that a chart fits a phone without shrinking its letters. Every chart has a title with its
unit, a sentence that says what is to be seen, and its numbers as a table. Nothing here knows about learners.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 180  # pixels of the part that is drawn in, without the labels below
HEADROOM = 18  # pixels above the highest bar, for its grid label
STEPS = (1, 2, 2.5, 5, 10)
GRID_LINES = 4
LABELS_WIDE = 12  # labels below that fit a wide page; every other one is left out on a phone


@dataclass(frozen=True, kw_only=True)
class ChartBar:
    """One bar."""

    left: str  # per cent
    width: str  # per cent
    top: str  # pixels
    height: str  # pixels
    words: str  # what a pointer that rests on it reads
    style: str = ""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One label and its place: pixels from the top for a grid line, per cent from the left below the chart."""

    place: str
    label: str
    minor: bool = False  # left out where the page is narrow


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A column chart."""

    name: str  # unique on the page
    title: str
    sentence: str
    bars: tuple[ChartBar, ...]
    grid: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    head: tuple[str, str]  # of the table
    rows: tuple[tuple[str, str], ...]
    mark: Tick | None = None  # a vertical line, for example where a unit is passed
    height: int = HEIGHT


def columns(
    name: str,
    *,
    title: str,
    sentence: str,
    head: tuple[str, str],
    values: Sequence[tuple[str, float]],
    below: Sequence[str] | None = None,
    styles: Sequence[str] = (),
    mark: tuple[float, str] | None = None,
    top: float | None = None,
) -> Chart:
    """
    Lay out a column chart.

    Args:
        name: Unique on the page.
        title: With the unit.
        sentence: What is to be seen, for those who do not see it.
        head: Heads of the table's two columns.
        values: What each bar stands for, and its value, not negative.
        below: Short labels below the bars; those of *values* if None.
        styles: A class for each bar.
        mark: A share of the width (0 to 1) and the label of a line there.
        top: Value of the highest grid line; a round one above the largest value if None.
    """
    top = top or nice_ceiling(max((value for _, value in values), default=0))
    each = 100 / max(len(values), 1)
    gap = each * 0.14
    drawn = HEIGHT - HEADROOM
    bars = tuple(
        ChartBar(
            left=f"{place * each + gap / 2:.3f}",
            width=f"{each - gap:.3f}",
            top=f"{HEIGHT - drawn * value / top:.2f}",
            height=f"{drawn * value / top:.2f}",
            words=f"{label}: {value:,g}",
            style=styles[place] if place < len(styles) else "",
        )
        for place, (label, value) in enumerate(values)
    )
    return Chart(
        name=name,
        title=title,
        sentence=sentence,
        bars=bars,
        grid=_grid(top, drawn),
        ticks=_ticks(below or [label for label, _ in values], each),
        head=head,
        rows=tuple((label, f"{value:,g}") for label, value in values),
        mark=Tick(place=f"{mark[0] * 100:.2f}", label=mark[1]) if mark else None,
    )


def nice_ceiling(value: float) -> float:
    """Round up to a number whose quarters are whole and easy to read; at least 4."""
    if value <= GRID_LINES:
        return float(GRID_LINES)
    step = value / GRID_LINES
    if step <= STEPS[-1]:
        return float(GRID_LINES * math.ceil(step))
    size = 10.0 ** math.floor(math.log10(step))
    return GRID_LINES * size * next(wide for wide in STEPS if wide * size >= step - 1e-9)


def _grid(top: float, drawn: float) -> tuple[Tick, ...]:
    levels = [top * line / GRID_LINES for line in range(GRID_LINES + 1)]
    return tuple(Tick(place=f"{HEIGHT - drawn * level / top:.2f}", label=f"{level:,g}") for level in levels)


def _ticks(labels: Sequence[str], each: float) -> tuple[Tick, ...]:
    stride = max(1, math.ceil(len(labels) / LABELS_WIDE))
    kept = range(0, len(labels), stride)
    return tuple(
        Tick(place=f"{(place + 0.5) * each:.3f}", label=labels[place], minor=number % 2 == 1)
        for number, place in enumerate(kept)
    )
