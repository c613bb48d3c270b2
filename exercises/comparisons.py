"""
Figures that compare systems: how long callers wait, two dials of several faults, many measures side by side.

Decides the drawing. Which systems are compared, and by what, is the lesson's own affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from exercises.callers import percentile
from exercises.figures import BLUE, COLOURS, MARKERS, VERMILION, Picture, in_words, panels, picture

PERCENTILES = (50, 95, 99)


def waiting_table(waits_ms: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Table p50, p95 and p99 (rows) of the waiting times of each system (columns), by nearest rank."""
    return pd.DataFrame(
        {name: [percentile(waits, q / 100) for q in PERCENTILES] for name, waits in waits_ms.items()},
        index=[f"p{q}" for q in PERCENTILES],
    )


def waiting_times(waits_ms: Mapping[str, Sequence[float]], *, caption: str) -> Picture:
    """
    Draw which share of the callers was answered after how long, on a logarithmic scale.

    Args:
        waits_ms: Waiting times in milliseconds, at most four systems.
        caption: One sentence: what to look at.
    """
    figure, [axis] = panels(height=3.8)
    for (name, waits), colour, marker in zip(waits_ms.items(), COLOURS, MARKERS, strict=False):
        shares = np.arange(1, len(waits) + 1) / len(waits)
        axis.plot(np.sort(waits), shares, color=colour, marker=marker, markevery=0.12, linewidth=1.8, label=name)
    axis.axhline(0.99, linestyle=":", color="#808080")
    axis.annotate(
        "p99", (1.0, 0.99), (3, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center"
    )
    axis.set(xscale="log", ylim=(0, 1.04), ylabel="share of callers answered")
    axis.set_xlabel("waiting time, ms\n\N{LEFTWARDS ARROW} lower is better")
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axis.legend(loc="center left", bbox_to_anchor=(1.05, 0.5), frameon=False)
    table = waiting_table(waits_ms)
    words = " ".join(f"{name}, ms: {in_words(table[name], digits=1)}." for name in table)
    alt = f"{len(waits_ms)} rising curves of the share answered. {words}"
    return picture(figure, caption=caption, alt=alt, table=table, digits=1)


def side_by_side(table: pd.DataFrame, *, caption: str) -> Picture:
    """
    Draw one small panel a measure, one bar a system, each panel on its own scale from zero.

    Args:
        table: One row a system (four at most), one column a measure; the column's name says the unit.
        caption: One sentence: what to look at, and which way is good.
    """
    figure, axes = panels(len(table.columns), width=10.0, height=2.5, one_scale=False)
    for axis, measure in zip(axes, table, strict=True):
        axis.bar(list(table.index), table[measure].to_numpy(), color=COLOURS[: len(table)], width=0.6)
        axis.set_title(str(measure).replace(", ", "\n", 1), fontsize=10)
        axis.set(yticks=[], ylim=(0, max(table[measure].max(), 1e-9) * 1.2))
        axis.margins(x=0.15)
        for place, value in enumerate(table[measure]):
            said = f"{value:,.0f}" if value >= 99.5 else f"{value:.3g}"
            axis.annotate(said, (place, value), (0, 2), textcoords="offset points", ha="center", va="bottom")
    words = " ".join(f"{measure}: {in_words(table[measure], digits=1)}." for measure in table)
    return picture(figure, caption=caption, alt=f"{len(axes)} panels of bars. {words}", table=table, digits=1)


def two_dials(table: pd.DataFrame, useless: Mapping[str, float], *, caption: str) -> Picture:
    """
    Draw AUC and log loss side by side, one horizontal bar a row, the first row in a colour of its own.

    Args:
        table: Columns `AUC` and `log loss`; the first row is the system without a fault.
        useless: What an answer without a model scores on each dial; drawn as a dotted line.
        caption: One sentence: what to look at.
    """
    figure, axes = panels(2, width=9.5, height=2.9)
    for axis, dial, way in zip(
        axes,
        ("AUC", "log loss"),
        ("higher is better \N{RIGHTWARDS ARROW}", "\N{LEFTWARDS ARROW} lower is better"),
        strict=True,
    ):
        axis.grid(visible=False)
        axis.barh(list(table.index), table[dial].to_numpy(), color=[BLUE] + [VERMILION] * (len(table) - 1), height=0.6)
        axis.plot([useless[dial]] * 2, [-0.5, len(table) - 0.5], linestyle=":", color="#808080")
        axis.annotate("without a model", (useless[dial], -0.55), ha="center", va="bottom")
        right = table[dial].max() * 1.25
        for place, value in enumerate(table[dial]):  # in a column of their own, so that no line crosses them
            axis.annotate(f"{value:.3f}", (right, place), ha="right", va="center")
        axis.set(title=dial, xlabel=way, ylim=(len(table) - 0.5, -1.2), xlim=(0, right))
    words = " ".join(
        f"{dial}: {in_words(table[dial], digits=3)}; without a model {useless[dial]:.3f}." for dial in useless
    )
    return picture(figure, caption=caption, alt=f"Two panels of horizontal bars. {words}", table=table)
