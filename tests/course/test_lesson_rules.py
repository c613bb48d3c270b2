"""Every lesson keeps the rules that make it readable: short prose, short code, no measured digit in prose."""

import itertools
import re

import pytest
from lesson_reading import COURSE, read_lesson, read_quiz, split

UNITS = sorted(path.parent.name for path in COURSE.glob("*/lesson.py"))
TAUGHT = [unit for unit in UNITS if unit != "00_start_here"]
CODE_SPAN = re.compile(r"`[^`]*`|\*\*|[*_>#|]")
MEASURED = re.compile(r"(?<![\w.])0?\.\d|\d\.\d|\d ?%|\d nats")


@pytest.fixture(params=UNITS)
def unit(request) -> str:
    return request.param


def sentences(prose: str) -> list[str]:
    plain = CODE_SPAN.sub(" ", re.sub(r"^\|.*$", "", prose, flags=re.M))
    blocks = re.split(r"\n\s*\n|\n\s*(?:-|\d+\.)\s", plain)
    return [text.strip() for block in blocks for text in re.split(r"(?<=[.!?:;])\s+", block) if text.strip()]


def test_lesson_prose_cells_are_short(unit):
    """No prose cell has more than 120 words."""
    for prose in split(read_lesson(unit)).prose:
        assert len(re.findall(r"\w[\w'+.-]*", prose)) <= 120, prose


def test_lesson_sentences_are_short(unit):
    """No sentence has 25 words or more."""
    for prose in split(read_lesson(unit)).prose:
        for sentence in sentences(prose):
            assert len(sentence.split()) < 25, sentence


def test_lesson_code_cells_are_short(unit):
    """No code cell has more than 15 lines; longer helpers live in the exercises package."""
    for code in split(read_lesson(unit)).code:
        assert sum(bool(line.strip()) for line in code.splitlines()) <= 15, code


def test_lesson_prose_holds_no_measured_digit(unit):
    """Measured figures are printed by code, so that prose cannot grow stale."""
    for prose in split(read_lesson(unit)).prose:
        assert not MEASURED.search(re.sub(r"`[^`]*`", "", prose)), prose


def test_lesson_headings_do_not_jump(unit):
    """One title comes first; every later heading is at most one level deeper than the one before."""
    levels = [len(hashes) for prose in split(read_lesson(unit)).prose for hashes in re.findall(r"^(#+) ", prose, re.M)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_lesson_asks_exactly_the_questions_that_exist(unit):
    """Each quiz call has its question, each question is asked."""
    asked = re.findall(r'quiz\("(\d\d)\.(\w+)"', "\n".join(split(read_lesson(unit)).code))

    assert {number for number, _ in asked} == {unit[:2]}
    assert sorted(name for _, name in asked) == sorted(read_quiz(unit))


def test_lesson_questions_answer_every_option(unit):
    """At least four questions; every option has a text and feedback of its own, and one is right."""
    quiz = read_quiz(unit)

    assert len(quiz) >= 4
    for name, question in quiz.items():
        options = question["options"]
        assert [option["key"] for option in options] == list("abcdefgh"[: len(options)]), name
        assert len({option["feedback"] for option in options}) == len(options) >= 2, name
        assert sum(option["right"] for option in options) == 1, name


def test_lesson_feedback_never_scolds(unit):
    """No feedback calls an answer wrong or failed."""
    for question in read_quiz(unit).values():
        for option in question["options"]:
            assert not re.search(r"\b(wrong answer|you failed|incorrect|stupid)\b", option["feedback"], re.I), option


@pytest.mark.parametrize("unit", TAUGHT)
def test_lesson_has_its_parts(unit):
    """25 to 45 cells, two moments of prediction, a production story, three lines, and where to read on."""
    notebook = read_lesson(unit)
    prose = "\n".join(split(notebook).prose)

    assert 25 <= len(notebook.cells) <= 45
    assert prose.count("### Predict first") >= 2
    for part in ("## What you will be able to do", "## What broke in production", "## Three lines to keep", "Read on."):
        assert part in prose
