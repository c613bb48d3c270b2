"""The demonstration: its folder is safe, and a small class of the real course gets what was meant."""

from pathlib import Path

import pytest

from autograder import demo
from autograder.errors import SettingsError
from autograder.gradebook.class_queries import ClassQueries
from autograder.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
UNITS = ("01_training", "02_inference")
SIZE = 8


def test_a_folder_with_other_files_is_never_emptied(tmp_path):
    """The demonstration empties only what it made itself."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(SettingsError, match="holds other files"):
        demo.run(Settings(root=tmp_path), UNITS, seed=1, size=SIZE, folder=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    told = []
    settings = load_settings(ROOT, environ={"COURSE_LEARNER": "tester"})
    place = tmp_path_factory.mktemp("demonstration")
    result = demo.run(
        settings, UNITS, seed=4, size=SIZE, folder=place, progress=lambda done, total: told.append((done, total))
    )
    return result, told


def test_everybody_of_a_made_up_class_gets_what_was_meant(shown):
    """Right, half right, mistaken, late, blank and hostile ones, by the real intake, judge and gradebook."""
    result, _ = shown

    assert (result.differences, result.as_expected) == ((), True)
    assert "Everybody got what was meant." in result.summary()


def test_the_demonstration_counts_all_that_it_grades(shown):
    """The bar ends where it should, and the table has a line a unit."""
    result, told = shown

    assert told[-1] == (result.graded, result.graded)
    assert [unit.unit for unit in result.counts] == list(UNITS)
    assert sum(unit.attempts for unit in result.counts) == result.graded
    assert result.table().row_count == len(UNITS)


def test_the_dashboard_finds_the_class_in_a_folder_of_its_own(shown):
    """Names, a silent learner, a late one and somebody at risk are there to look at."""
    result, _ = shown
    with ClassQueries(result.settings) as book:
        found = book.learners()
        overview = book.overview()

    assert (found.page.total, overview.learners - overview.active) == (SIZE, 1)
    assert all(row.first_name and row.last_name and "@" in row.email for row in found.rows)
    assert overview.at_risk > 0
    assert result.settings.db_url.startswith("sqlite:///")


def test_the_demonstration_issues_the_badges_that_are_due(shown):
    """Those who passed every required unit have a badge; here a required unit was left out, so nobody has."""
    result, _ = shown

    assert result.summary().endswith("0 badges issued to those who passed every required unit")
