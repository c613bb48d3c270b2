"""Unit 02's exercises: what the calibration of every unit does not ask."""

import re

import pytest
from exercise_reading import CODE_SPAN, FENCE, read_exercises, sentences

UNIT = read_exercises("02_inference")


@pytest.mark.parametrize("secret", [f"secret {number}" for number in range(8)])
@pytest.mark.parametrize("answers", [{}, UNIT.alternative], ids=["reference", "alternative"])
def test_no_secret_accuses_a_right_answer(monkeypatch, secret, answers):
    """Whatever hidden inputs an instructor's secret draws, a right answer passes every check."""
    monkeypatch.setenv("COURSE_HIDDEN_SEED", secret)

    UNIT.run(answers)


def test_every_named_misconception_has_its_wrong_answer():
    """A check names exactly the misconceptions that mistakes/ demonstrates."""
    assert UNIT.named == {mistake.misconception for mistake in UNIT.mistakes}


@pytest.mark.parametrize("statement", UNIT.statements, ids=lambda cell: cell.name)
def test_an_exercise_knows_five_mistakes(statement):
    """At least five wrong answers are known for each exercise."""
    assert sum(mistake.exercise == statement.name for mistake in UNIT.mistakes) >= 5


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


def test_the_first_exercise_takes_eight_lines():
    """Its solution has at most eight lines, as its statement promises."""
    (answer,) = [cell for cell in UNIT.cells if cell.kind == "answer" and cell.name == "coverage"]
    solution = answer.source.split("### BEGIN SOLUTION\n")[1].split("### END SOLUTION")[0]

    assert len([line for line in solution.splitlines() if line.strip()]) <= 8


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


def test_the_minimum_route_says_what_it_lacks():
    """The page marks the minimum route, says that it misses the badge's 80 %, and marks an end for today."""
    prose = "\n".join(cell.source for cell in UNIT.prose)

    assert "Enough for today?" in prose
    assert "does not reach the 80 %" in prose


def test_the_tools_are_shown_before_the_store():
    """A transaction and a fake clock are worked out once before the exercise that needs them."""
    names = [cell.name if cell.kind == "exercise" else cell.source for cell in UNIT.cells]
    store = names.index("prediction_store")

    assert any("with seats:" in text for text in names[:store])
    assert any("FakeClock" in text and "clock.advance" in text for text in names[:store])


def test_worked_cells_print_what_the_prose_reads_aloud(capsys):
    """The cells between the exercises run on their own, and show a rollback and an age of exactly three hours."""
    namespace = UNIT.run({}, kinds=("setup",))
    worked = [
        cell for cell in UNIT.cells if cell.source.startswith(("seats = ", "from exercises.testing import FakeClock\n"))
    ]
    for cell in worked:
        exec(compile(cell.source, cell.where, "exec"), namespace)
    printed = capsys.readouterr().out

    assert "rolled back: CHECK constraint" in printed
    assert "('UA 1545', 3)" in printed
    assert "0 days 03:00:00 False" in printed


def test_two_readers_see_whole_batches():
    """The store keeps its promise between two open connections: the old batch, then the new one, nothing between."""
    import pandas as pd

    from exercises.testing import workspace

    namespace = UNIT.run({}, kinds=("setup", "answer"))
    folder, moment = workspace(), pd.Timestamp("2013-07-01T00:00Z")
    writer, reader = (
        namespace["PredictionStore"](folder.path / "p.sqlite", ttl=pd.Timedelta(hours=1)) for _ in range(2)
    )
    writer.publish({"a": 0.25, "b": 0.25}, "june", moment)
    seen = []

    def look(batch):
        seen.append([reader.get(key, moment, model_version="june").probability for key in batch])
        return True

    writer.publish({"a": 0.5, "b": 0.5}, "june", moment, verify=look)
    look({"a": 0, "b": 0})

    assert seen == [[0.25, 0.25], [0.5, 0.5]]


