"""
The course on one page: a production system as boxes, with the unit that builds each one.

Decides which box stands where and which unit it belongs to. Our own drawing of an observation by Sculley and others
(2015): the model is the smallest box.
"""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from exercises.figures import BLUE, VERMILION, Picture, panels, picture

INK = "#000000"  # becomes the page's own text colour


class Box(NamedTuple):
    """One part of the system; place and size in a drawing of 12 by 7."""

    name: str
    unit: str  # number of the unit that builds it; "" for what the units take as given
    left: float
    bottom: float
    width: float
    height: float


BOXES = (
    Box("Sources:\nschedule,\nweather,\nlandings", "", 0.0, 3.0, 1.7, 2.6),
    Box("Validate\ninput data", "04", 2.2, 4.5, 2.2, 1.1),
    Box("Transform,\nnow or later", "03", 4.8, 4.5, 2.2, 1.1),
    Box("Validate\nfeatures", "05", 7.4, 4.5, 2.0, 1.1),
    Box("When to train", "01", 2.2, 3.0, 2.2, 1.1),
    Box("Model", "", 4.95, 3.25, 1.0, 0.6),
    Box("Gate for\nnew versions", "06", 6.5, 3.0, 2.9, 1.1),
    Box("When to\npredict", "02", 9.8, 4.5, 2.2, 1.1),
    Box("Serving\ninfrastructure", "07", 9.8, 3.0, 2.2, 1.1),
    Box("The whole pipeline: steps that fit, resume and can be traced", "08", 2.2, 1.5, 9.8, 1.1),
    Box("Questions to ask: features, sources, feedback loops", "09", 2.2, 0.0, 9.8, 1.1),
    Box("A year of it: incidents, alarms, rollbacks", "10", 0.0, 6.0, 12.0, 1.0),
)

ARROWS = (  # from, to: the way of the data, then of the model
    ((1.7, 5.05), (2.2, 5.05)),
    ((4.4, 5.05), (4.8, 5.05)),
    ((7.0, 5.05), (7.4, 5.05)),
    ((9.4, 5.05), (9.8, 5.05)),
    ((5.45, 4.5), (5.45, 3.85)),
    ((4.4, 3.55), (4.95, 3.55)),
    ((5.95, 3.55), (6.5, 3.55)),
    ((9.4, 3.55), (9.8, 3.55)),
    ((10.9, 4.1), (10.9, 4.5)),
)


def system_map(here: str = "") -> Picture:
    """
    Draw the system.

    Args:
        here: Number of a unit, such as "01", whose box is marked; none if empty.
    """
    figure, [axis] = panels(width=9.0, height=4.6)
    axis.set_axis_off()
    axis.set(xlim=(-0.1, 12.1), ylim=(-0.1, 7.1))
    for box in BOXES:
        _draw(axis, box, marked=bool(here) and box.unit == here)
    for start, end in ARROWS:
        axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "shrinkA": 2, "shrinkB": 2})
    marked = next((f" You are here: {_words(box.name)}." for box in BOXES if here and box.unit == here), "")
    listed = "; ".join(f"unit {box.unit}: {_words(box.name)}" for box in sorted(BOXES, key=_unit) if box.unit)
    return picture(
        figure,
        caption="A production system. Numbers are units of this course; the model is the small filled box.",
        alt=f"Twelve boxes. The model is the smallest, in the middle. Around it stand {listed}. "
        f"The sources, on the left, are given. Arrows lead from them through checks and features to the model, and "
        f"from the model through the gate to serving.{marked}",
    )


def _draw(axis: Axes, box: Box, *, marked: bool) -> None:
    model = box.name == "Model"
    colour = VERMILION if model else BLUE if marked else INK
    axis.add_patch(
        FancyBboxPatch(
            (box.left, box.bottom),
            box.width,
            box.height,
            boxstyle="round,pad=0,rounding_size=0.12",
            facecolor=VERMILION if model else "none",
            edgecolor=colour,
            linewidth=3 if marked else 1.2,
        )
    )
    text = f"{box.unit}  {box.name}" if box.unit else box.name
    middle = (box.left + box.width / 2, box.bottom + box.height / 2)
    axis.annotate(
        text,
        middle,
        ha="center",
        va="center",
        fontsize=9.5,
        weight="bold" if model or marked else "normal",
        color="#111111" if model else colour,
    )


def _words(name: str) -> str:
    return " ".join(name.split())


def _unit(box: Box) -> str:
    return box.unit
