"""The module in a real kernel, as JupyterLab and nbgrader run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.usefixtures("small_course")

CELLS = (
    "import exercises\nfrom exercises import hint, quiz, submit\nfrom exercises.testing import in_fresh_process",
    "def prequential(rows):\n    return len(rows) - 1",
    "# Check plain_case (2 points): is it right?\nassert prequential([]) == -1, 'a'\nassert prequential([1]) == 1, 'b'",
    "# Check weights (2 points): hidden?\n# This check runs when you submit.",
    "quiz('01.predict_july')",
    "hint('prequential')",
    "in_fresh_process('prequential', [1, 2, 3], hash_seed=4)",
    "submit()",
)


def _execute(folder: Path, *, allow_errors: bool = False) -> Any:
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        startup_timeout=600,  # a kernel may start slowly, and what it shows may come late
        iopub_timeout=600,
        allow_errors=allow_errors,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    nbformat.validate(notebook)
    return notebook


def _texts(cell: Any) -> list[str]:
    return [output.data["text/plain"] for output in cell.outputs if output.output_type != "stream"]


def test_kernel_shows_cards_that_survive_export(small_course: Path):
    """In a kernel every cell ends in its card, none raises, and the exported page loads nothing from outside."""
    notebook = _execute(small_course / "var/work/01_training")
    firsts = [_texts(cell)[0].partition("\n")[0] if _texts(cell) else "" for cell in notebook.cells]

    assert firsts == [
        "",
        "",
        "\u2192 Not yet - b.",
        "i Runs when you submit - this check shows no code. The visible checks above tell whether you are on the way.",
        "i Which mean probability?",
        "i Hint 1 of 3 - Score before you learn",
        "2",
        "\u2192 Save the notebook first (Ctrl+S) - There is no "
        f"{small_course}/var/work/01_training/assignment.ipynb yet; `course start` makes it.",
    ]
    card = notebook.cells[2].outputs[0]
    assert card.metadata["course"] == {
        "check": "plain_case",
        "outcome": "not yet",
        "attempt": 1,
        "held": 1,
        "asserts": 2,
    }
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert "course-card" in page
    assert "http" not in page


def test_grader_sees_plain_asserts(small_course: Path, monkeypatch: pytest.MonkeyPatch):
    """Under nbgrader checks raise, helpers of tests work, and hints, quiz and submit stay silent."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    notebook = _execute(small_course / "var/work/01_training", allow_errors=True)
    kinds = [[output.output_type for output in cell.outputs] for cell in notebook.cells]

    assert kinds == [[], [], ["error"], [], [], [], ["execute_result"], []]
    assert notebook.cells[2].outputs[0].evalue == "b"
    assert not (small_course / "progress.sqlite").exists()
