"""Unit 03's exercises: what the calibration of every unit does not ask."""

import inspect
import re
import sys

import numpy as np
import pandas as pd
import pytest
from exercise_reading import CODE_SPAN, FENCE, read_exercises, sentences

import exercises
from exercises import testing
from exercises.flights import load_decisions, load_weather

UNIT = read_exercises("03_transformation")
TWO_HOURS, THREE_HOURS = pd.Timedelta(hours=2), pd.Timedelta(hours=3)


@pytest.fixture(autouse=True)
def new_processes(monkeypatch):
    """Outside of a notebook nothing can be replayed: call the function here instead."""

    def call(name, *args, hash_seed=0):
        return sys._getframe(1).f_globals[name](*args)

    monkeypatch.setattr(testing, "in_fresh_process", call)


@pytest.fixture(scope="module")
def answers():
    return UNIT.run({}, kinds=("setup", "answer"))


@pytest.mark.parametrize("secret", [f"secret {number}" for number in range(8)])
@pytest.mark.parametrize("solution", [{}, UNIT.alternative], ids=["reference", "alternative"])
def test_no_secret_accuses_a_right_answer(monkeypatch, secret, solution):
    """Whatever hidden inputs an instructor's secret draws, a right answer passes every check."""
    monkeypatch.setenv("COURSE_HIDDEN_SEED", secret)

    UNIT.run(solution)


def test_every_named_misconception_has_its_wrong_answer():
    """A check names exactly the misconceptions that mistakes/ demonstrates."""
    assert UNIT.named == {mistake.misconception for mistake in UNIT.mistakes}


@pytest.mark.parametrize("statement", UNIT.statements, ids=lambda cell: cell.name)
def test_an_exercise_knows_ten_mistakes(statement):
    """At least ten wrong answers are known for each exercise."""
    assert sum(mistake.exercise == statement.name for mistake in UNIT.mistakes) >= 10


@pytest.mark.parametrize("statement", UNIT.statements, ids=lambda cell: cell.name)
def test_the_plain_case_comes_first_and_earns_a_third(statement):
    """The first check of an exercise is visible and earns at least a third of the exercise."""
    checks = UNIT.checks(statement)

    assert checks[0].source.count("assert ") >= 3
    assert checks[0].options["points"] >= sum(check.options["points"] for check in checks) / 3


@pytest.mark.parametrize("statement", UNIT.statements, ids=lambda cell: cell.name)
def test_a_statement_says_what_a_learner_needs(statement):
    """Minutes, what to write, where learners get stuck, which hint helps, and the sources."""
    text = statement.source

    assert "**Write" in text
    assert f'`hint("{statement.name}")`' in text
    assert "get stuck" in text
    assert "*Sources: " in text
    assert statement.options["minutes"] in range(10, 21)


def test_the_first_part_takes_eight_lines():
    """Both parts of a, fit and transform of the first exercise have at most eight lines, as its statement promises."""
    (answer,) = [cell for cell in UNIT.cells if cell.kind == "answer" and cell.name == "transform_artifact"]
    parts = [part.split("### END SOLUTION")[0] for part in answer.source.split("### BEGIN SOLUTION\n")[1:]]

    assert sum(len([line for line in part.splitlines() if line.strip()]) for part in parts[:2]) <= 8


@pytest.mark.parametrize("cell", UNIT.prose, ids=lambda cell: cell.where)
def test_sentences_are_short(cell):
    """No sentence a learner reads has 25 words or more."""
    assert [sentence for sentence in sentences(cell.source) if len(sentence.split()) >= 25] == []


def test_statements_hold_no_measured_figure():
    """What the lesson measures is said there, by code; a statement that repeats it would grow stale."""
    prose = [CODE_SPAN.sub("", FENCE.sub("", cell.source)) for cell in UNIT.prose]

    assert [text for text in prose if re.search(r"(?<![\w.])0?\.\d{3}(?!\d)", text)] == []


