"""Stock nbgrader is the measure: our rows equal its own, and its tools read and overwrite ours."""

import csv
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from gradebook_cases import SUITE, UNIT, answered, small_settings
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import determine_grade, is_grade, is_solution, parse_utc
from sqlalchemy import create_engine, text
from traitlets.config import Config

from autograder.gradebook.queries import Queries
from autograder.gradebook.writer import Writer
from autograder.model import Answer, CheckResult, Grade, Outcome
from autograder.submission.intake import read_submission

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAMPS = {"ada": "2026-03-01 13:30:00.250000 UTC", "bob": "2026-03-01 10:00:00 UTC", "cy": "2026-03-01 06:00:00 EST"}
ANSWERS = {
    "ada": ("def area(side):\n    return side * side", "Because."),  # right, and late
    "bob": ("def area(side):\n    return side + 2", None),  # half right, no essay
    "cy": (None, None),  # as it was released
}
CONFIG = """
from pathlib import Path
c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).resolve().parent / 'var' / 'gradebook.db'}"
for step in ("release", "submitted", "autograded", "feedback"):
    setattr(c.CourseDirectory, f"{step}_directory", f"var/{step}")
c.ClearSolutions.code_stub = {"python": "# Your code here"}
c.LateSubmissionPlugin.penalty_method = "zero"
"""
TABLES = {
    "assignment": "SELECT name, duedate FROM assignment",
    "notebook": "SELECT name, kernelspec FROM notebook",
    "cells": "SELECT name, type FROM base_cell",
    "grade_cells": "SELECT name, max_score, cell_type FROM grade_cells JOIN base_cell USING (id)",
    "source_cells": "SELECT name, cell_type, locked, source, checksum FROM source_cell",
    "submissions": "SELECT student_id, timestamp, extension FROM submitted_assignment",
    "notebooks": "SELECT student_id, flagged, late_submission_penalty FROM submitted_notebook "
    "JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id",
    "grades": "SELECT student_id, name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade "
    "JOIN base_cell ON base_cell.id = cell_id JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id "
    "JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id",
    "comments": "SELECT student_id, name, auto_comment, manual_comment FROM comment "
    "JOIN base_cell ON base_cell.id = cell_id JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id "
    "JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id",
}


def rows(root):
    engine = create_engine(f"sqlite:///{root / 'var' / 'gradebook.db'}")
    with engine.connect() as conn:
        found = {name: sorted(map(repr, conn.execute(text(query)))) for name, query in TABLES.items()}
    engine.dispose()
    return found


def nbgrader(root, *arguments):
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def submit_all(root, released):
    for learner, (code, essay) in ANSWERS.items():
        folder = root / "var" / "submitted" / learner / UNIT
        folder.mkdir(parents=True)
        nbformat.write(answered(released, code, essay), folder / "assignment.ipynb")
        (folder / "timestamp.txt").write_text(STAMPS[learner])


