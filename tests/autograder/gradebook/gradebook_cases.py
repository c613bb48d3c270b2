"""A small made-up unit and its grades, for the tests of gradebook and classroom."""

import copy
import hashlib
from datetime import UTC, datetime

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.model import Answer, CheckResult, Grade, Outcome, Submission
from autograder.settings import Settings, UnitSetting

UNIT = "01_small"
SUITE = "d" * 64
POINTS = {"area_of_two": 2.0, "area_of_zero": 1.0, "area_shares": 2.0}


def grader_cell(cell, grade_id, *, grade=False, solution=False, locked=True, points=None, **course):
    cell.id = grade_id.replace("_", "-")
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    if course:
        cell.metadata["course"] = course
    return cell


def check(name, body):
    about = {"kind": "check", "exercise": "area", "title": f"is {name} right?", "visible": "HIDDEN" not in body}
    return grader_cell(new_code_cell(body), name, grade=True, points=POINTS[name], **about)


def source_notebook():
    """Build the instructor's notebook: one answer, three checks of which one gives partial credit, one essay."""
    hidden = "### BEGIN HIDDEN TESTS\nassert area(0) == 0, 'nothing'\n### END HIDDEN TESTS"
    cells = [
        new_markdown_cell("# Small", id="title"),
        grader_cell(new_code_cell("factor = 1"), "setup-small", kind="setup"),
        grader_cell(
            new_markdown_cell("## Area"), "area-statement", kind="statement", exercise="area", title="Area", minutes=5
        ),
        grader_cell(
            new_code_cell("def area(side):\n    ### BEGIN SOLUTION\n    return side * side\n    ### END SOLUTION"),
            "area",
            solution=True,
            locked=False,
            kind="answer",
            exercise="area",
        ),
        check("area_of_two", "assert area(2) == 4, 'two'"),
        check("area_of_zero", f"# area of zero\n{hidden}"),
        check("area_shares", "float(sum(area(side) == side * side for side in (0, 1, 2, 3)) / 2)"),
        grader_cell(new_markdown_cell("Why?"), "why", grade=True, solution=True, locked=False, points=3.0),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["course"] = {"title": "Small", "question": "How large?", "minutes": 10}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def answered(released, source=None, essay=None):
    """Write a learner's answers into a released notebook."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id == "area" and source is not None:
            cell.source = source
        if grade_id == "why" and essay is not None:
            cell.source = essay
    return notebook


def small_settings(root, **changes):
    (root / "source" / UNIT).mkdir(parents=True, exist_ok=True)
    nbformat.write(source_notebook(), root / "source" / UNIT / "assignment.ipynb")
    fields = {
        "root": root,
        "units": (UnitSetting(name=UNIT),),
        "db_url": f"sqlite:///{root / 'var' / 'gradebook.db'}",
    }
    return Settings(**(fields | changes))


def submission(learner="ada", data=b'{"cells": []}', *, unit=UNIT, hour=12):
    moment = datetime(2026, 3, 1, hour, tzinfo=UTC)
    return Submission(
        learner=learner,
        unit=unit,
        notebook=data,
        sha256=hashlib.sha256(data).hexdigest(),
        submitted_at=moment,
        received_at=moment,
    )


def result(name, earned, outcome=None):
    points = POINTS[name]
    if outcome is None:
        outcome = Outcome.PASSED if earned == points else Outcome.WRONG if earned == 0 else Outcome.PARTIAL
    return CheckResult(
        check=name,
        exercise="area",
        outcome=outcome,
        earned=earned,
        points=points,
        message="" if earned == points else f"{name}: got 3",
        masked_message="" if earned == points else f"{name}: got #",
        misconception=None if earned else "side_doubled",
        next_step="" if earned == points else "Draw a square of side 2.",
        cpu_seconds=0.01,
        wall_seconds=0.02,
        peak_bytes=1000,
    )


def grade(handed_in=None, *, earned=(2.0, 1.0, 2.0), attempted=True, autograded=b'{"ran": true}', repairs=()):
    return Grade(
        submission=handed_in or submission(),
        results=tuple(result(name, points) for name, points in zip(POINTS, earned, strict=True)),
        answers=(
            Answer(name="area", source="", attempted=attempted),
            Answer(name="why", source="", attempted=attempted),
        ),
        repairs=repairs,
        autograded=autograded,
        suite_digest=SUITE,
        grader_version="test",
        mode="nbgrader",
        wall_seconds=0.5,
        cpu_seconds=0.25,
        peak_bytes=5000,
    )
