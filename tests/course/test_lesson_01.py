"""Lesson 01 runs as it stands, and what it prints is what its prose says."""

import re

import pytest
from lesson_reading import RunLesson, read_quiz, run_lesson
from nbconvert import HTMLExporter

UNIT = "01_training"


@pytest.fixture(scope="session")
def lesson(tmp_path_factory) -> RunLesson:
    with pytest.MonkeyPatch.context() as patch:
        return run_lesson(UNIT, tmp_path_factory.mktemp("lesson"), patch)


def year_losses(lesson: RunLesson, kind: str) -> dict[str, float]:
    """Read the printed losses of the four plans."""
    line = re.search(rf"{kind}, year's log loss: (.*)", lesson.text)
    assert line, kind
    return {name: float(loss) for name, loss in re.findall(r"([a-z ]+) (0\.\d+)(?:, )?", line[1])}


def test_lesson_01_year_has_a_quarter_late(lesson):
    """All landed flights are loaded, and not quite a quarter of them was late."""
    assert lesson.numbers(r"([\d,]+) decisions; ([\d.]+)%") == [327_346, pytest.approx(23.7, abs=0.1)]


def test_lesson_01_january_model_passes_in_february(lesson):
    """In February the January model beats January's rate by a little."""
    [model] = lesson.numbers(r"February, the January model: +(0\.\d+)")
    [rate] = lesson.numbers(r"February, January's late rate: +(0\.\d+)")

    assert 0.52 < model < rate < 0.545


def test_lesson_01_january_model_is_far_off_in_july(lesson):
    """In July it says that almost nobody is late; in truth almost a third is."""
    said, truth = lesson.numbers(r"July: the model says (0\.\d+), the truth is (0\.\d+)")

    assert 0.05 < said < 0.09
    assert 0.30 < truth < 0.33


def test_lesson_01_january_model_loses_to_three_constants(lesson):
    """Over the year it loses to January's rate, last month's rate and the oracle; July's dew points explain July."""
    dry, truth = lesson.numbers(r"mean dew point: the model says (0\.\d+), the truth is (0\.\d+)")
    [beyond] = lesson.numbers(r"(\d+)% of July's dew points lie above")
    model, january, last, oracle = lesson.numbers(
        r"(0\.\d+)  the January model\n +(0\.\d+)  January's rate\n +(0\.\d+)  last month's rate\n +(0\.\d+)  each"
    )

    assert dry == pytest.approx(truth, abs=0.06)
    assert beyond > 75
    assert 0.57 < model < 0.61
    assert january == pytest.approx(0.549, abs=0.002)
    assert last == pytest.approx(0.553, abs=0.002)
    assert oracle == pytest.approx(0.538, abs=0.002)


def test_lesson_01_every_dynamic_plan_repairs_the_linear_model(lesson):
    """All three dynamic plans beat static and the oracle's constant by far, expanding most."""
    loss = year_losses(lesson, "Linear model")

    assert loss["static"] == pytest.approx(0.593, abs=0.01)
    assert loss["last month"] == pytest.approx(0.517, abs=0.006)
    assert loss["three months"] == pytest.approx(0.517, abs=0.006)
    assert loss["expanding"] == pytest.approx(0.512, abs=0.006)
    assert loss["expanding"] == min(loss.values())


def test_lesson_01_expanding_wins_nearly_every_month(lesson):
    """From March on expanding beats static in all months, but for September at most; last month wins some."""
    wins, months = lesson.numbers(r"Expanding beats static in (\d+) of (\d+) months")
    lost = re.search(r"not in: (.*)\.", lesson.text)
    [fresher] = lesson.numbers(r"Last month alone beats expanding in (\d+) of 11 months")

    assert (wins >= 9, months) == (True, 10)
    assert lost
    assert lost[1] in {"none", "Sep"}
    assert 1 <= fresher <= 5


def test_lesson_01_trees_age_gently(lesson):
    """Static trees do far better than the static line, and expanding is the best plan for them too."""
    loss = year_losses(lesson, "Boosted trees")
    line, trees = lesson.numbers(r"July, static: linear model (0\.\d+), trees (0\.\d+)")

    assert loss["static"] == pytest.approx(0.518, abs=0.012)
    assert loss["last month"] == pytest.approx(0.517, abs=0.006)
    assert loss["three months"] == pytest.approx(0.507, abs=0.006)
    assert loss["expanding"] == pytest.approx(0.502, abs=0.006)
    assert line - trees > 0.2


def test_lesson_01_line_lives_off_freshness_and_trees_off_mix_as_well(lesson):
    """The line gains by freshness alone; the trees about as much by the mix of seasons, and less by amount."""
    pattern = r": (-?0\.\d+) by freshness, then (-?0\.\d+) by mix, then (-?0\.\d+) by amount"
    line, trees = (lesson.numbers(kind + pattern) for kind in ("linear model", "boosted trees"))

    assert line[0] > 4 * trees[0]
    assert line[0] > 10 * max(abs(line[1]), abs(line[2]))
    assert trees[1] == pytest.approx(trees[0], abs=0.004)
    assert trees[0] > trees[2]
    assert trees[1] > trees[2] + 0.002
    assert "-0.000" not in lesson.text


def test_lesson_01_excess_rises_and_falls_again(lesson):
    """Excess over a fresh model is zero at first, high within half a year, near zero at the end; pairs get fewer."""
    aging = next(figure for figure in lesson.figures if "Excess over a fresh model" in figure)
    table = re.findall(r"<th>(\d+)</th>\s*<td>[\d.]+</td>\s*<td>(-?[\d.]+)</td>", aging)
    excess = {int(age): float(value) for age, value in table}

    assert "By age: 0: 11, 1: 10, 2: 9, 3: 8, 4: 7, 5: 6, 6: 5, 7: 4, 8: 3, 9: 2, 10: 1." in lesson.text
    assert list(excess) == list(range(11))
    assert excess[0] == 0
    assert max(excess, key=excess.__getitem__) in range(2, 7)
    assert max(excess.values()) > 0.08
    assert max(abs(excess[age]) for age in (7, 8, 9)) < 0.03