def test_no_message_scolds():
    """Messages say what came and what to look at, never "wrong" or "failed"."""
    texts = [text for mistake in UNIT.mistakes for text in (mistake.title, mistake.next_step)]

    assert [text for text in [*UNIT.tests, *texts] if re.search(r"\b(wrong|fail(ed|s)?|incorrect)\b", text, re.I)] == []


def test_the_minimum_route_says_what_it_brings():
    """The page marks an end for today and the minimum route, with the share of the points that it brings."""
    prose = "\n".join(cell.source for cell in UNIT.prose)
    points = [sum(check.options["points"] for check in UNIT.checks(statement)) for statement in UNIT.statements]
    share = sum(points[:3]) / sum(points)

    assert "Enough for today?" in prose
    assert f"{sum(points[:3]):g} of {sum(points):g} points, which is {share:.0%}".replace("%", " %") in prose


def test_the_tool_is_shown_before_the_join(capsys):
    """The worked cell before exercise 2 runs by itself, and shows what the prose reads aloud."""
    names = [cell.name if cell.kind == "exercise" else cell.source for cell in UNIT.cells]
    (worked,) = [cell for cell in UNIT.cells if cell.source.startswith("readings = ")]
    namespace = UNIT.run({}, kinds=("setup",))
    exec(compile(worked.source, worked.where, "exec"), namespace)
    printed = capsys.readouterr().out

    assert names.index(worked.source) < names.index("asof_join")
    assert "datetime64[ns, UTC] in place of datetime64[us, UTC]" in printed
    assert "in order of time, with the index [0, 1]" in printed
    assert "{'late': 72.0, 'early': 71.1}" in printed


@pytest.mark.parametrize("given", ["stable_hash", "content_hash", "atomic_write", "population_stability"])
def test_what_is_given_is_named(given):
    """A helper that the set-up imports is named in a statement, and has an explanation of its own."""
    assert any(given in cell.source for cell in UNIT.statements)
    assert len(inspect.getdoc(getattr(exercises, given))) > 200


def test_the_join_finds_the_weather_of_the_course(answers):
    """On real flights the join gives the very weather that `load_decisions` was made of."""
    decisions = load_decisions(quick=True).iloc[::400].reset_index(drop=True)
    asked = decisions[["origin", "row"]].astype({"origin": "str"})
    asked["time_hour"] = decisions["decided_at"] + TWO_HOURS
    weather = load_weather()[["origin", "time_hour", "temp", "wind_speed"]].astype({"origin": "str"})
    found = answers["asof_join"](asked, weather, on="time_hour", by="origin", lead=TWO_HOURS, max_age=THREE_HOURS)

    assert len(decisions) > 150
    np.testing.assert_array_equal(found["temp"], decisions["temp"])
    np.testing.assert_array_equal(found["age"].dt.total_seconds() / 3600, decisions["weather_age"])


def test_the_four_parts_work_together(answers, tmp_path):
    """An artifact, its materialized features, a log of its service and a report: no skew, until the unit changes."""
    raw = pd.DataFrame({"id": range(60), "temp": np.linspace(20.0, 99.0, 60), "carrier": ["UA", "B6", "DL"] * 20})
    artifact = answers["TransformArtifact"]("temp", "carrier").fit(raw, raw["id"] < 40)

    def transform(frame):
        return artifact.transform(frame)

    path = answers["materialize"](raw, transform, tmp_path, code_version=artifact.fingerprint(), params={})
    log = answers["read_features"](path).assign(id=raw["id"]).sample(frac=1, random_state=3)
    clean = answers["skew_report"](log, raw, transform, "id")
    celsius = artifact.transform(raw.assign(temp=(raw["temp"] - 32) / 1.8)).assign(id=raw["id"])
    faulty = answers["skew_report"](celsius, raw, transform, "id").set_index("feature")

    assert clean["mismatch_rate"].tolist() == [0.0] * 4
    assert faulty["mismatch_rate"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert faulty.loc["temp", "psi"] > 1
