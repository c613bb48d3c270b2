"""Each author's error says where it is and what to do."""

import re

import pytest

from autograder.authoring.build import build
from autograder.errors import CourseError

NAME_IN_PATH = "07_made_up"
HIDDEN_CELL = """# %% hidden
got = late_share([])
assert got != 0, because("nothing_is_zero", "No flight, no share: late_share returned 0.")
assert got is None, f"No flight: None was wanted, late_share returned {got}."
""".rstrip()
LAST = "# %%\n# submit()\n"
CASES = {
    # what is replaced, by what, and how the message reads
    "unknown tag": (
        "# %% setup:imports",
        "# %% setpu:imports",
        r"assignment.py:14 \(setpu:imports\): unknown tag.*'setup'",
    ),
    "unknown key": ("minutes=8", "minuts=8", "unknown key 'minuts'; did you mean 'minutes'"),
    "tag without a name": ("# %% setup:imports", "# %% setup", "'setup' needs a name.*write setup:some_name"),
    "hidden with a name": (HIDDEN_CELL[:11], "# %% hidden:x", "'hidden' has no name"),
    "statement as code": (
        "late_share [markdown]",
        "late_share",
        "must be a markdown cell; add .markdown. behind exercise",
    ),
    "check as markdown": ("# %% check:no_flight", "# %% check:no_flight [markdown]", "must be a code cell; remove"),
    "a raw cell": ("# %%\n# hint", "# %% [raw]\n# hint", "a raw cell; only code and markdown"),
    "points missing": ("check:no_flight points=1", "check:no_flight", "points is missing; write points=..."),
    "points of nothing": (
        "check:no_flight points=1",
        "check:no_flight points=0",
        "points must be a number above 0; it is 0",
    ),
    "half a minute": ("minutes=8", "minutes=8.5", "minutes must be a whole number above 0; it is 8.5"),
    "check before an answer": (
        "# %% answer:late_share",
        '# %% check:early points=1 title="early?"\nassert 1, "x"\n\n# %% answer:late_share',
        r"\(check:early\): a check before any answer of 'late_share'; move it below one",
    ),
    "exercise without answer": (
        LAST,
        "# %% exercise:more [markdown] minutes=5\n# ## More (1 point)\n",
        "has no answer; add a cell '# %% answer:more'",
    ),
    "exercise without check": (
        LAST,
        "# %% exercise:more [markdown] minutes=5\n# ## More (1 point)\n\n"
        "# %% answer:more\n### BEGIN SOLUTION\n1\n### END SOLUTION\n",
        "has no check; add a cell '# %% check:some_name",
    ),
    "points disagree": ("(3 points)", "(4 points)", "heading says 4 points, its checks sum to 3"),
    "points not stated": (" (3 points)", "", "heading does not say the points; end it with"),
    "statement without heading": ("# ## 1. Which", "# Which", r"must begin with its heading; write '## Title"),
    "duplicate names": (
        "check:no_flight",
        "check:at_the_limit",
        r"'at_the_limit' stands at .*assignment.py:46.*rename one",
    ),
    "a check named like an answer": (
        "check:no_flight",
        "check:late_share",
        "'late_share' stands at .*answer:late_share",
    ),
    "answer of another name": ("answer:late_share", "answer:other", "tag it answer:late_share"),
    "no solution": ("### BEGIN SOLUTION", "", "must stand between '### BEGIN SOLUTION'"),
    "a stub that does not parse": (
        "    ### BEGIN SOLUTION\n    if len(delays) == 0:\n",
        "    if len(delays) == 0:\n    ### BEGIN SOLUTION\n",
        "stub.*expected an indented block",
    ),
    "solution outside": ('# hint("late_share")', "### BEGIN SOLUTION", "a solution outside of an answer"),
    "hidden apart": (HIDDEN_CELL, f"# %%\n1\n\n{HIDDEN_CELL}", "a hidden cell without a check; put it right below"),
    "check that tests nothing": (HIDDEN_CELL, "", r"check:no_flight\): tests nothing; add asserts"),
    "assert without message": (
        'close(got, 0.5), f"Two of',
        'close(got, 0.5)  # f"Two of',
        "close.got, 0.5.' has no message",
    ),
    "code that does not parse": ("got = late_share([])", "got = late_share([)", "line 1 of the cell: .*mend the code"),
    "check that opens a file": (
        "got = late_share([])",
        'got = open("x")',
        "never opens a file; use exercises.testing.workspace",
    ),
    "locked above answers": ("# %% setup:imports", "# %% locked:imports", "is set-up; tag it setup:imports"),
    "set-up below answers": (LAST, "# %% setup:late\n1\n", "set-up below an answer; move it above"),
    "locked uses an answer": (LAST, "# %% locked:late\nlate_share([1])\n", "uses late_share of an answer"),
    "no exercise": (
        "# %% exercise:late_share [markdown] minutes=8",
        "# %% [markdown]",
        "stands before the first exercise; open one",
    ),
    "image without alt text": (
        "Write your answers",
        "![](a.png) Write",
        "image without alt text; write !.what it shows",
    ),
    "image tag without alt text": ("Write your answers", '<img src="a.png">', "has no alt text; add alt="),
    "heading that jumps": ("# ## Submit", "# #### Submit", "heading 'Submit' jumps to level 4; use at most ###"),
    "first heading": ("# # Exercises", "# ## Exercises", "jumps to level 2; use #, because it is the first"),
    "remote image": ("Write your answers", "![a](https://x.org/a.png) Write", "loads something from another host"),
    "remote script": ("# submit()", "HTML(\"<script src='https://x.org/a.js'>\")", "loads something from another host"),
    "unknown quiz": ("# submit()", 'quiz("07.which_shares")', "is not in quiz.toml; did you mean '07.which_share'"),
    "unknown hint": ("# submit()", 'hint("late_shares")', "is unknown; did you mean 'late_share'"),
    "unknown header key": (
        "    question:",
        "    questoin:",
        "unknown key 'questoin' in the header; did you mean 'question'",
    ),
    "another title": ("title: A new unit", "title: B", "say a different title; make them agree"),
    "no minutes": (" minutes=8", "", "minutes is missing"),
    "text before the first cell": (
        "# %% [markdown]\n# # Exercises",
        "x = 1\n\n# %% [markdown]\n# # Exercises",
        "in front of the first cell",
    ),
}
OTHER_FILES = {
    "two hints": (
        "hints.toml",
        "    \"Which flights does the word 'more' leave out?\",\n",
        "",
        "exactly 3 hints, each a text; it has 2",
    ),
    "hints of nobody": (
        "hints.toml",
        "[late_share]",
        "[late_shares]",
        "unknown exercise .late_shares.; did you mean 'late_share'",
    ),
    "hints key": ("hints.toml", "hints =", "hint =", "unknown key 'hint'; did you mean 'hints'"),
    "option without feedback": (
        "quiz.toml",
        'feedback = "One flight is',
        'feedbak = "One',
        "option 'a': unknown key 'feedbak'; did you",
    ),
    "empty feedback": (
        "quiz.toml",
        'feedback = "Yes: 40 and 16. The flight at exactly 15 minutes is on time."',
        'feedback = ""',
        "option 'b': feedback = .* is missing",
    ),
    "no right option": ("quiz.toml", "right = true", "right = false", "no option is right; set right = true"),
    "two equal keys": ("quiz.toml", 'key = "b"', 'key = "a"', "two options have the same key"),
    "right as text": ("quiz.toml", "right = true", 'right = "yes"', "option 'b': right must be true or false"),
    "quiz never asked": ("quiz.toml", "which_share", "other", "quiz.*is not in quiz.toml|is never asked"),
    "alternative of nobody": ("alternative.py", "answer:late_share", "answer:late", "unknown answer 'late'"),
    "alternative untagged": ("alternative.py", "# %% answer:late_share", "# %%", "only cells '# %% answer:some_name'"),
    "no head": ("mistakes/limit_included.py", "# /// mistake", "# mistake", "must begin with '# /// mistake'"),
    "head key": (
        "mistakes/limit_included.py",
        "caught_by",
        "caughtby",
        "unknown key 'caughtby' in the head; did you mean 'caught_by'",
    ),
    "head key missing": (
        "mistakes/limit_included.py",
        '# message = "exactly 15 minutes"\n',
        "",
        "message is missing in the head",
    ),
    "unknown check": (
        "mistakes/limit_included.py",
        '"at_the_limit"',
        '"at_limit"',
        "unknown check 'at_limit'; did you mean 'at_the_limit'",
    ),
    "unknown exercise": ("mistakes/limit_included.py", '"late_share"', '"late"', "unknown exercise 'late'"),
    "misconception twice": (
        "mistakes/limit_included.py",
        '"limit_included"',
        '"nothing_is_zero"',
        "stands in limit_included.py too; rename",
    ),
    "mistake does not parse": ("mistakes/limit_included.py", "if not delays:", "if not delays", "expected ':'"),
}


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}; mend the test"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "message"), CASES.values(), ids=CASES)
def test_an_error_in_the_assignment_is_told(course, folder, old, new, message):
    """The message names the file and the remedy."""
    spoil(folder / "assignment.py", old, new)

    with pytest.raises(CourseError, match=re.compile(message, re.DOTALL)) as caught:
        build(course)

    assert NAME_IN_PATH in str(caught.value)


