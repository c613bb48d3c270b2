"""The map of the system names every unit and keeps the model small."""

import itertools

import pytest

from exercises.system_map import BOXES, system_map


def test_system_map_has_a_box_for_every_unit():
    """Units 01 to 10 have one box each."""
    assert sorted(box.unit for box in BOXES if box.unit) == [f"{number:02d}" for number in range(1, 11)]


def test_system_map_model_is_the_smallest_box():
    """The point of the picture: every other box is at least three times as large as the model."""
    area = {box.name: box.width * box.height for box in BOXES}
    model = area.pop("Model")

    assert min(area.values()) > 3 * model


def test_system_map_boxes_do_not_overlap():
    """No box covers another."""
    for one, other in itertools.combinations(BOXES, 2):
        apart = (
            one.left + one.width <= other.left
            or other.left + other.width <= one.left
            or one.bottom + one.height <= other.bottom
            or other.bottom + other.height <= one.bottom
        )
        assert apart, (one.name, other.name)


@pytest.mark.parametrize(("here", "said"), [("", False), ("01", True)])
def test_system_map_says_where_you_are(here, said):
    """A marked unit is named in the alternative text; without one nothing is."""
    drawn = system_map(here)

    assert ("You are here: When to train." in drawn.alt) == said
    assert "unit 06: Gate for new versions" in drawn.alt
