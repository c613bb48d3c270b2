"""The command `course` as people type it: in the real course, with everything written elsewhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder import cli

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01_training"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Run the command in the real course with a var/ of its own; returns (exit status, stdout, stderr)."""
    var = tmp_path_factory.mktemp("var")
    environ = {**os.environ, "COURSE_VAR": str(var), "COURSE_LEARNER": "ada", "COURSE_PROGRESS": str(var / "progress")}

    def run(*words, cwd=ROOT, **changes):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=cwd,
            env=environ | changes,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    run.var = var
    return run


@pytest.fixture(scope="module")
def working_copy(course):
    """Put the exercises of unit 01, unanswered, where `course start` puts them."""
    status, said, _ = course("reset", "1")
    assert status == 0
    assert "A fresh copy is in place." in said
    return course.var / "work" / UNIT / "assignment.ipynb"


@pytest.fixture(scope="module")
def solved(course, working_copy):
    """Answer every exercise with the course's own solutions and hand in."""
    source = nbformat.read(ROOT / "source" / UNIT / "assignment.ipynb", as_version=4)
    answers = {cell.metadata.nbgrader.grade_id: cell.source for cell in source.cells if _is_answer(cell)}
    notebook = nbformat.read(working_copy, as_version=4)
    for cell in notebook.cells:
        if _is_answer(cell):
            cell.source = answers[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, working_copy)
    return course("submit", UNIT, "--json")


def _is_answer(cell):
    return cell.metadata.get("nbgrader", {}).get("solution", False)


def test_no_word_shows_what_there_is(course):
    """The help lists the commands."""
    _, said, _ = course("--help")

    assert all(word in said for word in ("start", "submit", "grade", "calibrate", "feedback"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("submit", "99"), "no unit '99'; course.toml lists 00_start_here, 01_training"),
        (("submit", "00"), "00_start_here: has a lesson only"),
        (("reset", "00"), "00_start_here: has a lesson only"),
        (("release", "00"), "00_start_here: has a lesson only, so there is nothing to release"),
        (("grade", "nonsense"), "no unit 'nonsense'"),
        (("new-unit", "training"), "training"),
    ],
)
def test_a_wrong_word_is_answered_in_one_line(course, words, message):
    """Exit status 2, what and where, and no stack trace."""
    status, said, complained = course(*words)

    assert status == 2
    assert message in complained
    assert "Traceback" not in said + complained


def test_outside_a_course_the_command_says_where_to_go(course):
    """Nobody is left with a stack trace in the wrong folder."""
    status, _, complained = course("status", cwd="/")

    assert status == 2
    assert "run the command inside the course's folder" in complained


@pytest.mark.parametrize("command", ["submit", "grade", "status", "feedback"])
def test_a_damaged_gradebook_is_named_in_one_line(course, working_copy, tmp_path, command):
    """No command answers a file that is no database with a traceback."""
    gradebook = tmp_path / "gradebook.db"
    gradebook.write_bytes(b"no database" * 1000)
    status, _, told = course(command, *(["1"] if command != "status" else []), COURSE_DB_URL=f"sqlite:///{gradebook}")

    assert status == 2
    assert "Traceback" not in told
    assert f"course: {gradebook}: is no gradebook" in told


@pytest.mark.parametrize("address", ["nonsense", "nosuch://host/name", "mysql://host/name"])
def test_an_address_of_no_database_is_told_in_one_line(course, address):
    """A misspelt db_url is the operator's to mend."""
    status, _, told = course("grade", "1", COURSE_DB_URL=address)

    assert status == 2
    assert "Traceback" not in told
    assert "course: db_url" in told


def test_a_disk_that_refuses_is_told_in_one_line(course, tmp_path):
    """The line names the place; a file stands where a folder should."""
    (tmp_path / "var").write_text("no folder")
    status, _, told = course("release", "1", COURSE_VAR=str(tmp_path / "var"))

    assert (status, told.splitlines()) == (
        2,
        [f"course: {tmp_path / 'var' / 'release' / UNIT}: Not a directory; mend that, then type the command again"],
    )


@pytest.mark.parametrize("command", ["check", "submit"])
def test_without_a_working_copy_the_commands_that_make_one_are_named(course, tmp_path, command):
    """Before `course start` there is none, and nothing is said of links."""
    status, _, complained = course(command, "02", COURSE_VAR=str(tmp_path))
    place = tmp_path / "work" / "02_inference" / "assignment.ipynb"

    assert (status, complained.splitlines()) == (
        2,
        [f"course: {place}: there is no working copy yet; `course start` or `course reset 02` makes one"],
    )