@pytest.mark.parametrize(("name", "old", "new", "message"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_an_error_in_another_file_is_told(course, folder, name, old, new, message):
    """Hints, quiz, alternative and mistakes are held against the exercises too."""
    spoil(folder / name, old, new)

    with pytest.raises(CourseError, match=message) as caught:
        build(course)

    assert NAME_IN_PATH in str(caught.value)


def test_links_that_a_reader_may_follow_are_fine(course, folder):
    """Only what loads by itself is refused: prose may point to the outside."""
    spoil(
        folder / "lesson.py", "# ## Predict first", "# [Where to read on](https://example.org)\n#\n# ## Predict first"
    )

    assert build(course)


def test_a_heading_in_a_code_fence_is_no_heading(course, folder):
    """A shell comment in an example is not a jump."""
    spoil(folder / "lesson.py", "# ## Predict first", "# ```\n# ### make\n# ```\n#\n# ## Predict first")

    assert build(course)


def test_a_marker_inside_a_string_begins_no_cell(course, folder):
    """Line numbers stay right although a string holds a marker."""
    spoil(folder / "lesson.py", "delays = [", 'text = """\n# %% no cell\n"""\ndelays = [')
    spoil(folder / "lesson.py", "print(f", "assert share\nprint(f")

    with pytest.raises(CourseError, match=r"lesson.py:29: 'assert share' has no message"):
        build(course)
