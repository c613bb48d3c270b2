"""nbgrader's own commands, run in a course of their own on a notebook that stock nbgrader graded."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.judge.grading import grade
from autograder.judge.nbgrader_feedback import HideTests, without_hidden_tests
from autograder.judge.stock import Stock

ROOT = Path(__file__).resolve().parents[3]
STOCK = """
import sys
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py", path=".").load_config())
for done in (
    api.generate_assignment("01_small"),
    api.autograde("01_small", "ada"),
    api.generate_feedback("01_small", "ada"),
):
    if not done["success"]:
        sys.exit(done.get("error", "") + done.get("log", ""))
"""
COURSE = 'title = "Small"\nmode = "self-study"\nlearner = "ada"\n\n[units]\n"01_small" = { required = true }\n'
EVIL = (
    "from IPython.display import HTML, display\n"
    "display(HTML('<script src=\"https://tracker.example/x.js\"></script>'))\n"
    "print('<b>printed</b>')\n"
    "def double(x):\n    return x + 2"
)


def environ():
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSE_", "PYTEST"))}
    return kept | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def python(folder, *args):
    done = subprocess.run(
        [sys.executable, *args], cwd=folder, env=environ(), capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def graded_by_nbgrader(small, tmp_path_factory):
    """Release, grade and give feedback with stock nbgrader and our root configuration."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "course.toml").write_text(COURSE, encoding="utf-8")
    source = folder / "source" / "01_small" / "assignment.ipynb"
    handed = folder / "var" / "submitted" / "ada" / "01_small" / "assignment.ipynb"
    notebook = small.filled(double=EVIL)
    notebook.cells.append(nbformat.v4.new_markdown_cell("<img src=x onerror=alert(1)> ![x](https://tracker.example/y)"))
    for path, content in ((source, small.source), (handed, notebook)):
        path.parent.mkdir(parents=True)
        nbformat.write(content, path)
    python(folder, "-c", STOCK)
    return folder


@pytest.fixture(scope="module")
def page(graded_by_nbgrader):
    return (graded_by_nbgrader / "var" / "feedback" / "ada" / "01_small" / "assignment.html").read_text("utf-8")


def test_stock_notebook_holds_what_must_be_hidden(graded_by_nbgrader):
    """The notebook that nbgrader graded does hold hidden inputs, frames and a learner's script."""
    text = (graded_by_nbgrader / "var" / "autograded" / "ada" / "01_small" / "assignment.ipynb").read_text("utf-8")

    assert text.count("secret_input") > 3
    assert "tracker.example/x.js" in text


@pytest.mark.parametrize(
    "secret", ["secret_", "HIDDEN TESTS", "Traceback", "Cell In", "AssertionError", "misconception:"]
)
def test_page_shows_no_hidden_test(page, secret):
    """Neither hidden source nor inputs nor frames of a test reach the learner."""
    assert secret not in page


def test_page_says_what_came_out(page):
    """The page names each check with its points and the words of its assert."""
    text = re.sub(r"<[^>]+>|\s+", " ", page)

    assert "a larger number is not doubled yet" in text
    assert "is a number doubled?" in text
    assert re.search(r"Your points\s+2 of 4.5", text)


class Tags(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_page_loads_and_runs_nothing(page):
    """No script, no handler, no address of another host; and a policy that forbids them."""
    tags = Tags(page).found
    addresses = [value for _, attrs in tags for name, value in attrs.items() if name in ("src", "href", "action")]

    assert "default-src 'none'" in page
    assert not {"script", "iframe", "link", "object", "embed", "base", "form"} & {tag for tag, _ in tags}
    assert not any(name.startswith("on") for _, attrs in tags for name in attrs)
    assert all(value.startswith(("#", "data:image/")) for value in addresses)
    assert not re.search(r"@import|url\(", page)


def test_learners_text_is_escaped(page):
    """What a learner printed or wrote is text, not markup."""
    assert "&lt;b&gt;printed&lt;/b&gt;" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_command_writes_the_same_page(graded_by_nbgrader, page):
    """`nbgrader generate_feedback` and formgrader's button give the same page."""
    python(graded_by_nbgrader, "-m", "nbgrader", "generate_feedback", "01_small", "--force")
    written = graded_by_nbgrader / "var" / "feedback" / "ada" / "01_small" / "assignment.html"

    assert written.read_text("utf-8") == page


def test_our_points_are_those_of_stock_nbgrader(small, graded_by_nbgrader):
    """The whole of `nbgrader autograde` and our grade give each check the same points."""
    notebook = nbformat.read(graded_by_nbgrader / "var" / "autograded" / "ada" / "01_small" / "assignment.ipynb", 4)
    checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    handed = (graded_by_nbgrader / "var" / "submitted" / "ada" / "01_small" / "assignment.ipynb").read_bytes()
    found = grade(
        small.submission(handed),
        unit=small.unit,
        source=small.source,
        released=small.released,
        executor=Stock(cell_seconds=120, hidden_seed=""),
    )

    assert [determine_grade(cell) for cell in checks] == [(each.earned, each.points) for each in found.results]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc", "a\nc"),
        ("a\n### BEGIN HIDDEN TESTS\nb", "a"),
        ("a\n### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS", "a"),
        ("a", "a"),
    ],
)
def test_hidden_regions_go_even_if_they_are_broken(source, left):
    """A region that is never closed hides everything after it."""
    assert without_hidden_tests(source) == left


def test_raw_cells_and_unknown_text_become_harmless():
    """A raw cell, which HTML exporters copy into the page, is shown literally."""
    raw = NotebookNode(cell_type="raw", metadata={}, source="<script>alert(1)</script>", id="a")
    shown, _ = HideTests().preprocess(NotebookNode(cells=[raw], metadata=NotebookNode()), {})

    assert (shown.cells[0].cell_type, shown.cells[0].source[:7]) == ("markdown", "```text")
