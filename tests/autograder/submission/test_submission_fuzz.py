"""No notebook, however broken, may do more than be refused."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.submission.rebuild import rebuild

NAMES = [
    "setup-tools",
    "double-statement",
    "double",
    "plain",
    "negative",
    "total-statement",
    "total",
    "share",
    "",
    "mine",
    "id-plain",
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(NAMES)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
marks = st.fixed_dictionaries(
    {},
    optional={
        "grade_id": st.sampled_from(NAMES) | values,
        "points": values,
        "grade": values,
        "solution": values,
        "locked": values,
        "schema_version": st.integers(0, 5) | values,
    },
)
metadata = st.fixed_dictionaries(
    {},
    optional={
        "nbgrader": marks | values,
        "tags": st.lists(st.sampled_from(["skip-execution", "x"]), max_size=3) | values,
        "kernelspec": values,
    },
)
sources = (
    st.text(max_size=80)
    | st.lists(st.text(max_size=20), max_size=3)
    | st.sampled_from(
        ["def double(x):\n    return 2 * x", "def total(", "'''", "\\", "\t x\n y", "double = 1", "%%bash\nls"]
    )
    | values
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "code", "markdown", "raw", "heading"]) | values,
        "metadata": metadata | values,
        "source": sources,
        "id": st.sampled_from([f"id-{name}" for name in NAMES]) | values,
        "outputs": values,
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3]) | values},
    optional={"cells": st.lists(cells, max_size=8) | values, "metadata": metadata | values, "worksheets": values},
)


def attempt(small, data):
    """Rebuild *data*, or return why it was refused."""
    try:
        return rebuild(small.submission(data), small.source, small.released)
    except SubmissionError as refusal:
        return str(refusal)


def never_crashes(small, data):
    """Rebuild *data*; a refusal is fine, and what is rebuilt is a valid notebook of all our cells."""
    result = attempt(small, data)
    if isinstance(result, str):
        assert 10 < len(result) < 1000
        return
    nbformat.validate(result.notebook)
    nbformat.writes(result.notebook).encode()
    assert all(len(note) < 1000 for note in result.repairs)
    names = [cell.metadata.nbgrader.grade_id for cell in result.notebook.cells if "nbgrader" in cell.metadata]
    assert names == NAMES[:8]


def mutated(draw, data):
    """Change some bytes of a notebook."""
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(changed) - 1))
        changed[at : at + draw.draw(st.integers(0, 30))] = draw.draw(st.binary(max_size=6))
    return bytes(changed)


def run(small, examples):
    profile = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )

    @profile
    @given(notebook=notebooks)
    def generated(notebook):
        never_crashes(small, json.dumps(notebook).encode("utf-8", "surrogatepass"))

    honest = json.dumps(small.filled()).encode()

    @profile
    @given(draw=st.data())
    def byte_by_byte(draw):
        never_crashes(small, mutated(draw, honest))

    generated()
    byte_by_byte()


def test_fuzzed_notebooks_are_graded_or_refused(small):
    """Over a hundred generated and mutated notebooks end in a rebuild or a SubmissionError."""
    run(small, examples=150)


@pytest.mark.deep
def test_ten_thousand_fuzzed_notebooks_are_graded_or_refused(small):
    """Ten thousand generated and mutated notebooks end in a rebuild or a SubmissionError."""
    run(small, examples=5_000)