SLY = {  # what an answer of the reference becomes: exercise, text, in its place
    "whole hours as ages": (
        "coverage",
        '(joined["at"] - joined[column] <= max_age)',
        '((joined["at"] - joined[column]).dt.floor("h") <= max_age)',
    ),
    "clocks on the wall": (
        "coverage",
        '(joined["at"] - joined[column] <= max_age)',
        '(joined["at"].dt.tz_convert("America/New_York").dt.tz_localize(None)'
        ' - joined[column].dt.tz_convert("America/New_York").dt.tz_localize(None) <= max_age)',
    ),
    "keys in any case": (
        "coverage",
        "requests.merge(batch_keys",
        'requests.assign(key=requests["key"].str.lower()).merge(batch_keys.assign(key=batch_keys["key"].str.lower())',
    ),
    "an answer remembered by its keys": (
        "coverage",
        "    joined = requests.merge",
        "    memo = coverage.__dict__.setdefault('memo', {})\n"
        "    asked = tuple(batch_keys['key']), tuple(requests['key']), tuple(fresh_columns)\n"
        "    requests = memo.setdefault(asked, requests)\n"
        "    joined = requests.merge",
    ),
    "columns rotated": ("check_parity", "rows[rows.columns[::-1]]", "rows[[*rows.columns[1:], rows.columns[0]]]"),
    "twenty differences at most": ("check_parity", "return mismatches", "return mismatches[:20]"),
    "a field of its own": ("check_parity", "predict_one(row))", "predict_one(row | {'label': 0}))"),
    "a thousand rows at a time": (
        "prediction_store",
        "with self.db:",
        "for start in range(0, len(rows), 1000):\n            with self.db:\n"
        '                self.db.executemany("INSERT OR REPLACE INTO predictions VALUES (?, ?, ?, ?)",'
        " rows[start:start + 1000])\n        with self.db:",
    ),
    "one ttl for all": ("prediction_store", "self.ttl = ttl", "type(self).ttl = ttl"),
    "the batch emptied": (
        "prediction_store",
        "for key, probability in batch.items()]",
        "for key, probability in [batch.popitem() for _ in list(batch)]]",
    ),
    "whole seconds as ages": ("prediction_store", "age=age)", 'age=age.floor("s"))'),
    "no look at an empty batch": ("prediction_store", "verify is not None and", "verify is not None and batch and"),
    "one model for all": ("online_service", "self.model = model", "type(self).model = model"),
    "one log for all": ("online_service", "self.log = log", "type(self).log = staticmethod(log)"),
    "losses forgotten": (
        "online_service",
        '"response": response})',
        '"response": response})\n            self.lost_entries = 0',
    ),
    "a model asked twice": (
        "online_service",
        'reason = "error"',
        'reason = "error"\n            try:\n                self.model.predict(features)\n'
        "            except Exception:\n                pass",
    ),
    "days of a deadline dropped": ("online_service", ") > deadline", ") > pd.Timedelta(seconds=deadline.seconds)"),
    "publishing in whole minutes": (
        "coverage",
        'joined["published_at"] <= joined["at"]',
        'joined["published_at"].dt.floor("min") <= joined["at"]',
    ),
    "the caller's list grows": (
        "coverage",
        "    fresh = published\n",
        "    fresh = published\n    fresh_columns.extend(fresh_columns[:1])\n",
    ),
    "the caller's index named": ("coverage", "    joined = ", '    requests.index.name = "request"\n    joined = '),
    "a hundred rows at most": ("check_parity", "    variants =", "    rows = rows.head(100)\n    variants ="),
    "missing values as None": (
        "check_parity",
        'rows.to_dict("records")]',
        '({name: None if v != v else v for name, v in row.items()} for row in rows.to_dict("records"))]',
    ),
    "half of the digits": (
        "check_parity",
        "abs(one - batch) <= atol",
        "abs(np.float32(one) - np.float32(batch)) <= atol",
    ),
    "a KeyError is an answer": (
        "check_parity",
        "    mismatches = []\n",
        "    mismatches, asked = [], predict_batch\n\n"
        "    def predict_batch(frame):\n        try:\n            return asked(frame)\n"
        "        except KeyError:\n            return np.full(len(frame), np.nan)\n\n",
    ),
    "keys without spaces": (
        "prediction_store",
        "self.db.execute(query, (key,))",
        "self.db.execute(query, (key.strip(),))",
    ),
    "versions in any case": (
        "prediction_store",
        "        if model_version not in by_version",
        "        by_version = {version.lower(): row for version, row in by_version.items()}\n"
        "        model_version = model_version.lower()\n        if model_version not in by_version",
    ),
    "one other version": (
        "prediction_store",
        '"other_version" if by_version',
        '"other_version" if len(by_version) == 1',
    ),
    "replaced in two commits": (
        "prediction_store",
        "        with self.db:\n",
        "        if not all(0 <= p <= 1 for p in batch.values()):\n            raise ValueError(batch)\n"
        '        remove = "DELETE FROM predictions WHERE key = ? AND model_version = ?"\n'
        "        with self.db:\n            self.db.executemany(remove, [row[:2] for row in rows])\n"
        "        with self.db:\n",
    ),
    "one database in memory for each path": (
        "prediction_store",
        "self.db = sqlite3.connect(path)",
        'path.write_text("a file")\n'
        '        self.db = type(self).__init__.__dict__.setdefault(path, sqlite3.connect(":memory:"))',
    ),
    "an endless temperature": (
        "online_service",
        "not lowest <= value <= highest",
        'not lowest <= value <= highest and value != float("inf")',
    ),
    "one fallback for all": (
        "online_service",
        "self.fallback(features), ",
        "self.__dict__.setdefault('mean', self.fallback(features)), ",
    ),
    "the version of the first answer": (
        "online_service",
        "self.model.version, None\n",
        "self.__dict__.setdefault('version', self.model.version), None\n",
    ),
    "a little over 1": (
        "online_service",
        "            if not 0 <= probability <= 1",
        "            if -0.001 < probability < 1.001:\n"
        "                probability = min(max(probability, 0.0), 1.0)\n            if not 0 <= probability <= 1",
    ),
    "two inputs at most": ("coverage", "for column in fresh_columns", "for column in fresh_columns[:2]"),
    "two versions at most": (
        "prediction_store",
        "        return True\n",
        "        with self.db:\n"
        '            newest = "SELECT model_version FROM predictions GROUP BY 1 ORDER BY max(as_of) DESC LIMIT 3"\n'
        '            self.db.execute(f"DELETE FROM predictions WHERE model_version NOT IN ({newest})")\n'
        "        return True\n",
    ),
    "floats alone are probabilities": (
        "prediction_store",
        "        with self.db:\n",
        "        assert all(isinstance(p, float | None) for p in batch.values()), batch\n        with self.db:\n",
    ),
    "some errors of a log": (
        "online_service",
        "except Exception:\n            self.lost",
        "except (OSError, LookupError):\n            self.lost",
    ),
    "elapsed in milliseconds": ("online_service", "elapsed=elapsed)", 'elapsed=elapsed.round("ms"))'),
    "a deadline in milliseconds": (
        "online_service",
        "pd.Timedelta(seconds=self.clock.monotonic() - started) > deadline",
        "round(self.clock.monotonic() - started, 3) > round(deadline.total_seconds(), 3)",
    ),
}


@pytest.mark.parametrize("name", SLY)
def test_a_sly_answer_does_not_pass(name):
    """What was once overlooked by the hidden tests is not overlooked again."""
    exercise, text, instead = SLY[name]
    [answer] = [cell for cell in UNIT.cells if cell.kind == "answer" and cell.name == exercise]
    assert text in answer.source

    with pytest.raises(AssertionError, match=r"[A-Za-z]"):
        UNIT.run({exercise: answer.source.replace(text, instead)})