@pytest.mark.parametrize("command", ["check", "submit"])
def test_a_broken_working_copy_is_named_with_the_way_out(course, tmp_path, command):
    """JSON that ends early: which file it is, and the command that puts a fresh one in its place."""
    place = tmp_path / "work" / "02_inference" / "assignment.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text('{"cells": [', encoding="utf-8")
    status, _, complained = course(command, "02", COURSE_VAR=str(tmp_path))

    assert (status, complained.startswith(f"course: {place}: "), "`course reset 02`" in complained) == (2, True, True)


@pytest.mark.parametrize("content", [None, '{"cells": ['])
def test_no_server_is_started_for_a_working_copy_that_cannot_be_graded(monkeypatch, tmp_path, content):
    """Submitting looks at the file first; what is wrong with it does not wait for servers."""
    place = tmp_path / "work" / "02_inference" / "assignment.ipynb"
    if content:
        place.parent.mkdir(parents=True)
        place.write_text(content, encoding="utf-8")
    started = []
    monkeypatch.setattr("autograder.judge.pool.Pool.start_ahead", lambda *_, **__: started.append("servers"))
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli.app, ["submit", "02", "--json"], env={"COURSE_VAR": str(tmp_path)})

    assert (done.exit_code, started) == (2, [])
    assert json.loads(done.output)["reason"].startswith(f"{place}: ")


def test_release_without_a_name_passes_over_units_without_exercises(course, tmp_path):
    """Unit 00 is a lesson, and the others are written."""
    status, said, _ = course("release", COURSE_VAR=str(tmp_path))
    units = [Path(line).parent.name for line in said.splitlines()]

    assert (status, units[:2], "00_start_here" in units) == (0, ["01_training", "02_inference"], False)


def test_an_unanswered_notebook_is_not_started(course, working_copy):
    """The visible checks say so, in words and by exit status 1."""
    status, said, _ = course("check", "01")

    assert working_copy.exists()
    assert status == 1
    *lines, last = said.strip().splitlines()
    assert {line.split("  ")[0] for line in lines} == {"Not started"}
    assert last == f"0 of {len(lines)} visible checks passed"


def test_hints_and_questions_work_without_a_notebook(course):
    """A learner with a screen reader never needs JupyterLab."""
    said = course("hint", "retrain_plan")[1]
    assert ("Hint 1 of 3" in said, "with `course hint retrain_plan`" in said) == (True, True)
    assert "July" in course("quiz", "01.predict_july")[1]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("hint", "typo"), 2, "There is no exercise 'typo'"),
        (("solution", "typo"), 2, "There is no exercise 'typo'"),
        (("quiz", "01.x", "a"), 2, "There is no question '01.x'"),
        (("quiz", "01.predict_july", "z"), 2, "'z' is no answer to 01.predict_july"),
        (("solution", "retrain_plan"), 1, "The solution is not open yet: it opens when"),
    ],
)
def test_what_is_not_shown_is_told_aside(course, tmp_path, words, status, message):
    """An unknown name exits with 2, a closed solution with 1; nothing stands where the answer would."""
    exited, said, complained = course(*words, COURSE_PROGRESS=str(tmp_path / "progress"))

    assert (exited, said, message in complained) == (status, "", True)


def test_a_terminal_is_told_the_command_that_answers_a_question(course):
    """No notebook runs there, so no call of Python is asked for."""
    said = course("quiz", "01.predict_july")[1]

    assert ("Answer with `course quiz 01.predict_july a`" in said, "quiz(" in said) == (True, False)


def test_right_answers_pass_and_every_check_is_named(solved):
    """The reply holds a receipt, all points and one row a check."""
    status, said, _ = solved
    told = json.loads(said)

    assert status == 0
    assert (told["state"], told["passed"], told["earned"], told["points"]) == ("graded", True, 18.0, 18.0)
    assert len(told["receipt"]["sha256"]) == 64
    assert {check["outcome"] for check in told["checks"]} == {"passed"}
    assert all(check["title"].endswith("?") for check in told["checks"])


