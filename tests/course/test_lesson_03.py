"""Lesson 03 runs as it stands, and what it prints is what its prose says."""

import re

import joblib
import pandas as pd
import pytest
from lesson_reading import RunLesson, read_quiz, run_lesson
from nbconvert import HTMLExporter

UNIT = "03_transformation"


@pytest.fixture(scope="session")
def lesson(tmp_path_factory) -> RunLesson:
    with pytest.MonkeyPatch.context() as patch:
        return run_lesson(UNIT, tmp_path_factory.mktemp("lesson"), patch)


def table_row(lesson: RunLesson, name: str) -> list[float]:
    """Read the numbers of the row *name* in the first shown table that has it."""
    for html in lesson.html:
        row = re.search(rf"<th[^>]*>{re.escape(name)}</th>((?:\s*<td>[-\d.,]+</td>)+)", html)
        if row:
            return [float(number.replace(",", "")) for number in re.findall(r"<td>([-\d.,]+)</td>", row[1])]
    raise AssertionError(f"no table has a row {name!r}")


def losses(lesson: RunLesson, *names: str) -> list[float]:
    """Read July's log loss of each of *names* from the printed lists."""
    return [lesson.numbers(rf"July's log loss (0\.\d+)  {re.escape(name)}\n")[0] for name in names]


def figure(lesson: RunLesson, caption: str) -> str:
    """Find the figure whose caption begins so."""
    [found] = [html for html in lesson.figures if f"<figcaption>{caption}" in html]
    return found


def test_lesson_03_memory_is_of_the_first_half_year(lesson):
    """Three numbers are kept for each of ten inputs; the median weekday, which Mondays become, is Thursday."""
    [raw, inputs] = lesson.numbers(r"(\d+) raw columns become (\d+)\.")
    gap = table_row(lesson, "gap")

    assert (raw, inputs) == (13, 117)
    assert len(gap) == len(table_row(lesson, "mean")) == len(table_row(lesson, "spread")) == 10
    assert gap[1] == 3
    assert gap[6] == pytest.approx(10.4, abs=0.1)  # miles an hour: a breeze


def test_lesson_03_warm_hour_lies_above_the_mean(lesson):
    """The shown July hour is warm, and becomes more than one spread."""
    fahrenheit, celsius, became = lesson.numbers(r"A July hour of (\d+) °F \((\d+) °C\) becomes \+([\d.]+)\.")

    assert fahrenheit > 70
    assert celsius == pytest.approx((fahrenheit - 32) * 5 / 9, abs=1)
    assert became > 1


def test_lesson_03_both_roads_lead_to_one_model(lesson):
    """From the file and from raw rows the same answers and the same weights come out."""
    [answers] = lesson.numbers(r"largest difference between the answers of the two: ([\d.e-]+)\.\n")
    [weights] = lesson.numbers(r"Largest difference of a weight: ([\d.e+-]+)\.\n")
    auc, loss = lesson.numbers(r"\nAUC (0\.\d+), log loss (0\.\d+)\.")

    assert max(answers, weights) < 1e-9
    assert (auc, loss) == (pytest.approx(0.723, abs=0.003), pytest.approx(0.561, abs=0.003))


@pytest.mark.deep  # depends on the speed of the machine, which make test must not
def test_lesson_03_raw_rows_cost_more_in_each_pass(lesson):
    """A pass over raw rows takes more processor time than one over the file; preparing is more than learning."""
    prepared, learned = lesson.numbers(r"Before: prepared in ([\d.]+) s of processor, ([\d.]+) of them")
    from_file, from_rows = lesson.numbers(r"One more pass: ([\d.]+) s from the file, ([\d.]+) s from raw rows")

    assert prepared > learned
    assert from_rows > 1.5 * from_file


def test_lesson_03_file_of_inputs_is_larger_than_the_raw_one(lesson):
    """On disk the inputs come on top of the raw data, and are larger than them."""
    raw, inputs = lesson.numbers(r"On disk: ([\d.]+) MB raw, ([\d.]+) MB more as inputs")

    assert 0.2 < raw < inputs < 1
    assert len(pd.read_parquet(lesson.folder / "inputs.parquet").columns) == 118


def test_lesson_03_half_a_change_is_worse_than_none(lesson):
    """All old and all new are equally good; the new recipe with the old file is worse, and its name would tell."""
    old, half, new = losses(lesson, "old recipe, old file", "new recipe, old file", "new recipe, all made anew")
    names = re.findall(r"recipe: inputs-([0-9a-f]{8})\.parquet", lesson.text)

    assert old == pytest.approx(new, abs=0.002)
    assert half > old + 0.01
    assert len(set(names)) == 2