def test_lesson_01_waiting_for_labels_costs(lesson):
    """Each wait costs, the first day so much that a constant wins, and never learning again is worst by far."""
    never, morning, day, week, month, constant = lesson.numbers(
        r"(0\.\d+)  never after January\n +(0\.\d+)  next morning\n +(0\.\d+)  1 day after that"
        r"\n +(0\.\d+)  7 days after that\n +(0\.\d+)  30 days after that"
        r"\nJanuary's rate, said of all the same flights: (0\.\d+)"
    )

    assert morning < constant - 0.01
    assert constant + 0.005 < day
    assert morning < day < week < month < never - 0.05
    assert day - morning > week - day
    assert (never, morning) == (pytest.approx(0.677, abs=0.02), pytest.approx(0.523, abs=0.01))
    assert (day, week, month) == (
        pytest.approx(0.553, abs=0.015),
        pytest.approx(0.573, abs=0.015),
        pytest.approx(0.579, abs=0.015),
    )


def test_lesson_01_leaky_report_is_too_good(lesson):
    """Learning each day before scoring it looks far better than the honest loop."""
    leaky, honest = lesson.numbers(r"The report's loop: (0\.\d+)\. Labels next morning, honestly: (0\.\d+)")

    assert leaky == pytest.approx(0.433, abs=0.006)
    assert honest - leaky > 0.08


def test_lesson_01_bad_june_hurts_only_the_model_that_learned_it(lesson):
    """After a June of spoiled labels the expanding trees are worse than the static ones, which do not change."""
    static = lesson.numbers(r"July's loss, static trees: (0\.\d+) with right labels, (0\.\d+) after")
    expanding = lesson.numbers(r"July's loss, expanding trees: (0\.\d+) with right labels, (0\.\d+) after")

    assert static[0] == static[1]
    assert expanding[0] == pytest.approx(0.539, abs=0.01)
    assert expanding[1] > static[1] + 0.1


def test_lesson_01_alarm_is_not_harm(lesson):
    """One index of temperature with much harm and with next to none, and a tiny p-value of a tiny difference."""
    told = r": ([\d.]+) nats\. Loss, static trees: ([+-]0\.\d+) against expanding, ([+-]0\.\d+) against last"
    july, august = (lesson.numbers(month + told) for month in ("Jul", "Aug"))
    p, difference = lesson.numbers(r"flights: p = ([\de.-]+), largest gap between the cumulative shares (0\.\d+)")

    assert july[0] == august[0] > 5
    assert (july[1], july[2]) == (pytest.approx(0.065, abs=0.02), pytest.approx(0.055, abs=0.02))
    assert 0 < august[1] < july[1] / 2
    assert august[2] < 0.005
    assert p < 1e-4
    assert difference == pytest.approx(0.021, abs=0.002)


def test_lesson_01_leaves_versions_and_a_card(lesson):
    """Eleven model files and a decision card with filled figures stand in the learner's folder."""
    trainings, times = lesson.numbers(r"Expanding trains (\d+) times and reads (\d+) times the rows")
    card = (lesson.folder / "decision_card.md").read_text(encoding="utf-8")

    assert (trainings, 50 < times < 80) == (11, True)
    assert len(list((lesson.folder / "versions").glob("*.joblib"))) == 11
    assert "| My system |" in card
    assert len(re.findall(r"0\.\d{3}", card)) == 6


def test_lesson_01_quiz_says_what_was_measured(lesson):
    """The figures in the questions are those of the lesson, to the second decimal."""
    quiz = read_quiz(UNIT)
    said, truth = lesson.numbers(r"July: the model says (0\.\d+), the truth is (0\.\d+)")
    leaky, honest = lesson.numbers(r"The report's loop: (0\.\d+)\. Labels next morning, honestly: (0\.\d+)")

    def figures(text: str) -> list[float]:
        return [float(number) for number in re.findall(r"\.\d+", text)]

    options = [figures(option["text"]) for option in quiz["predict_july"]["options"]]
    assert options == [[pytest.approx(truth, abs=0.01)], [0.23], [pytest.approx(said, abs=0.01)], []]
    assert figures(quiz["too_good"]["question"]) == [
        pytest.approx(leaky, abs=0.003),
        pytest.approx(honest, abs=0.003),
    ]


def test_lesson_01_figures_can_be_heard(lesson):
    """Six figures, each with an alternative text and a caption; those drawn from data fold the data below."""
    assert len(lesson.figures) == 6
    for figure in lesson.figures:
        alt = re.search(r'role="img" aria-label="([^"]+)"', figure)
        assert alt
        assert len(alt[1]) > 60
        assert "<figcaption>" in figure
    assert sum("<details>" in figure for figure in lesson.figures) == 5


def test_lesson_01_page_keeps_the_texts_and_loads_nothing(lesson):
    """The static page has the figures with their texts, and no output loads anything from another host."""
    page, _ = HTMLExporter(template_name="lab").from_notebook_node(lesson.notebook)

    assert len(re.findall(r'<svg aria-label="[^"]+"[^>]* role="img"', page)) == len(lesson.figures)
    for html in lesson.html:
        assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\((?!#)|@import""", html)


def test_lesson_01_is_silent_on_stderr(lesson):
    """No cell warns."""
    streams = [output for cell in lesson.code for output in cell.outputs if output.output_type == "stream"]

    assert [output.text for output in streams if output.name == "stderr"] == []
