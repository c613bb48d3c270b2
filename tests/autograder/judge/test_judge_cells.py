"""Sorting cells by who runs them, and the names that an answer defines."""

import copy

import nbformat
import pytest

from autograder.judge.cells import defined_names, imported_modules, setup_cells, sort_cells


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): pass\nasync def g(): pass\nclass C: pass", ("f", "g", "C")),
        ("a = b = 1\nc: int = 2\nd: int\ne += 1", ("a", "b", "c", "d", "e")),
        ("(a, [b, *c]) = 1, [2, 3]", ("a", "b", "c")),
        ("import numpy as np, os.path\nfrom x import y, z as w", ("np", "os", "y", "w")),
        ("_helper = 1\ndef __private(): pass", ()),
        ("f = 1\ndef f(): pass", ("f",)),
        ("def f():\n    inner = 1", ("f",)),
        ("%matplotlib inline\n%time x = 1\ndef f(): pass", ("f",)),
        ("%%time\ndef f(): pass", ("f",)),
        ("def f(:", ()),
        ("", ()),
    ],
)
def test_defined_names(source, names):
    """Functions, classes, assignments and imports at the top level count; private names and magics do not."""
    assert defined_names(source) == names


@pytest.mark.parametrize(
    ("sources", "modules"),
    [
        (["import a, b.c as d", "from e.f import g\nimport a"], ("a", "b.c", "e.f")),
        (["def h():\n    import inner", "if True:\n    from other import *"], ("inner", "other")),
        (["from . import sibling", "from .x import y"], ()),
        (["%matplotlib inline\nimport a", "import b:"], ("a",)),
        ([], ()),
    ],
)
def test_imported_modules(sources, modules):
    """Imports count wherever they stand; relative ones, magics and cells that are not Python do not."""
    assert imported_modules(sources) == modules


def test_who_runs_which_cell(small):
    """Set-up is above the first answer, a test cell is graded, a cell without a grade_id is the learner's own."""
    kinds = [(cell.name, cell.kind) for cell in sort_cells(small.source, small.source)]

    assert kinds == [
        ("setup-tools", "setup"),
        ("double", "answer"),
        ("plain", "test"),
        ("negative", "test"),
        ("total", "answer"),
        ("share", "test"),
        ("free", "own"),
    ]
    assert setup_cells(small.source) == (("setup-tools", "import math"),)


def test_a_locked_cell_below_an_answer_is_no_set_up(small):
    """It runs later, on both sides."""
    source = copy.deepcopy(small.source)
    late = copy.deepcopy(source.cells[1])
    late.metadata.nbgrader.grade_id = "locked-late"
    source.cells.insert(5, late)

    assert {cell.name: cell.kind for cell in sort_cells(source, source)}["locked-late"] == "locked"
    assert [name for name, _ in setup_cells(source)] == ["setup-tools"]


def test_names_are_those_of_the_reference(small):
    """What the learner's answer defines besides, or forgets, changes nothing."""
    handed_in = copy.deepcopy(small.source)
    answer = next(cell for cell in handed_in.cells if cell.get("id") == "id-double")
    answer.source = "extra = 1"

    defines = {cell.name: cell.defines for cell in sort_cells(handed_in, small.source)}
    assert defines["double"] == ("double",)
    assert defines["plain"] == ()


def test_text_cells_run_nowhere(small):
    """Markdown is no cell of the hearing."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("text")])

    assert sort_cells(notebook, small.source) == ()
