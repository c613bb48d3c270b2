import copy
import json
import re

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum

from autograder.errors import CourseError, SubmissionError
from autograder.submission.rebuild import rebuild


def rebuilt(small, notebook):
    return rebuild(small.submission(notebook), small.source, small.released)


def order(result):
    return [
        cell.metadata.nbgrader.grade_id if "nbgrader" in cell.metadata else cell.id for cell in result.notebook.cells
    ]


def code(text, **metadata):
    return NotebookNode(cell_type="code", metadata=NotebookNode(metadata), source=text, outputs=[], id="new")


def trusted(small, result):
    """Compare every cell that is not an answer with the course's own."""
    ours = {c.metadata.nbgrader.grade_id: c for c in small.source.cells if "nbgrader" in c.metadata}
    seen = {c.metadata.nbgrader.grade_id: c for c in result.notebook.cells if "nbgrader" in c.metadata}
    assert list(ours) == list(seen)
    for name, cell in seen.items():
        marks = cell.metadata.nbgrader
        for mark in ("points", "grade", "solution", "locked", "task", "schema_version"):
            assert ours[name].metadata.nbgrader.get(mark) == marks.get(mark)
        assert "tags" not in cell.metadata
        assert ours[name].cell_type == cell.cell_type
        if not marks.solution:
            assert ours[name].source == cell.source
    return True


def test_honest_submission_needs_no_repair(small):
    """The answers stand between our own cells, hidden tests included, and nothing is noted."""
    result = rebuilt(small, small.filled())

    assert result.repairs == ()
    assert trusted(small, result)
    assert [(a.name, a.attempted) for a in result.answers] == [("double", True), ("total", True)]
    nbformat.validate(result.notebook)
    MetadataValidator().validate_nb(result.notebook)


def test_checksums_are_those_that_nbgrader_stores(small, cell_of):
    """A locked cell carries the checksum of its source, an answer that of its stub."""
    notebook = rebuilt(small, small.filled()).notebook

    assert compute_checksum(cell_of(notebook, "plain")) == cell_of(notebook, "plain").metadata.nbgrader.checksum
    assert compute_checksum(cell_of(small.released, "double")) == cell_of(notebook, "double").metadata.nbgrader.checksum


def test_released_notebook_is_not_attempted(small):
    """The notebook as released answers nothing."""
    assert [answer.attempted for answer in rebuilt(small, small.released).answers] == [False, False]


def test_comments_and_blanks_are_no_attempt(small, cell_of):
    """A stub with a comment, other blank lines and trailing blanks is still the stub."""
    notebook = small.filled(double=None)
    stub = cell_of(notebook, "double")
    stub.source = "# my plan\n\n" + stub.source.replace("\n", "   \n\n") + "  # later\n"

    assert not rebuilt(small, notebook).answers[0].attempted


def test_same_input_gives_the_same_bytes(small):
    """A rebuild is deterministic."""
    notebook = small.filled()
    notebook.cells.insert(3, code("y = 1"))

    first, second = (nbformat.writes(rebuilt(small, notebook).notebook) for _ in range(2))
    assert first == second


def test_own_cells_stay_behind_the_cell_that_they_follow(small):
    """Cells that the learner added run where the learner put them."""
    notebook = small.filled()
    notebook.cells.insert(4, code("helper = 1", tags=["skip-execution"]))
    result = rebuilt(small, notebook)

    assert order(result)[order(result).index("double") + 1] == "own-2"
    assert {k: v for k, v in result.notebook.cells[4].metadata.items() if k != "course"} == {}
    assert any("skip-execution do nothing" in note for note in result.repairs)


def edit(name, **changes):
    def change(notebook, cell_of):
        cell = cell_of(notebook, name)
        for key, value in changes.items():
            if key in ("source", "cell_type"):
                cell[key] = value
            elif key == "tags":
                cell.metadata.tags = value
            else:
                cell.metadata.nbgrader[key] = value

    return change


