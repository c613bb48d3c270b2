"""What the tests of the lessons share: reading a lesson, running it once, and finding what it printed."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import jupytext
from nbclient import NotebookClient
from nbformat import NotebookNode

COURSE = Path(__file__).resolve().parents[2] / "course"
# a kernel may start slowly, and what it shows may come late: the client's own 60 and 4 seconds ask for speed
PATIENT = {"timeout": 600, "startup_timeout": 600, "iopub_timeout": 600, "kernel_name": "python3"}


@dataclass(frozen=True)
class RunLesson:
    """A lesson after one run in a folder of its own."""

    notebook: NotebookNode
    folder: Path

    @property
    def text(self) -> str:
        """All that the cells printed, in order."""
        outputs = [output for cell in self.code for output in cell.outputs]
        return "".join(output.text for output in outputs if output.output_type == "stream")

    @property
    def html(self) -> list[str]:
        """Every HTML output."""
        return [output.data["text/html"] for output in self._shown if "text/html" in output.data]

    @property
    def figures(self) -> list[str]:
        """The HTML of every figure."""
        return [html for html in self.html if html.startswith("<figure")]

    @property
    def code(self) -> list[NotebookNode]:
        """The code cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def _shown(self) -> list[NotebookNode]:
        return [output for cell in self.code for output in cell.outputs if "data" in output]

    def numbers(self, pattern: str) -> list[float]:
        """Find the groups of *pattern* in the printed text as numbers; fails if it was not printed."""
        match = re.search(pattern, self.text)
        assert match, f"the lesson never printed {pattern!r}"
        return [float(group.replace(",", "")) for group in match.groups()]


def read_lesson(unit: str) -> NotebookNode:
    """Read the lesson of *unit* as a notebook without outputs."""
    return jupytext.reads((COURSE / unit / "lesson.py").read_text(encoding="utf-8"), fmt="py:percent")


def read_quiz(unit: str) -> dict:
    """Read the questions of *unit*."""
    return tomllib.loads((COURSE / unit / "quiz.toml").read_text(encoding="utf-8"))


def run_lesson(unit: str, folder: Path, monkeypatch) -> RunLesson:
    """Run the lesson of *unit* in *folder*, which plays the learner's."""
    content = folder / ".content"
    content.mkdir()
    (content / f"{unit}.json").write_text(json.dumps({"unit": unit, "quiz": read_quiz(unit)}), encoding="utf-8")
    monkeypatch.setenv("COURSE_CONTENT", str(content))
    monkeypatch.setenv("COURSE_PROGRESS", str(folder / ".progress.sqlite"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    notebook = read_lesson(unit)
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, **PATIENT)
    return RunLesson(notebook=client.execute(), folder=folder)


def split(notebook: NotebookNode) -> SimpleNamespace:
    """Part a lesson into the sources of its prose and its code cells."""
    return SimpleNamespace(
        prose=[cell.source for cell in notebook.cells if cell.cell_type == "markdown"],
        code=[cell.source for cell in notebook.cells if cell.cell_type == "code"],
    )