def as_graded(settings, learner, autograded):
    """Make of a notebook that ran the grade that the judge would."""
    code, essay = ANSWERS[learner]
    stamp = parse_utc(STAMPS[learner]).replace(tzinfo=UTC)
    handed_in = read_submission(
        settings.submitted / learner / UNIT / "assignment.ipynb",
        learner=learner,
        unit=UNIT,
        submitted_at=stamp,
        received_at=stamp,
        max_bytes=10**7,
    )
    results = []
    for cell in nbformat.reads(autograded, as_version=4).cells:
        if is_grade(cell) and not is_solution(cell):
            earned, points = determine_grade(cell)
            outcome = Outcome.PASSED if earned == points else Outcome.PARTIAL if earned else Outcome.WRONG
            name = cell.metadata.nbgrader.grade_id
            results.append(CheckResult(check=name, exercise="area", outcome=outcome, earned=earned, points=points))
    return Grade(
        submission=handed_in,
        results=tuple(results),
        answers=(
            Answer(name="area", source="", attempted=code is not None),
            Answer(name="why", source="", attempted=essay is not None),
        ),
        autograded=autograded,
        suite_digest=SUITE,
    )


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Make a course that only stock nbgrader graded."""
    root = tmp_path_factory.mktemp("stock")
    small_settings(root)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "var").mkdir()
    nbgrader(root, "generate_assignment", UNIT)
    with Gradebook(f"sqlite:///{root / 'var' / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=DUE)
    submit_all(root, nbformat.read(root / "var" / "release" / UNIT / "assignment.ipynb", as_version=4))
    nbgrader(root, "autograde", UNIT)
    return root


@pytest.fixture(scope="module")
def ours(tmp_path_factory, stock):
    """Make the same course, written by our writer."""
    root = tmp_path_factory.mktemp("ours")
    settings = small_settings(root, due={UNIT: DUE})
    (root / "nbgrader_config.py").write_text(CONFIG)
    submit_all(root, nbformat.read(stock / "var" / "release" / UNIT / "assignment.ipynb", as_version=4))
    with Writer(settings) as writer:
        writer.save_unit(UNIT, nbformat.read(root / "source" / UNIT / "assignment.ipynb", as_version=4), SUITE)
        for learner in ANSWERS:
            ran = stock / "var" / "autograded" / learner / UNIT / "assignment.ipynb"
            writer.record(as_graded(settings, learner, ran.read_bytes()))
    return root


@pytest.mark.parametrize("table", TABLES)
def test_our_rows_equal_those_of_stock_nbgrader(stock, ours, table):
    """Cells, scores, needs of a person, comments, times and late penalty are the same."""
    assert rows(ours)[table] == rows(stock)[table]


def test_the_scores_are_those_that_were_meant(stock):
    """The comparison compares something: a right, a half right and an empty submission differ."""
    found = set(rows(stock)["grades"])

    assert {
        "('ada', 'area_of_zero', 1.0, None, None, 0)",
        "('ada', 'why', None, None, None, 1)",
        "('bob', 'area_of_zero', 0.0, None, None, 0)",
        "('bob', 'area_shares', 0.5, None, None, 0)",
        "('cy', 'area_of_two', 0.0, None, None, 0)",
        "('cy', 'why', 0.0, None, None, 0)",
    } <= found


def test_the_late_one_loses_by_the_plugin_and_still_is_late_in_our_table(ours):
    """The penalty is nbgrader's plugin's; the seconds are ours to show."""
    with Queries(small_settings(ours)) as queries:
        found = queries.latest_attempt("ada", UNIT)

    assert (found.late_seconds, found.late_penalty, found.final_score) == (5400.25, 5.0, 5.0)


def test_a_later_stock_run_on_our_gradebook_changes_nothing(ours):
    """An instructor may go on with nbgrader alone."""
    before = rows(ours)
    nbgrader(ours, "autograde", UNIT, "--student", "bob", "--force")

    assert rows(ours) == before


def test_stock_feedback_and_export_read_our_rows(ours, tmp_path):
    """The pages show the score; the table has a line for each learner."""
    nbgrader(ours, "generate_feedback", UNIT, "--student", "ada")
    nbgrader(ours, "export", "--to", str(tmp_path / "grades.csv"))
    page = (ours / "var" / "feedback" / "ada" / UNIT / "assignment.html").read_text(encoding="utf-8")
    with (tmp_path / "grades.csv").open() as file:
        scores = {row["student_id"]: (row["raw_score"], row["score"], row["max_score"]) for row in csv.DictReader(file)}

    assert "(Score: 0.0 / 8.0" in page
    assert scores == {"ada": ("5.0", "0.0", "8.0"), "bob": ("2.5", "2.5", "8.0"), "cy": ("0.0", "0.0", "8.0")}


def test_formgraders_interface_reads_our_rows(ours):
    """Formgrader lists the assignment and each submission with its score."""
    config = Config()
    config.CourseDirectory.root = str(ours)
    config.CourseDirectory.db_url = f"sqlite:///{ours / 'var' / 'gradebook.db'}"
    for step in ("release", "submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = f"var/{step}"
    interface = NbGraderAPI(CourseDirectory(config=config), config=config)
    assignment = interface.get_assignment(UNIT)
    submissions = {each["student"]: each for each in interface.get_submissions(UNIT)}

    found = {
        name: (each["score"], each["needs_manual_grade"], each["autograded"]) for name, each in submissions.items()
    }

    assert (assignment["max_score"], assignment["num_submissions"]) == (8.0, 3)
    assert found == {"ada": (5.0, True, True), "bob": (2.5, False, True), "cy": (0.0, False, True)}
