"""Calibration proves a good unit and finds each way in which one is not."""

import re

import pytest
from rich.console import Console

from autograder.authoring.build import build
from autograder.authoring.calibrate import calibrate
from autograder.errors import CourseError
from autograder.judge.scoring import score

NAME = "07_made_up"
ENTRY = """[[equivalent]]
exercise = "late_share"
line = "if len(delays) == 0:"
mutation = "`0` -> `1`"
reason = "Why."
"""


def calibrated(course, **options):
    build(course)
    return calibrate(course, NAME, score=score, jobs=1, **options)


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}; mend the test"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_unit_calibrates(course):
    """The scaffold's unit passes every trial."""
    report = calibrated(course)

    assert report.problems == ()
    assert report.ok
    assert [row.subject for row in report.rows] == [
        "reference",
        "alternative",
        "blank",
        "each check alone, all in reverse order",
        "mistake limit_included",
        "mistake nothing_is_zero",
        "mutants of late_share",
        "CPU of the checks",
    ]


def test_the_table_tells_everything(course):
    """What `course calibrate` prints names the trials, the CPU of each check and the survivors."""
    change(course.course / NAME / "assignment.py", "[6, 5, 4, 3], limit=5", "[60, 5, 4, 3], limit=5")
    console = Console(width=200, record=True, quiet=False)
    with console.capture() as captured:
        console.print(calibrated(course).table())
    shown = captured.get()

    assert "Calibration of 07_made_up" in shown
    assert "late_and_early" in shown


def test_eight_drawn_mutants_are_the_same_each_time(course):
    """`make test` tries a sample, and a red run can be repeated."""
    first, second = (calibrated(course, mutants_per_exercise=4) for _ in range(2))

    assert [fate.mutant for fate in first.mutants] == [fate.mutant for fate in second.mutants]
    assert len(first.mutants) == 4


TROUBLES = {
    "reference": (
        "assignment.py",
        "return sum(delay > limit",
        "return sum(delay >= limit",
        "reference: check at_the_limit: wrong: A flight at exactly 15",
    ),
    "alternative": (
        "alternative.py",
        "not delay > limit",
        "not delay >= limit",
        "alternative: check at_the_limit: wrong: A flight",
    ),
    "a check that passes on the blank": (
        "assignment.py",
        "got = late_share([])",
        "got = None",
        "blank: check no_flight: passes on the released notebook; let it call the answer",
    ),
    "a check that needs another": (
        "assignment.py",
        "got = late_share([])\nassert got != 0",
        "assert close(got, 0.25), 'x'\ngot = late_share([])\nassert got != 0",
        ".*check no_flight alone: error: .*must not use a name of another check",
    ),
    "a mistake that is not caught": (
        "mistakes/limit_included.py",
        'caught_by = ["at_the_limit"]',
        'caught_by = ["at_the_limit", "no_flight"]',
        "mistake limit_included: check no_flight passes; it must not",
    ),
    "a mistake caught elsewhere": (
        "mistakes/limit_included.py",
        "if not delays:\n        return None\n    ",
        "",
        "mistake limit_included: check no_flight does not pass either .error: .*; add it to caught_by",
    ),
    "another message": (
        "mistakes/limit_included.py",
        '"exactly 15 minutes"',
        '"exactly 16 minutes"',
        "mistake limit_included: no learner reads 'exactly 16 minutes'; they read: wrong: A flight",
    ),
    "another misconception": (
        "mistakes/limit_included.py",
        '"limit_included"',
        '"limit_is_late"',
        "mistake limit_included: nobody is told the misconception; assert because.'limit_is_late'",
    ),
    "too many alive": (
        "assignment.py",
        'assert close(got, 0.25), f"With',
        'assert True, f"With',
        "mutants of late_share: . alive, at most 0 may be; add a check, or argue in equivalent.toml",
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "problem"), TROUBLES.values(), ids=TROUBLES)
def test_a_fault_of_the_unit_is_told(course, folder, name, old, new, problem):
    """Each trial can go wrong, and its row says what to do."""
    change(folder / name, old, new)
    report = calibrated(course)

    assert not report.ok
    assert any(match(problem, line) for line in report.problems), report.problems


