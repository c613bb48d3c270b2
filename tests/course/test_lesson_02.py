"""Lesson 02 runs as it stands, and what it prints is what its prose says."""

import contextlib
import re

import psutil
import pytest
from lesson_reading import RunLesson, read_quiz, run_lesson
from nbconvert import HTMLExporter

UNIT = "02_inference"
DYING_SECONDS = 60  # for a process that was ended and is not buried yet
COSTS = r"One answer on its own: ([\d.]+) ms of processor\. One of a batch of [\d,]+: ([\d.]+) µs\. Factor: ([\d,]+)"


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


def waits(lesson: RunLesson, name: str) -> list[float]:
    """Read how many were answered and asked, then p50, p95 and p99 in milliseconds."""
    return lesson.numbers(rf"{name}: (\d+) of (\d+) answered, p50 ([\d.]+) ms, p95 ([\d.]+) ms, p99 ([\d.]+) ms")


def test_lesson_02_day_is_a_storm(lesson):
    """The day in the middle of the lesson is a Friday on which most flights were late."""
    asked, first, last = lesson.numbers(r"Friday, 8 March 2013: (\d+) questions, asked from (\d+):00 to (\d+):00")
    late, usual = lesson.numbers(r"Of these flights (\d+)% arrived late: a snow storm\. Of all so far it was (\d+)%")

    assert (asked, first, last) == (798, 3, 21)
    assert late > 3 * usual


def test_lesson_02_nights_replace_each_other(lesson):
    """Eight nights write more answers than the table holds rows: the second Friday replaced the first."""
    different, nights, written = lesson.numbers(r"([\d,]+) different questions so far\. (\d+) nights, ([\d,]+) answers")
    [rows] = lesson.numbers(r"Stored rows: (\d+)")

    assert (different, nights) == (8046, 8)
    assert rows == different < written


def test_lesson_02_both_routes_answer_one_question(lesson):
    """A real service answers by lookup and by prediction, and the two differ, because the weather moved on."""
    stored, now = lesson.numbers(r"/stored \{'p': (0\.\d+), .*\n +/now +\{'p': (0\.\d+), ")

    assert re.search(r"Service at http://127\.0\.0\.1:\d+|answers through memory", lesson.text)
    assert abs(stored - now) > 0.05


def test_lesson_02_one_row_costs_hundreds_of_batch_rows(lesson):
    """A single answer costs far more than a row of a batch, on any machine."""
    *_, factor = lesson.numbers(COSTS)

    assert factor > 50


@pytest.mark.deep  # depends on the speed of the machine, which make test must not
def test_lesson_02_one_row_costs_milliseconds(lesson):
    """A single answer costs milliseconds, a row of a batch microseconds, as the quiz says."""
    one, row, factor = lesson.numbers(COSTS)

    assert 1 < one < 60
    assert 0.5 < row < 40
    assert factor > 150


def test_lesson_02_both_systems_say_one_thing(lesson):
    """Alone and in a batch a flight gets the same probability, as the prose below the cell says."""
    [gap] = lesson.numbers(r"gets one answer: the largest difference is ([\d.e-]+)\.\n")

    assert gap < 1e-9


def test_lesson_02_every_caller_is_answered(lesson):
    """Under both loads both systems answer all."""
    for name in ("static, calm", "dynamic, calm", "static, rush", "dynamic, rush"):
        answered, asked, *_ = waits(lesson, name)
        assert answered == asked >= 40


@pytest.mark.deep  # depends on the speed of the machine, which make test must not
def test_lesson_02_lookups_wait_less_and_predictions_queue_in_the_rush(lesson):
    """A lookup is answered sooner than a prediction, and in the rush by far: only the prediction's queue grows."""
    p50 = {name: waits(lesson, name)[2] for name in ("static, calm", "dynamic, calm", "static, rush", "dynamic, rush")}
    p99 = {name: waits(lesson, name)[4] for name in p50}

    assert p50["static, calm"] < p50["dynamic, calm"]
    assert p50["dynamic, rush"] > p50["dynamic, calm"]  # by how much depends on who else uses this machine
    assert p50["dynamic, rush"] > 2 * p50["static, rush"]
    assert p99["dynamic, rush"] > 1.5 * p99["static, rush"]


