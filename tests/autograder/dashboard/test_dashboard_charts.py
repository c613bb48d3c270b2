"""Charts: bars as high as their values, grids that can be read, numbers as a table."""

import pytest

from autograder.dashboard.grading.charts import HEADROOM, HEIGHT, columns, nice_ceiling


def chart(*values, **more):
    pairs = [(f"day {place}", value) for place, value in enumerate(values)]
    return columns("c", title="Days (number)", sentence="Some.", head=("Day", "Number"), values=pairs, **more)


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 4), (1, 4), (4, 4), (5, 8), (9, 12), (40, 40), (41, 80), (99, 100), (12345, 20000)]
)
def test_the_top_of_the_grid_has_quarters_that_are_easy_to_read(value, ceiling):
    """Nobody reads 10,286.25."""
    assert nice_ceiling(value) == ceiling


def test_bars_are_as_high_as_their_values():
    """Half the value, half the height; the grid's top is the chart's."""
    heights = [float(bar.height) for bar in chart(40, 20, 0).bars]

    assert heights == [HEIGHT - HEADROOM, (HEIGHT - HEADROOM) / 2, 0]


def test_bars_stand_on_the_ground():
    """Top and height together reach the base line."""
    assert {round(float(bar.top) + float(bar.height), 2) for bar in chart(3, 1, 4).bars} == {HEIGHT}


def test_bars_stay_inside():
    """The last one ends before the edge."""
    last = chart(*range(60)).bars[-1]

    assert float(last.left) + float(last.width) <= 100


def test_sixty_bars_do_not_have_sixty_labels():
    """As many as can be read, and half of them on a phone."""
    ticks = chart(*range(60)).ticks

    assert (len(ticks) <= 12, [tick.minor for tick in ticks[:2]]) == (True, [False, True])


def test_every_number_stands_in_the_table():
    """Who does not see the bars reads them."""
    assert chart(1234, 5).rows == (("day 0", "1,234"), ("day 1", "5"))


def test_a_mark_stands_at_its_share():
    """The line of the pass mark."""
    assert chart(1, mark=(0.8, "80 % passes")).mark.place == "80.00"
