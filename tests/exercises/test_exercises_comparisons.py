"""Figures that compare systems say in words and in a table what they draw."""

import pandas as pd

from exercises.comparisons import side_by_side, waiting_table, waiting_times

WAITS = {"static": [float(n) for n in range(1, 101)], "dynamic": [1000.0] * 100}


def test_comparisons_table_the_percentiles():
    """The table holds the three percentiles of each system, by nearest rank."""
    table = waiting_table(WAITS)

    assert table["static"].to_dict() == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert list(table.columns) == ["static", "dynamic"]


def test_comparisons_waiting_times_can_be_heard():
    """The alternative text and the folded table hold the percentiles; the drawing names every system."""
    drawn = waiting_times(WAITS, caption="Callers.")

    assert "static, ms: p50 50.0, p95 95.0, p99 99.0" in drawn.alt
    assert "dynamic, ms: p50 1000.0" in drawn.alt
    assert all(word in drawn.svg for word in ("static", "dynamic", "lower is better"))
    assert "1000.0" in drawn.table


def test_comparisons_draw_each_measure_in_a_panel_of_its_own():
    """Each value stands at its bar, zero included, and the alternative text says all of them."""
    table = pd.DataFrame({"p99, ms": [3.0, 4200.0], "not found, %": [12.0, 0.0]}, index=["static", "dynamic"])

    drawn = side_by_side(table, caption="Both.")

    assert all(f">{said}<" in drawn.svg for said in ("3", "4,200", "12", "0"))
    assert "p99, ms: static 3.0, dynamic 4200.0; lowest static 3.0, highest dynamic 4200.0." in drawn.alt
    assert "not found, %: static 12.0, dynamic 0.0" in drawn.alt
