"""Importing the module: light, lazy, and harmless outside IPython."""

from __future__ import annotations

import subprocess
import sys

import pytest

import exercises

HEAVY = ("numpy", "pandas", "sklearn", "matplotlib", "IPython", "ipywidgets", "pyarrow", "sqlite3")


def _in_new_python(code: str) -> str:
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    return ended.stdout.strip()


def test_import_loads_no_heavy_package():
    """A fresh interpreter that imports exercises has loaded none of the large packages."""
    loaded = _in_new_python(f"import sys, exercises; print([name for name in {HEAVY} if name in sys.modules])")

    assert loaded == "[]"


def test_records_load_no_heavy_package():
    """The record types are there without pandas."""
    loaded = _in_new_python(
        "import sys; from exercises import TrainSpec, Drift;"
        " print(TrainSpec.__name__, [name for name in ('numpy', 'pandas', 'IPython') if name in sys.modules])"
    )

    assert loaded == "TrainSpec []"


@pytest.mark.parametrize("name", exercises.__all__)
def test_every_public_name_exists(name: str):
    """Each name that the module announces can be fetched, and is fetched from there only once."""
    first = getattr(exercises, name)

    assert exercises.__dict__[name] is first
    assert name in dir(exercises)


def test_unknown_name_is_an_attribute_error():
    """A misspelt name fails as it does in any module."""
    with pytest.raises(AttributeError, match="has no attribute 'hintt'"):
        exercises.hintt  # noqa: B018


def test_submodules_do_not_hide_public_names():
    """`exercises.quiz` is the function, also after its module was imported."""
    told = _in_new_python("import exercises.questions, exercises.ladder; print(callable(exercises.quiz))")

    assert told == "True"