def remove(name):
    return lambda notebook, cell_of: notebook.cells.remove(cell_of(notebook, name))


def double_up(name):
    return lambda notebook, cell_of: notebook.cells.append(copy.deepcopy(cell_of(notebook, name)))


def strip_marks(name):
    return lambda notebook, cell_of: cell_of(notebook, name).metadata.pop("nbgrader")


def strip_everything(name):
    def change(notebook, cell_of):
        cell = cell_of(notebook, name)
        cell.pop("id", None)
        cell.metadata = {}

    return change


def reverse(notebook, cell_of):
    notebook.cells.reverse()


def swap_kernel(notebook, cell_of):
    notebook.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}


TAMPERED = {
    "points raised": (edit("plain", points=100), "check plain carried other points"),
    "points as text": (edit("plain", points="1e9"), "check plain carried other points"),
    "check turned into an answer": (edit("plain", solution=True), "check plain carried other points"),
    "check not graded": (edit("plain", grade=False), "check plain carried other points"),
    "answer graded": (edit("double", grade=True, points=50), "answer cell double carried other points"),
    "answer locked": (edit("double", locked=True), "answer cell double carried other points"),
    "old metadata": (edit("plain", schema_version=1), "old version of nbgrader"),
    "check emptied": (edit("plain", source="pass"), "check plain was changed"),
    "statement edited": (edit("double-statement", source="## Free"), "cell double-statement was changed"),
    "setup edited": (edit("setup-tools", source="import os"), "cell setup-tools was changed"),
    "skip-execution on a check": (edit("plain", tags=["skip-execution"]), "'skip-execution'"),
    "raises-exception on a check": (edit("plain", tags=["raises-exception"]), "'raises-exception'"),
    "skip-execution on an answer": (edit("double", tags=["skip-execution"]), "'skip-execution'"),
    "check turned into text": (edit("plain", cell_type="markdown"), "check plain had another cell type"),
    "check turned raw": (edit("plain", cell_type="raw"), "check plain had another cell type"),
    "answer turned into text": (edit("double", cell_type="markdown"), "read as code again"),
    "statement turned into code": (edit("double-statement", cell_type="code"), "read as text again"),
    "check deleted": (remove("plain"), "check plain was missing"),
    "setup deleted": (remove("setup-tools"), "cell setup-tools was missing"),
    "check copied": (double_up("plain"), "check plain stood there 2 times"),
    "check renamed": (edit("plain", grade_id="mine"), "'mine', which this unit does not have|had lost its mark"),
    "answer renamed": (edit("double", grade_id="mine"), "answer cell double had lost its mark"),
    "answer without marks": (strip_marks("double"), "answer cell double had lost its mark"),
    "answer without anything": (strip_everything("double"), "answer cell double had lost its mark"),
    "check without anything": (strip_everything("plain"), "check plain had lost its mark"),
    "all cells reversed": (reverse, "Moved back"),
    "another kernel": (swap_kernel, "kernel 'ir'"),
}


@pytest.mark.parametrize(("change", "note"), TAMPERED.values(), ids=TAMPERED.keys())
def test_everything_but_the_answers_is_repaired_with_a_note(small, cell_of, change, note):
    """Whatever was changed, the trusted cells are ours, the answers are the learner's, and a note says so."""
    notebook = small.filled()
    change(notebook, cell_of)
    result = rebuilt(small, notebook)

    assert trusted(small, result)
    assert [answer.attempted for answer in result.answers] == [True, True]
    assert "return 2 * x" in cell_of(result.notebook, "double").source
    assert any(re.search(note, text) for text in result.repairs), result.repairs
    assert result.notebook.metadata.kernelspec.name == "python3"


def test_deleted_answer_comes_back_as_released(small, cell_of):
    """A deleted answer is the stub again and not attempted."""
    notebook = small.filled()
    remove("double")(notebook, cell_of)
    result = rebuilt(small, notebook)

    assert [answer.attempted for answer in result.answers] == [False, True]
    assert cell_of(small.released, "double").source == cell_of(result.notebook, "double").source


