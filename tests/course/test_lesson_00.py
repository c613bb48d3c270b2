"""Lesson 00 runs as it stands: the map, the data, the two scores, and a first check that ends in a card."""

import json
import re

import pytest
from lesson_reading import PATIENT, RunLesson, read_lesson, read_quiz, run_lesson
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

UNIT = "00_start_here"
SELF_CHECK = 10


@pytest.fixture(scope="session")
def lesson(tmp_path_factory) -> RunLesson:
    with pytest.MonkeyPatch.context() as patch:
        return run_lesson(UNIT, tmp_path_factory.mktemp("start_here"), patch)


def practice(answer: str, folder) -> str:
    """Run the practice check below *answer* and return the text of its card."""
    check = next(cell.source for cell in read_lesson(UNIT).cells if cell.source.startswith("# Check first_check"))
    cells = ["from exercises import quiz\nfrom exercises.testing import because", answer, check]
    client = NotebookClient(
        new_notebook(cells=[new_code_cell(cell) for cell in cells]),
        resources={"metadata": {"path": str(folder)}},
        **PATIENT,
    )
    return json.dumps(client.execute().cells[-1].outputs, ensure_ascii=False)


def test_lesson_00_tells_the_story_in_six_sentences():
    """The opening is six sentences for those who never flew."""
    story = re.split(r"\n\s*\n", read_lesson(UNIT).cells[0].source)[-1]

    assert len(re.findall(r"[.?!](?:\s|$)", story)) == 6


def test_lesson_00_counts_the_flights(lesson):
    """The table's size, and why some flights have no arrival delay."""
    assert lesson.numbers(r"([\d,]+) flights of (\d+) airlines, ([\d,]+) hours of weather") == [336_776, 16, 26_115]
    assert lesson.numbers(r"([\d,]+) flights have no arrival delay: ([\d,]+) were cancelled, ([\d,]+) landed") == [
        9_430,
        8_255,
        1_175,
    ]
    assert lesson.numbers(r"Strongest wind on record: ([\d,]+) mph") == [1_048]


def test_lesson_00_scores_show_order_and_trust(lesson):
    """The trees beat a constant; made too sure they lose to it in log loss, and their AUC does not move."""
    scores = [tuple(map(float, found)) for found in re.findall(r"log loss (0\.\d+), AUC (0\.\d+):", lesson.text)]
    constant, trees, too_sure = scores

    assert trees[0] < constant[0] - 0.05
    assert too_sure[0] > constant[0] + 0.05
    assert trees[1] == too_sure[1] == pytest.approx(0.743, abs=0.01)
    assert constant[1] == 0.5


def test_lesson_00_auc_is_the_share_of_pairs(lesson):
    """Drawing pairs blindly gives the AUC."""
    share, auc = lesson.numbers(r"In (0\.\d+) of 200,000 pairs the late flight got more\. The AUC is (0\.\d+)")

    assert share == pytest.approx(auc, abs=0.004)


def test_lesson_00_figures_can_be_heard(lesson):
    """The map and three figures, each with an alternative text; those drawn from data fold the data below."""
    alts = [re.search(r'role="img" aria-label="([^"]+)"', figure) for figure in lesson.figures]

    assert len(alts) == 4
    assert all(alt and len(alt[1]) > 60 for alt in alts)
    assert sum("<details>" in figure for figure in lesson.figures) == 3


def test_lesson_00_first_check_is_not_started_as_handed_out(lesson):
    """The practice as it stands ends in the card Not started, not in a traceback."""
    cell = next(cell for cell in lesson.code if cell.source.startswith("# Check first_check"))
    shown = json.dumps(cell.outputs)

    assert "Not started" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sum(delay > 15 for delay in delays) / len(delays)", "Passed"),
        ("sum(delay >= 15 for delay in delays) / len(delays)", "exactly 15 minutes was counted"),
        ("sum(delay > 15 for delay in delays)", "Divide by the number of flights?"),
    ],
    ids=["right", "limit", "count"],
)
def test_lesson_00_first_check_knows_the_answer(body, said, tmp_path, monkeypatch):
    """The right line passes; a limit counted in and a missing division are told apart."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)

    assert said in practice(f"def late_share(delays):\n    return {body}", tmp_path)


def test_lesson_00_self_check_has_ten_questions():
    """Ten questions after the heading of the self-check, and one before."""
    cells = [cell.source for cell in read_lesson(UNIT).cells]
    start = next(number for number, source in enumerate(cells) if "Ten questions" in source)
    asked = re.findall(r'quiz\("00\.(\w+)"\)', "\n".join(cells[start:]))

    assert len(asked) == SELF_CHECK
    assert set(read_quiz(UNIT)) - set(asked) == {"model_share"}


def test_lesson_00_says_where_fairness_is_taught():
    """The limits of the data are told: one year, no persons, fairness elsewhere."""
    prose = "\n".join(cell.source for cell in read_lesson(UNIT).cells if cell.cell_type == "markdown")

    for words in ("**One year.**", "**No persons.**", "Fairness and\n  Machine Learning", "Fairlearn"):
        assert words in prose or words.replace("\n  ", " ") in prose