def test_lesson_03_batch_in_order_of_time_is_no_sample(lesson):
    """Shuffled batches scale as well as one memory; days scaled by themselves lose, and the summer is gone."""
    names = (
        "one memory of January to June",
        "each batch by itself, well shuffled",
        "each batch by itself, one day a batch",
    )
    memory, shuffled, days = losses(lesson, *names)
    drawn = figure(lesson, "The temperature as the model gets it")
    alt = re.search(r'aria-label="([^"]+)"', drawn)[1]
    one, own = (float(value) for value in re.findall(r"Jul (-?\d\.\d\d),", alt))

    assert shuffled == pytest.approx(memory, abs=0.002)
    assert days > memory + 0.01
    assert one > 1.5
    assert abs(own) < 0.01


@pytest.mark.deep  # depends on the speed of the machine, which make test must not
def test_lesson_03_recipe_takes_longer_than_the_model(lesson):
    """For one flight the recipe takes more than ten times as long as the model, as the lesson's next cells assume."""
    recipe, model, factor = lesson.numbers(r"One flight: recipe ([\d.]+) ms, model ([\d.]+) ms\. Factor: (\d+)")
    pipeline, rewritten = lesson.numbers(r"One flight: ([\d.]+) ms by the pipeline, ([\d.]+) ms rewritten")

    assert recipe > model
    assert factor > 10
    assert pipeline > 20 * rewritten


def test_lesson_03_rewritten_recipe_looks_right_and_is_not(lesson):
    """AUC and log loss look alike, yet a fifth of the flights had other inputs: Mondays and calms."""
    pipeline = lesson.numbers(r"July's AUC (0\.\d+), log loss (0\.\d+)  pipeline")
    rewritten = lesson.numbers(r"July's AUC (0\.\d+), log loss (0\.\d+)  rewritten")
    [share, largest] = lesson.numbers(r"(\d+)% of July's flights were scored on other.*an answer: (0\.\d+)\.")
    [mended] = lesson.numbers(r"With the careful line it is ([\d.e+-]+)\.\n")

    assert rewritten == [pytest.approx(score, abs=0.004) for score in pipeline]
    assert share == pytest.approx(19, abs=1)
    assert largest > 0.05
    assert mended < 1e-9
    assert table_row(lesson, "weekday")[0] == pytest.approx(0.165, abs=0.005)
    assert table_row(lesson, "wind_speed")[0] == pytest.approx(0.03, abs=0.01)


def test_lesson_03_refitted_recipe_passes_the_large_test(lesson):
    """Refitted on one flight little is left, on some tens it is worse than a coin; on all July AUC is as it was."""
    own, single, tens = (
        lesson.numbers(rf"{name}: AUC (0\.\d+), log loss (0\.\d+)\.")
        for name in ("Own memory", "Refitted on 1", "Refitted on 30")
    )
    whole = re.search(r"<th>28293</th>\s*<td>(0\.\d+)</td>\s*<td>(0\.\d+)</td>", figure(lesson, "A recipe refitted"))

    assert single[0] < 0.56
    assert tens[0] < 0.5
    assert tens[1] > single[1] > own[1] + 0.05
    assert float(whole[1]) == pytest.approx(own[0], abs=0.002)
    assert float(whole[2]) > own[1] + 0.005


def test_lesson_03_auc_does_not_see_celsius(lesson):
    """With °C AUC stays, log loss goes to that of a constant, and staff act on far fewer flights; nothing fails."""
    right, celsius = table_row(lesson, "as trained"), table_row(lesson, "°C for °F")
    [constant] = re.findall(r"log loss: as trained .*?without a model (0\.\d+)", figure(lesson, "July, four faults"))

    assert celsius[0] == pytest.approx(right[0], abs=0.002)
    assert celsius[1] == pytest.approx(float(constant), abs=0.01)
    assert celsius[1] > right[1] + 0.05
    assert celsius[3] < right[3] / 3


def test_lesson_03_only_inputs_show_every_fault(lesson):
    """No fault raises an error; each shows in the inputs; the imputer costs most, and AUC only hints at it."""
    right = table_row(lesson, "as trained")
    faults = {
        name: table_row(lesson, name) for name in ("°C for °F", "imputer left behind", "refitted each day", "rewritten")
    }
    imputer = faults["imputer left behind"]

    assert all(fault[2] == 0 for fault in faults.values())
    assert right[4] == 0
    assert all(fault[4] > 0.1 for fault in faults.values())
    assert imputer[1] == max(fault[1] for fault in faults.values()) > 1.8 * right[1]
    assert imputer[0] == pytest.approx(right[0], abs=0.04)


def test_lesson_03_groups_of_july_keep_their_order(lesson):
    """In °C the twentieths still rise, far below the truth; the trees hardly notice."""
    drawn = figure(lesson, "July sorted by the right answers")
    rows = re.findall(r"<th>\d+</th>\s*<td>(0\.\d+)</td>\s*<td>(0\.\d+)</td>\s*<td>(0\.\d+)</td>", drawn)
    truth, trained, celsius = ([float(value) for value in column] for column in zip(*rows, strict=True))
    fahrenheit_trees, celsius_trees = lesson.numbers(
        r"Boosted trees, July's log loss: (0\.\d+) with °F, (0\.\d+) with °C"
    )
    [without] = lesson.numbers(r"with °C, (0\.\d+) with none\.")

    assert len(rows) == 20
    assert trained == sorted(trained)
    assert celsius == sorted(celsius)
    assert all(said < right for said, right in zip(celsius, trained, strict=True))
    assert truth[-1] > 0.5 > celsius[-1]
    assert celsius_trees == pytest.approx(fahrenheit_trees, abs=0.004)
    assert without == pytest.approx(fahrenheit_trees, abs=0.006)


