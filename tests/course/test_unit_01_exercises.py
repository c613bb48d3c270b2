"""Unit 01's exercises: what the calibration of every unit does not ask."""

import re
from pathlib import Path

import pytest

from autograder.authoring.mistakes import read_mistakes
from autograder.authoring.percent import ANSWER_TAGS, ASSIGNMENT_TAGS, read_document

FOLDER = Path(__file__).resolve().parents[2] / "course" / "01_training"
CELLS = read_document(FOLDER / "assignment.py", ASSIGNMENT_TAGS).cells
MISTAKES = read_mistakes(FOLDER)
STATEMENTS = [cell for cell in CELLS if cell.kind == "exercise"]
NAMED = re.compile(r'because\(\s*"([a-z0-9_]+)"')
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def second_solution():
    document = read_document(FOLDER / "alternative.py", ANSWER_TAGS)
    return {cell.name: cell.source for cell in document.cells}


def run_all(answers):
    """Run set-up, answers and checks in one namespace, as a notebook does."""
    namespace = {"__name__": "__main__"}
    for cell in CELLS:
        if cell.kind in {"setup", "check", "hidden"}:
            exec(compile(cell.source, cell.where, "exec"), namespace)
        elif cell.kind == "answer":
            exec(compile(answers.get(cell.name, cell.source), cell.where, "exec"), namespace)


def sentences(text):
    """Split prose into sentences; tables, drawings and code spans count as nothing, a code span as one word."""
    prose = re.sub(r"`[^`\n]+`", "code", FENCE.sub("", text))
    prose = "\n".join(line for line in prose.splitlines() if not line.startswith(("|", "#", "*Sources")))
    blocks = re.split(r"\n\s*\n|\n(?=- )", prose)
    return [sentence for block in blocks for sentence in re.split(r"(?<=[.:?!])\s+", block.replace("\n", " "))]


@pytest.mark.parametrize("secret", [f"secret {number}" for number in range(8)])
@pytest.mark.parametrize("answers", [{}, second_solution()], ids=["reference", "alternative"])
def test_no_secret_accuses_a_right_answer(monkeypatch, secret, answers):
    """Whatever hidden inputs an instructor's secret draws, a right answer passes every check."""
    monkeypatch.setenv("COURSE_HIDDEN_SEED", secret)

    run_all(answers)


def test_every_named_misconception_has_its_wrong_answer():
    """A check names exactly the misconceptions that mistakes/ demonstrates."""
    named = {name for cell in CELLS if cell.kind in {"check", "hidden"} for name in NAMED.findall(cell.source)}
    named.add("empty_batch_crash")  # handed to a helper of its cell, like the next
    named.add("one_class_crash")

    assert named == {mistake.misconception for mistake in MISTAKES}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda cell: cell.name)
def test_an_exercise_knows_four_mistakes(statement):
    """At least four wrong answers are known for each exercise."""
    assert sum(mistake.exercise == statement.name for mistake in MISTAKES) >= 4


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda cell: cell.name)
def test_the_plain_case_comes_first_and_earns_a_third(statement):
    """The first check of an exercise is visible and earns at least a third of the exercise."""
    after = CELLS[CELLS.index(statement) + 1 :]
    mine = []
    for cell in after:
        if cell.kind == "exercise":
            break
        if cell.kind == "check":
            mine.append(cell)

    assert mine[0].source.count("assert ") >= 3
    assert mine[0].options["points"] >= sum(cell.options["points"] for cell in mine) / 3


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda cell: cell.name)
def test_a_statement_says_what_a_learner_needs(statement):
    """Minutes, what to write, where learners get stuck, which hint helps, and the sources."""
    text = statement.source

    assert "**Write" in text
    assert f'`hint("{statement.name}")`' in text
    assert "get stuck" in text
    assert "*Sources: " in text
    assert statement.options["minutes"] in range(10, 21)


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.cell_type == "markdown"], ids=lambda cell: cell.where)
def test_sentences_are_short(cell):
    """No sentence a learner reads has 25 words or more."""
    long = [sentence for sentence in sentences(cell.source) if len(sentence.split()) >= 25]

    assert long == []


def test_statements_hold_no_measured_loss():
    """What the lesson measures is said there, by code; a statement that repeats it would grow stale."""
    prose = [FENCE.sub("", cell.source) for cell in CELLS if cell.cell_type == "markdown"]

    assert [text for text in prose if re.search(r"(?<![\w.])0?\.\d{3}(?!\d)", re.sub(r"`[^`\n]+`", "", text))] == []


def test_no_message_scolds():
    """Messages say what came and what to look at, never "wrong" or "failed"."""
    checks = [cell.source for cell in CELLS if cell.kind in {"check", "hidden"}]
    texts = [text for mistake in MISTAKES for text in (mistake.title, mistake.next_step)]

    assert [text for text in [*checks, *texts] if re.search(r"\b(wrong|fail(ed|s)?|incorrect)\b", text, re.I)] == []


def test_the_minimum_route_says_what_it_lacks():
    """The page marks the minimum route, says that it misses the badge's 80 %, and marks an end for today."""
    prose = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")

    assert "Enough for today?" in prose
    assert "does not reach the 80 %" in prose