def test_lesson_02_model_needs_more_memory_than_the_table(lesson):
    """A process that predicts holds several times the memory of one that looks up; the model file itself is small."""
    look_up, predict = lesson.numbers(r"Memory: (\d+) MB to look up, (\d+) MB to predict")
    answers, model = lesson.numbers(r"On disk: ([\d.]+) MB of answers, ([\d.]+) MB of model")

    assert predict > 5 * look_up
    assert answers < 3
    assert model < 3


def test_lesson_02_long_tail_is_not_found(lesson):
    """Keys of January and February serve about 88 % of March, by flight number 75 %."""
    pattern = r"{}: ([\d,]+) answers computed, (\d+)% of them never used, ([\d.]+)% of March found\."
    keys, unused, found = lesson.numbers(pattern.format("route, hour, weekday"))
    numbers, unused_number, found_number = lesson.numbers(pattern.format("flight number"))

    assert (found, found_number) == (pytest.approx(88, abs=0.5), pytest.approx(75, abs=0.5))
    assert keys > 2 * numbers
    assert unused_number > unused > 15


def test_lesson_02_old_weather_costs(lesson):
    """July: fresh weather is best, then midnight's, then none; training on midnights does not help."""
    pattern = r"AUC (0\.\d+), log loss (0\.\d+)  {}\n"
    fresh, midnight, own, none = (
        lesson.numbers(pattern.format(name))
        for name in ("two hours before the flight", "at midnight", "at midnight, trained on midnights", "none")
    )

    assert fresh == [pytest.approx(0.742, abs=0.006), pytest.approx(0.544, abs=0.006)]
    assert midnight == [pytest.approx(0.722, abs=0.008), pytest.approx(0.561, abs=0.008)]
    assert none == [pytest.approx(0.700, abs=0.008), pytest.approx(0.584, abs=0.008)]
    assert fresh[0] > midnight[0] > own[0] > none[0]
    assert fresh[1] < midnight[1] < own[1] < none[1]


def test_lesson_02_old_weather_costs_in_the_afternoon(lesson):
    """Until noon midnight's weather costs nothing; from three o'clock on it costs."""
    morning, afternoon = lesson.numbers(r"costs ([+-]0\.\d+) nats until noon, ([+-]0\.\d+) from 15:00 on")

    assert abs(morning) < 0.008
    assert 0.03 < afternoon < 0.07


def test_lesson_02_slow_model_needs_a_hall(lesson):
    """With an hour an answer few machines never catch up; those that do are idle about half of the time."""
    few, _ = lesson.numbers(r" 30 machines: (\d+)% answered before the flight, (\d+)% idle")
    enough, idle = lesson.numbers(r" 60 machines: (\d+)% answered before the flight, (\d+)% idle")
    [days] = lesson.numbers(r"keys by 30 machines take ([\d.]+) days")

    assert few < 20
    assert enough >= 99
    assert idle == pytest.approx(45, abs=5)
    assert 10 < days < 13


def test_lesson_02_bad_batch_is_refused(lesson):
    """The check lets a good version pass, refuses the bad one, and nothing of it stands in the table."""
    [shift] = lesson.numbers(r"v3 beside v2: mean answer moved by (-0\.\d+)")
    published, rows = lesson.numbers(r"Static: (\d+) of ([\d,]+) bad answers were published")
    callers, bad, good = lesson.numbers(
        r"until nine o'clock (\d+) callers had one; mean answer (0\.\d+) in place of (0\.\d+)"
    )

    assert "v2 beside v1: nothing against it" in lesson.text
    assert shift < -0.07
    assert (published, rows > 500, callers > 150) == (0, True, True)
    assert bad < 0.7 * good


def test_lesson_02_cache_serves_the_old_model(lesson):
    """Without the version in the key nearly all answers are v1's; with it none, but then the storm is repeated."""
    [said] = lesson.numbers(r"The week after v2 went live: (\d+)% of the answers still came from v1")
    alone, version, day, none = (
        table_row(lesson, name) for name in ("key alone", "key and version", "key, version and day", "no cache")
    )

    assert said > 90
    assert (version[1], day[1], none[1]) == (0, 0, 0)
    assert version[2] > alone[2] > none[2] + 0.03
    assert day[2] == pytest.approx(none[2], abs=0.005)
    assert version[0] > 0.7
    assert day[0] < 0.1


