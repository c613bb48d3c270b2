"""The authors' guide is run: each of its examples of a learner's answer and a check, in an IPython shell of its own."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.authoring import rules
from autograder.authoring.mistakes import KEYS
from autograder.authoring.percent import ASSIGNMENT_TAGS, HEADER_KEYS, SourceCell, read_text
from autograder.protocol.limits import ITEMS, REVERSE_CALLS, Limits

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "for-authors.md"
TEXT = GUIDE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.history_manager.enabled = False
outcomes = []
for learner, test in json.load(sys.stdin):
    shell.reset(new_session=False)
    for cell in (learner, "# Check example\\n" + test):
        run = shell.run_cell(cell, store_history=True, silent=False)
        error = run.error_before_exec or run.error_in_exec
        outcomes.append(f"{type(error).__name__}: {error}" if error else None)
        outcomes.append(repr(run.result))
print("\\n" + json.dumps(outcomes))
"""


def blocks(language):
    return [match[2] for match in BLOCK.finditer(TEXT) if match[1] == language]


def examples():
    """Yield each example as (heading above it, learner's cell, check cell)."""
    for match in BLOCK.finditer(TEXT):
        if match[1] == "python":
            heading = [found[1] for found in HEADING.finditer(TEXT, 0, match.start())][-1]
            learner, test = match[2].removeprefix("# learner\n").split("\n# test\n")
            yield heading, learner, test


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
def outcomes():
    """All examples, run in one fresh IPython, as stock nbgrader's kernel would."""
    environment = {**os.environ, "NBGRADER_EXECUTION": "autograde", "IPYTHONDIR": os.devnull}
    run = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps([example[1:] for example in EXAMPLES]),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=environment,
    )
    assert run.returncode == 0, run.stderr
    flat = json.loads(run.stdout.splitlines()[-1])
    return [flat[start : start + 4] for start in range(0, len(flat), 4)]


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[example[0] for example in EXAMPLES])
def test_an_example_of_the_guide_runs(outcomes, number):
    """Learner's cell and check of each example run, and the check passes."""
    learner_error, _, test_error, _ = outcomes[number]

    assert (learner_error, test_error) == (None, None)


def test_the_example_of_partial_credit_ends_in_a_plain_number(outcomes):
    """The one example that gives points ends in a float, not in a NumPy scalar."""
    values = [result for *_, result in outcomes if result != "None"]

    assert values == ["2.0"]


@pytest.mark.parametrize("rule", range(1, 9))
def test_every_rule_of_the_two_processes_has_an_example(rule):
    """Sections 1 to 8 of the contract each hold an example that is run."""
    assert any(heading.startswith(f"{rule} ") for heading, _, _ in EXAMPLES)


@pytest.mark.parametrize(("heading", "test"), [(heading, test) for heading, _, test in EXAMPLES])
def test_the_checks_of_the_guide_keep_its_own_rules(heading, test):
    """The guide's checks give a message with every assert and open no path."""
    cell = SourceCell(cell_type="code", kind="check", name="example", source=test, where=heading)

    rules.check_asserts(cell, rules.parse(cell))
    assert "open(" not in test


def test_the_tags_of_the_guide_are_those_of_the_build():
    """The table of tags names every tag that the build knows, and no other."""
    named = set(re.findall(r"^\| `# %% ([a-z]+)", TEXT, re.MULTILINE))

    assert named == set(ASSIGNMENT_TAGS)


def test_the_header_of_the_guide_is_read():
    """The header in the guide is one that the build accepts, with all its keys."""
    header = next(text for text in blocks("") if text.startswith("# ---"))

    assert set(read_text(header + "\n# %% [markdown]\n# # X\n", GUIDE, ASSIGNMENT_TAGS).header) == HEADER_KEYS


def test_the_head_of_a_mistake_has_its_keys():
    """The head of a mistake in the guide names every key, and no other."""
    head = next(text for text in blocks("") if text.startswith("# /// mistake"))
    toml = "".join(line.removeprefix("# ") for line in head.splitlines(keepends=True)[1:-1])

    assert set(tomllib.loads(toml)) == KEYS


def test_the_toml_of_the_guide_is_valid():
    """Hints and quiz in the guide can be read."""
    assert [list(tomllib.loads(text)) for text in blocks("toml")] == [["retrain_plan"], ["predict_july"]]


def test_the_limits_of_the_guide_are_those_of_the_protocol():
    """Seconds, sizes and counts in the text are the protocol's own."""
    limits = Limits()
    section = TEXT[TEXT.index("### 8 ") :]

    for number in (
        f"{limits.call_seconds:g} s",
        f"{limits.cell_seconds:g} s",
        f"{limits.total_seconds:g} s",
        f"{limits.frame_bytes >> 20} MiB",
        f"{limits.text_bytes >> 20} MiB",
        f"{limits.depth} deep",
        f"{ITEMS:,} items",
    ):
        assert number in section
    assert f"{REVERSE_CALLS:,} in all" in TEXT