def test_a_slow_check_and_a_slow_unit_are_told(course, folder, monkeypatch):
    """CPU is counted for each check and for all of them."""
    monkeypatch.setattr("autograder.authoring.calibrate.CHECK_CPU_SECONDS", 0.02)
    change(folder / "assignment.py", "#   course:", "#   course:\n#     cpu_seconds: 0.03")
    burn = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end:\n    pass\n"
    change(folder / "assignment.py", "got = late_share([])", burn + "got = late_share([])")
    *_, row = calibrated(course, mutants_per_exercise=1).rows

    assert any(match(r"check no_flight takes \d\.\d\d s, at most 0.02 s", problem) for problem in row.problems)
    assert match(r"all checks take \d\.\d\d s, at most 0.03 s", row.problems[-1])


def match(pattern, line):
    return re.match(pattern, line, re.DOTALL)


def test_a_mutant_argued_to_be_equivalent_does_not_count(course, folder):
    """A survivor with a reason is no survivor."""
    change(folder / "assignment.py", "    return sum(delay", "    extra = 0 * 1\n    return sum(delay")
    entry = '[[equivalent]]\nexercise = "late_share"\nline = "extra = 0 * 1"\nmutation = "{}"\nreason = "Unused."\n'
    names = ("`extra = 0 * 1` -> `pass`", "`0 * 1` -> `0 / 1`", "`0` -> `1`", "`0` -> `-1`", "`1` -> `2`", "`1` -> `0`")
    (folder / "equivalent.toml").write_text("\n".join(entry.format(name) for name in names), encoding="utf-8")
    report = calibrated(course)

    assert report.problems == ()
    assert sum(fate.fate == "equivalent" for fate in report.mutants) == len(names)


def test_an_argument_that_a_check_refutes_is_told(course, folder):
    """Who argues for a killed mutant has not run it."""
    (folder / "equivalent.toml").write_text(
        '[[equivalent]]\nexercise = "late_share"\nline = "if len(delays) == 0:"\n'
        'mutation = "`len(delays) == 0` -> `len(delays) != 0`"\nreason = "Perhaps."\n',
        encoding="utf-8",
    )

    assert any("a check notices it; take it out" in line for line in calibrated(course).problems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("late_share", "late_shar", "unknown exercise 'late_shar'; did you mean 'late_share'"),
        ("if len(delays) == 0:", "if len(delays) == 1:", "stands in a line .*did you mean"),
        ("`0` -> `1`", "`0` -> `7`", "has no mutant '`0` -> `7`'; did you mean"),
        ("reason", "reasn", "unknown key 'reasn'; did you mean 'reason'"),
        ('"Why."', '""', 'reason = "..." is missing'),
        ("[[equivalent]]", "[[equal]]", "only tables ..equivalent.. may stand here"),
        ("[[equivalent]]", "[[equivalent", "not valid TOML"),
    ],
)
def test_an_argument_about_no_mutant_is_the_authors_error(course, folder, old, new, message):
    """Arguments that outlive their code are refused."""
    (folder / "equivalent.toml").write_text(ENTRY.replace(old, new), encoding="utf-8")

    with pytest.raises(CourseError, match=message):
        calibrated(course, mutants_per_exercise=1)


def test_an_argument_that_stands_twice_is_refused(course, folder):
    """One mutant, one reason."""
    (folder / "equivalent.toml").write_text(ENTRY * 2, encoding="utf-8")

    with pytest.raises(CourseError, match="number 2 stands twice"):
        calibrated(course, mutants_per_exercise=1)


def test_a_unit_without_an_alternative_cannot_be_calibrated(course, folder):
    """A second solution shows that the checks ask for behaviour, not for one way to write it."""
    (folder / "alternative.py").unlink()

    with pytest.raises(CourseError, match=r"alternative.py: is missing; write a second correct solution"):
        calibrated(course)


def test_the_stock_kernel_agrees_with_the_fast_runner(course, disagreements):
    """Reference, alternative, blank and every mistake earn the same, with the same words, in nbgrader's kernel."""
    build(course)

    assert disagreements(course, NAME, None) == {}