def test_lesson_03_only_one_join_is_right(lesson):
    """As of the decision with a limit nothing is lost, old or from the future; each other join breaks one of these."""
    good, any_age, nearest, own_hour = (
        table_row(lesson, name)
        for name in (
            "as of the decision, at most 3 h old",
            "as of the decision, of any age",
            "nearest to the decision",
            "of the flight's own hour",
        )
    )

    assert (good[0], good[2], good[3]) == (0, 0, 3)
    assert good[1] == 759
    assert any_age == [0, 0, 0, 27]
    assert nearest[2] == 62
    assert own_hour[0] == 1527
    assert own_hour[2] == 327346 - 1527


def test_lesson_03_leaks_promise_too_much(lesson):
    """The same-hour report promises a little more than is delivered, the departure delay nearly everything."""
    honest, same_hour, delay = (
        table_row(lesson, name)
        for name in ("weather of 2 h before", "weather of the same hour", "departure delay as well")
    )

    assert honest[:2] == honest[2:] == [pytest.approx(0.742, abs=0.006), pytest.approx(0.543, abs=0.006)]
    assert 0.001 < same_hour[0] - same_hour[2] < 0.01
    assert 0.001 < same_hour[3] - same_hour[1] < 0.01
    assert same_hour[3] < honest[3] + 0.002  # live it is no worse than the honest model
    assert delay[0] > 0.9
    assert delay[3] > honest[3] + 0.2


def test_lesson_03_file_answers_in_a_new_process(lesson):
    """A process that never saw the notebook gives the same answers; a refitted recipe has another mark."""
    [difference] = lesson.numbers(r"A new process, [\d,]+ answers: largest difference ([\d.e+-]+)\.\n")
    [wanted] = lesson.numbers(r"The line alone wants (\d+) numbers")
    mark, refitted = re.search(r"fingerprint: ([0-9a-f]{12}), refitted on July: ([0-9a-f]{12})", lesson.text).groups()

    assert difference < 1e-12
    assert wanted == 117
    assert mark != refitted
    assert joblib.hash(joblib.load(lesson.folder / "service.joblib")[0]).startswith(mark)


def test_lesson_03_sides_mirror_each_other(lesson):
    """Before is better in two of five measures, while in three, and no side wins all."""
    before, during = table_row(lesson, "before"), table_row(lesson, "while")

    assert [mine < other for mine, other in zip(before, during, strict=True)] == [True] * 2 + [False] * 3
    assert before[4] == pytest.approx(19, abs=1)


def test_lesson_03_leaves_a_card(lesson):
    """A decision card with measured figures stands in the learner's folder."""
    card = (lesson.folder / "decision_card.md").read_text(encoding="utf-8")

    assert "| My system |" in card
    assert len(re.findall(r"0\.\d{3}", card)) >= 4
    assert len(re.findall(r"\d MB", card)) == 2
    assert "nan" not in card


def test_lesson_03_quiz_says_what_was_measured(lesson):
    """The options that fit say what the lesson measured."""
    right = {name: [o["text"] for o in q["options"] if o["right"]] for name, q in read_quiz(UNIT).items()}

    assert right["forgotten_file"] == ["Every answer is a fine number, and they are worse"]
    assert right["batch_of_one"] == ["A flight that is average in every number"]
    assert right["celsius"] == ["Log loss climbs, AUC stays"]
    assert right["same_hour"] == ["A slightly better report, and live a little worse than reported"]


def test_lesson_03_figures_can_be_heard(lesson):
    """Six figures, each with an alternative text, a caption and folded data."""
    assert len(lesson.figures) == 6
    for drawn in lesson.figures:
        alt = re.search(r'role="img" aria-label="([^"]+)"', drawn)
        assert alt
        assert len(alt[1]) > 60
        assert "nan" not in alt[1]
        assert "<figcaption>" in drawn
        assert "<details>" in drawn


def test_lesson_03_page_loads_nothing(lesson):
    """The static page has the figures with their texts, and no output loads anything from another host."""
    page, _ = HTMLExporter(template_name="lab").from_notebook_node(lesson.notebook)

    assert len(re.findall(r'<svg aria-label="[^"]+"[^>]* role="img"', page)) == len(lesson.figures)
    for html in lesson.html:
        assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\((?!#)|@import""", html)


def test_lesson_03_is_silent_on_stderr(lesson):
    """No cell warns."""
    streams = [output for cell in lesson.code for output in cell.outputs if output.output_type == "stream"]

    assert [output.text for output in streams if output.name == "stderr"] == []
