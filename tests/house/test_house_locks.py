"""pyproject.toml, both locks and environment.yml name the same versions."""

import importlib.metadata
import re
import runpy
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9_.\[\]-]+)==([^ ;\\]+)(?: *; *([^\\]+?))? *\\?$", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str, str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {(canonicalize_name(package), version, marker or "") for package, version, marker in PIN.findall(text)}


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", []), ("requirements-test.lock", ["test"])])
def test_every_dependency_is_locked_within_its_range(lock, extras):
    """A dependency of pyproject.toml has a pinned version that satisfies it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    locked = pins(lock)
    loose = [
        line
        for line in wanted
        if not any(
            name == canonicalize_name(Requirement(line).name) and Requirement(line).specifier.contains(version)
            for name, version, _ in locked
        )
    ]

    assert loose == []


def test_tests_run_on_the_versions_that_learners_get():
    """The test lock holds every pin of the run-time lock unchanged."""
    assert pins("requirements.lock") <= pins("requirements-test.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_hashes_and_names_no_index(lock):
    """Any mirror will do, and it cannot change a byte."""
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert text.count("--hash=sha256:") >= len(pins(lock)) > 100
    assert "://" not in text


def test_environment_yml_is_made_from_the_lock():
    """Conda users get the versions of requirements.lock."""
    make = runpy.run_path(str(ROOT / "setup" / "lock.py"))["environment_yml"]

    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == make(
        (ROOT / "requirements.lock").read_text(encoding="utf-8")
    )


def test_what_is_installed_is_what_is_locked():
    """The tests speak about the locked versions, not about whatever lay around."""
    differing = {
        name: (version, importlib.metadata.version(name))
        for name, version, marker in pins("requirements-test.lock")
        if (not marker or Marker(marker).evaluate()) and importlib.metadata.version(name) != version
    }

    assert differing == {}
