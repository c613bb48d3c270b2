"""The folder of the made-up class is safe; that the class gets what was meant is tested with the real unit."""

import pytest

from autograder import demo
from autograder.errors import SettingsError
from autograder.settings import Settings


def test_a_folder_with_other_files_is_never_emptied(tmp_path):
    """The demonstration empties only what it made itself."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(SettingsError, match="holds other files"):
        demo.run(Settings(root=tmp_path), "01_training", seed=1, folder=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
