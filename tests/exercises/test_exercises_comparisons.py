"""Figures that compare systems say in words and in a table what they draw."""

import pandas as pd

from exercises.comparisons import side_by_side, two_dials, waiting_table, waiting_times

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


def test_comparisons_two_dials_say_every_row_and_what_needs_no_model():
    """Each fault stands with both values beside its bar, and the alternative text says them and the dotted lines."""
    table = pd.DataFrame({"AUC": [0.7233, 0.7227], "log loss": [0.5614, 0.6337]}, index=["as trained", "°C for °F"])

    drawn = two_dials(table, {"AUC": 0.5, "log loss": 0.6332}, caption="Two dials.")

    assert all(f">{said}<" in drawn.svg for said in ("0.723", "0.561", "0.634", "as trained", "°C for °F"))
    assert all(way in drawn.svg for way in ("higher is better", "lower is better"))
    assert "AUC: as trained 0.723, °C for °F 0.723" in drawn.alt
    assert "highest °C for °F 0.634; without a model 0.633." in drawn.alt
