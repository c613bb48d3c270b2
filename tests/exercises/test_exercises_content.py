"""Reading the built hints and questions, and finding a name in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercises import content
from exercises.errors import ContentError

pytestmark = pytest.mark.usefixtures("small_course")


def test_built_file_is_read_in_full():
    """Titles, checks, hints and options arrive as records."""
    (unit,) = content.load()
    exercise = unit.exercises[0]

    assert (exercise.title, exercise.minutes, len(exercise.hints)) == ("Score before you learn", 15, 3)
    assert [check.visible for check in exercise.checks] == [True, True, False]
    assert unit.questions[0].id == "01.predict_july"
    assert [option.right for option in unit.questions[0].options] == [False, True]


@pytest.mark.parametrize("text", ["{", "[]", '{"exercises": {}}', '{"unit": "01_x", "quiz": {"q": {"question": "?"}}}'])
def test_broken_file_says_build(tmp_path: Path, text: str):
    """A file that is not built content names itself and the command that mends it."""
    path = tmp_path / "bad.json"
    path.write_text(text)

    with pytest.raises(ContentError, match=r"bad\.json.*course build"):
        content.read_content(path)


def test_missing_file_says_build(tmp_path: Path):
    """So does a file that is not there."""
    with pytest.raises(ContentError, match="course build"):
        content.read_content(tmp_path / "none.json")


@pytest.mark.parametrize("name", ["prequential", "01.prequential"])
def test_exercise_is_found_with_and_without_number(name: str):
    """Both ways of naming an exercise lead to it."""
    assert content.find_exercise(name, content.load()).name == "prequential"


@pytest.mark.parametrize("name", ["queue_of", "01.queue_of", "labels_late"])
def test_answer_and_check_lead_to_their_exercise(name: str):
    """Learners ask by what stands before their eyes: the function to write, the check that said not yet."""
    assert content.find_exercise(name, content.load(), "01_training").name == "prequential"


def test_misspelt_exercise_gets_the_nearest_name():
    """An unknown name lists the names of the open unit and offers the nearest."""
    with pytest.raises(LookupError, match=r"Did you mean 'prequential'.*prequential, retrain_plan"):
        content.find_exercise("prequentail", content.load(), "01_training")


def test_unknown_question_lists_the_questions():
    """A far-off name gets the list alone."""
    with pytest.raises(LookupError, match=r"no question 'zzz'\. There are: 01\.predict_july"):
        content.find_question("zzz", content.load())


def test_check_leads_to_its_exercise():
    """A check's name finds the exercise that it belongs to; an unknown one finds none."""
    found = content.exercise_of_check("labels_late", content.load())

    assert found is not None
    assert found.name == "prequential"
    assert content.exercise_of_check("nothing", content.load()) is None


def test_same_name_in_two_units_prefers_the_open_one(small_course: Path):
    """A name that two units use means the open unit's."""
    text = (small_course / "content/01_training.json").read_text().replace("01_training", "02_inference")
    (small_course / "content/02_inference.json").write_text(text)

    assert content.find_exercise("prequential", content.load(), "02_inference").unit == "02_inference"
    assert content.find_exercise("02.prequential", content.load(), "01_training").unit == "02_inference"