def test_lesson_02_zero_is_an_answer(lesson):
    """The careless line finds about half of the cached answers, the careful one all."""
    [careless] = lesson.numbers(r"if cache\.get\(key\): +(\d+)% found")
    [careful] = lesson.numbers(r"if cache\.get\(key\) is not None: (\d+)% found")

    assert 40 < careless < 62
    assert careful == 100


def test_lesson_02_training_and_inference_are_two_choices(lesson):
    """Each choice lowers July's loss with either state of the other; fresh weather gains less for a January model."""
    ahead, on_demand = table_row(lesson, "ahead, at midnight"), table_row(lesson, "on demand")

    assert ahead[0] > on_demand[0]
    assert ahead[1] > on_demand[1]
    assert ahead[0] > ahead[1]
    assert on_demand[0] > on_demand[1]
    assert ahead[1] - on_demand[1] > 2 * (ahead[0] - on_demand[0])


def test_lesson_02_sides_mirror_each_other(lesson):
    """Static is better in cost and memory, dynamic in the two measures that concern the answer."""
    static, dynamic = table_row(lesson, "static"), table_row(lesson, "dynamic")

    assert [mine < other for mine, other in zip(static, dynamic, strict=True)][2:] == [True, True, False, False]
    assert static[4] == pytest.approx(12, abs=2)
    assert static[5] == pytest.approx(12, abs=0.6)
    assert dynamic[2] > 10 * static[2]


@pytest.mark.deep  # depends on the speed of the machine, which make test must not
def test_lesson_02_sides_differ_in_waiting_too(lesson):
    """Static is better in four of six measures."""
    static, dynamic = table_row(lesson, "static"), table_row(lesson, "dynamic")

    assert [mine < other for mine, other in zip(static, dynamic, strict=True)][:2] == [True, True]


def test_lesson_02_leaves_a_card(lesson):
    """A decision card with measured figures stands in the learner's folder."""
    card = (lesson.folder / "decision_card.md").read_text(encoding="utf-8")

    assert "| My system |" in card
    assert len(re.findall(r"0\.\d{3}", card)) == 2
    assert len(re.findall(r"\d MB", card)) == 2
    assert "nan" not in card


def test_lesson_02_tidies_up(lesson):
    """Of all that the lesson wrote the card alone is left, and no process works in its folder."""
    names = sorted(path.name for path in lesson.folder.iterdir() if not path.name.startswith("."))
    working = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            working += [child] if child.cwd() == str(lesson.folder) else []
    _, left = psutil.wait_procs(working, timeout=DYING_SECONDS)

    assert names == ["decision_card.md"]
    assert left == []


def test_lesson_02_quiz_says_what_was_measured(lesson):
    """The option that fits says what the lesson measured: seven in eight, mostly the old model."""
    right = {name: [o["text"] for o in q["options"] if o["right"]] for name, q in read_quiz(UNIT).items()}
    [found] = lesson.numbers(r"route, hour, weekday: .*never used, ([\d.]+)% of March found")

    assert right["one_row"] == ["On its own, hundreds of times more at least"]
    assert right["coverage"] == ["About seven in eight"]
    assert found / 100 == pytest.approx(7 / 8, abs=0.01)


def test_lesson_02_figures_can_be_heard(lesson):
    """Four figures, each with an alternative text, a caption and folded data."""
    assert len(lesson.figures) == 4
    for figure in lesson.figures:
        alt = re.search(r'role="img" aria-label="([^"]+)"', figure)
        assert alt
        assert len(alt[1]) > 60
        assert "<figcaption>" in figure
        assert "<details>" in figure


def test_lesson_02_page_loads_nothing(lesson):
    """The static page has the figures with their texts, and no output loads anything from another host."""
    page, _ = HTMLExporter(template_name="lab").from_notebook_node(lesson.notebook)

    assert len(re.findall(r'<svg aria-label="[^"]+"[^>]* role="img"', page)) == len(lesson.figures)
    for html in lesson.html:
        assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\((?!#)|@import""", html)


def test_lesson_02_is_silent_on_stderr(lesson):
    """No cell warns, and the service logs nothing into the page."""
    streams = [output for cell in lesson.code for output in cell.outputs if output.output_type == "stream"]

    assert [output.text for output in streams if output.name == "stderr"] == []