def test_of_two_copies_the_written_one_is_the_answer(small, cell_of):
    """A copy that is still the stub does not undo the one that was written."""
    notebook = small.filled()
    double_up("double")(notebook, cell_of)
    notebook.cells[-1].source = cell_of(small.released, "double").source
    result = rebuilt(small, notebook)

    assert "return 2 * x" in cell_of(result.notebook, "double").source
    assert not any("NotImplementedError" in cell.source for cell in result.notebook.cells)
    assert any("differs from the released cell was used" in note for note in result.repairs)


def test_of_two_written_copies_both_run_and_the_last_counts(small, cell_of):
    """Two written copies run in the learner's order, and the learner is told which one counts."""
    notebook = small.filled()
    double_up("double")(notebook, cell_of)
    notebook.cells[-1].source = "def double(x):\n    return x + x"
    result = rebuilt(small, notebook)
    sources = [cell.source for cell in result.notebook.cells]

    assert "return x + x" in cell_of(result.notebook, "double").source
    assert sources.index("def double(x):\n    return 2 * x") < sources.index("def double(x):\n    return x + x")
    assert any("last definition counts" in note for note in result.repairs)


def test_split_answer_keeps_both_halves(small, cell_of):
    """JupyterLab's "split cell" leaves two cells with one grade_id; neither half is lost."""
    notebook = small.filled(double="factor = 2")
    at = notebook.cells.index(cell_of(notebook, "double"))
    half = copy.deepcopy(notebook.cells[at])
    half.source, half.id = "def double(x):\n    return factor * x", "other"
    notebook.cells.insert(at + 1, half)
    sources = [cell.source for cell in rebuilt(small, notebook).notebook.cells]

    assert sources.index("factor = 2") + 1 == sources.index(half.source)


def test_answer_in_a_cell_of_its_own_is_an_attempt(small):
    """A function written in an added cell below the untouched stub counts as an attempt."""
    notebook = small.filled(double=None)
    notebook.cells.insert(4, code("def double(x):\n    return 2 * x"))

    assert rebuilt(small, notebook).answers[0].attempted


def test_twenty_one_copies_are_refused(small, cell_of):
    """A notebook with endless copies of one answer is refused instead of compared."""
    notebook = small.filled()
    for _ in range(20):
        double_up("double")(notebook, cell_of)

    with pytest.raises(SubmissionError, match="21 times"):
        rebuilt(small, notebook)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](https://tracker.example/a.png)",
        "[x](javascript:alert(1))",
        "[x][a]\n\n[a]: javascript:alert(1)",
        "<img src=x onerror=alert(1)>",
        "$\\href{javascript:alert(1)}{x}$",
        "```\n<b>\n```",
    ],
)
def test_own_text_that_could_load_or_run_is_shown_literally(small, text):
    """A learner's Markdown with HTML, images or odd links becomes a fenced block."""
    notebook = small.filled()
    notebook.cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
    shown = rebuilt(small, notebook).notebook.cells[-1].source

    assert shown.startswith("```")
    assert text in shown


def test_outputs_and_attachments_are_dropped(small, cell_of):
    """Nothing that the learner's kernel or editor stored survives."""
    notebook = small.filled()
    cell_of(notebook, "double").outputs = [{"output_type": "display_data", "data": {"text/html": "<script>"}}]
    notebook.cells.append({"cell_type": "markdown", "metadata": {}, "source": "a", "attachments": {"x": {}}})
    text = json.dumps(rebuilt(small, notebook).notebook)

    assert "<script>" not in text
    assert "attachments" not in text


def test_source_and_release_must_belong_together(small):
    """A release that lacks a cell of the source is the author's fault."""
    released = copy.deepcopy(small.released)
    del released.cells[3]

    with pytest.raises(CourseError, match="course build"):
        rebuild(small.submission(small.filled()), small.source, released)