def test_status_knows_what_was_passed(course, solved):
    """After a pass the unit says so."""
    assert solved[0] == 0
    assert "01  Static versus dynamic training: passed, last submission 18 of 18 points" in course("status")[1]


def test_feedback_pages_are_written_in_nbgraders_layout(course, solved):
    """LEARNER/UNIT/assignment.html, complete in itself."""
    status, said, _ = course("feedback", "01")
    page = (course.var / "feedback" / "ada" / UNIT / "assignment.html").read_text(encoding="utf-8")

    assert solved[0] == status == 0
    assert said.startswith("1 pages in")
    assert "Static versus dynamic training" in page
    assert "BEGIN HIDDEN TESTS" not in page


def test_grading_again_changes_nothing(course, solved):
    """What was graded by the same tests is answered from the gradebook."""
    status, said, _ = course("grade", "01")

    assert solved[0] == status == 0
    assert "1 unchanged" in said


def test_a_class_without_submissions_is_told_where_was_looked(course, tmp_path):
    """Nothing to do is no error; the line names the place."""
    status, said, _ = course("grade", "01", COURSE_VAR=str(tmp_path))
    place = tmp_path / "submitted" / "LEARNER" / UNIT / "assignment.ipynb"

    assert (status, said.splitlines()) == (0, [f"{UNIT}: nothing was handed in; looked for {place}"])


def test_feedback_for_somebody_without_a_grade_is_work_left(course, solved):
    """Exit status 1, and the line says whose page is missing and what to do first."""
    status, _, complained = course("feedback", "01", "--learner", "zoe", "--learner", "ada")

    assert solved[0] == 0
    assert (status, complained.splitlines()) == (
        1,
        [f"course: nothing of zoe was graded in {UNIT}; run `course grade` first"],
    )


@pytest.mark.parametrize(("mode", "secret", "warnings"), [("class", "", 1), ("class", "x", 0), ("self-study", "", 0)])
def test_grading_a_class_with_public_inputs_warns_in_one_line(tmp_path, monkeypatch, mode, secret, warnings):
    """It goes on, and the line names COURSE_SECRET and how to grade again; with a secret it says nothing."""
    (tmp_path / "course.toml").write_text(f'mode = "{mode}"\n', encoding="utf-8")
    for name, value in (("COURSE_ROOT", tmp_path), ("COURSE_VAR", tmp_path / "var"), ("COURSE_SECRET", secret)):
        monkeypatch.setenv(name, str(value))
    result = CliRunner().invoke(cli.app, ["grade"])
    lines = [line for line in result.stderr.splitlines() if line.startswith("Warning: COURSE_SECRET is not set")]

    assert (result.exit_code, len(lines), all("course grade --force" in line for line in lines)) == (0, warnings, True)


def test_one_broken_notebook_is_one_line_and_the_rest_is_graded(course, solved):
    """The exit status says that work is left, the line says whose and why."""
    broken = course.var / "submitted" / "bo" / UNIT
    broken.mkdir(parents=True)
    (broken / "assignment.ipynb").write_text('{"cells": [', encoding="utf-8")
    status, said, complained = course("grade", "01")
    shutil.rmtree(broken.parent)

    assert solved[0] == 0
    assert status == 1
    assert "1 refused" in said
    assert "bo" in complained


def test_release_holds_no_secret(course):
    """What learners get has neither solutions nor hidden tests."""
    status, said, _ = course("release", "01")
    text = Path(said.strip()).read_text(encoding="utf-8")

    assert status == 0
    assert "HIDDEN TESTS" not in text
    assert "BEGIN SOLUTION" not in text


def test_brackets_in_a_message_are_shown(capsys):
    """A message that holds brackets reaches the learner whole: brackets are no markup."""
    message = "merge keys datetime64[ns, America/New_York] and datetime64[us, UTC], or [/] alone"
    row = {"check": "one", "outcome": "error", "message": message, "next_step": "", "earned": 0.0, "points": 1.0}
    receipt = {"unit": "01", "submitted_at": "now", "sha256": "0"}
    told = {"receipt": receipt, "state": "graded", "checks": [row], "passed": False, "earned": 0.0, "points": 1.0}

    cli._print_submission(told | {"badge": None, "repairs": []})

    shown = "".join(capsys.readouterr().out.replace("\u2502", " ").split())
    words = message.split()
    assert [word for word in words if word not in shown] == []
