import math

import nbformat
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.errors import CourseError
from autograder.judge.evidence import in_hidden_part, observe
from autograder.judge.messages import masked
from autograder.judge.sanitise import sanitise
from autograder.judge.scoring import score
from autograder.model import Answer, CellRun, Outcome

ATTEMPTED = (
    Answer(name="double", source="def double(x): ...", attempted=True),
    Answer(name="total", source="def total(x): ...", attempted=True),
)
SILENT = {name: CellRun(name=name) for name in ("double", "plain", "negative", "total", "share")}


def results(small, *runs: CellRun, answers=ATTEMPTED):
    cells = {**SILENT, "share": CellRun(name="share", value=2.0), **{run.name: run for run in runs}}
    return {result.check: result for result in score(small.unit, answers, tuple(cells.values()))}


def failed(name="plain", error="AssertionError", message="", **more):
    return CellRun(name=name, error_name=error, error_message=message, **more)


def error(ename="AssertionError", evalue="", traceback=()):
    return NotebookNode(output_type="error", ename=ename, evalue=evalue, traceback=list(traceback))


def result_of(text):
    return NotebookNode(output_type="execute_result", data={"text/plain": text}, metadata={}, execution_count=1)


def test_full_marks(small):
    """Silence of a check that ran, and a number equal to its points, earn all points and need no words."""
    found = results(small)

    assert [(each.outcome, each.earned, each.message + each.next_step) for each in found.values()] == [
        (Outcome.PASSED, 1.0, ""),
        (Outcome.PASSED, 1.5, ""),
        (Outcome.PASSED, 2.0, ""),
    ]


def test_silence_earns_nothing(small):
    """A check that nothing was reported on scores zero."""
    found = score(small.unit, ATTEMPTED, ())

    assert {(Outcome.NOT_RUN, 0.0)} == {(each.outcome, each.earned) for each in found}


def test_untouched_exercise_earns_nothing(small):
    """An exercise as released scores zero, even if its test cell passes by mistake."""
    answers = (Answer(name="double", source="", attempted=False), ATTEMPTED[1])
    found = results(small, answers=answers)

    assert [each.outcome for each in found.values()] == [Outcome.NOT_ATTEMPTED, Outcome.NOT_ATTEMPTED, Outcome.PASSED]
    assert found["plain"].message == "`double` is not written yet."
    assert 'hint("double")' in found["plain"].next_step


def test_assertion_gives_its_message_and_misconception(small):
    """The assert's own words reach the learner; the tag names the misconception and its next step."""
    found = results(small, failed(message="not doubled yet [misconception: adds_two]"))["plain"]

    assert (
        found.outcome,
        found.earned,
        found.message,
        found.misconception,
        found.next_step,
    ) == (Outcome.WRONG, 0.0, "not doubled yet", "adds_two", "Try double(3) by hand.")


def test_unknown_misconception_keeps_its_name(small):
    """A misconception that the unit does not describe is recorded, with the general next step."""
    found = results(small, failed(message="no [misconception: other]"))["plain"]

    assert (found.misconception, "hint(" in found.next_step) == ("other", True)


def test_bare_assertion_says_something(small):
    """An assert without a message still ends in a sentence."""
    assert results(small, failed())["plain"].message.endswith("does not hold yet.")


def test_error_names_the_learners_own_line(small):
    """Another exception is named with the line of the learner's cell."""
    found = results(small, failed(error="ValueError", message="bad", error_cell="double", error_line=3))["plain"]

    assert found.outcome == Outcome.ERROR
    assert found.message == "Your answer stopped with ValueError: bad (line 3 of your cell `double`)."


def test_a_stub_that_is_left_is_not_an_error(small):
    """An answer of which one part is still the released stub is told so, and not that it stopped."""
    stub = failed(error="NotImplementedError", message="not written yet", error_cell="double", error_line=3)
    found = results(small, stub)["plain"]

    assert found.message == "A part of your answer is not written yet (line 3 of your cell `double`)."


def test_error_within_the_test_blames_what_came_back(small):
    """An exception that arose in the test itself speaks of what the answer gave back."""
    found = results(small, failed(error="TypeError", message="'NoneType' object is not subscriptable"))["plain"]

    assert found.message.startswith("The check could not use what `double` gave back: TypeError")


def test_assertion_of_the_learner_is_an_error(small):
    """An assert in the learner's own code is not one of the test and names no misconception."""
    found = results(small, failed(message="x [misconception: adds_two]", error_cell="double", error_line=1))["plain"]

    assert (found.outcome, found.misconception) == (Outcome.ERROR, None)


def test_answer_that_did_not_run_is_named(small):
    """A missing name is traced to the answer cell that stopped."""
    broken = failed("double", "SyntaxError", "invalid syntax", error_cell="double", error_line=2)
    found = results(small, broken, failed(error="NameError", message="name 'double' is not defined"))["plain"]

    assert found.message == "Your cell `double` stopped in line 2 with SyntaxError: invalid syntax."
    assert found.next_step.startswith("Run the cell `double` on its own")


@pytest.mark.parametrize(
    "limit", [Outcome.TIME, Outcome.MEMORY, Outcome.OUTPUT, Outcome.KILLED, Outcome.PLATFORM_FAULT]
)
def test_limits_are_told_apart(small, limit):
    """A limit that ended a check is its outcome, earns nothing and has advice of its own, whatever was observed."""
    found = results(small, CellRun(name="plain", limit=limit, value=1.0))["plain"]

    assert (limit, 0.0) == (found.outcome, found.earned)
    assert "hint" not in found.next_step
    assert found.message


def test_what_follows_a_dead_process_did_not_run(small):
    """Checks after the end of the process are not run, and the message names the cell that ended it."""
    dead = CellRun(name="plain", limit=Outcome.KILLED)
    late = [CellRun(name=name, ran=False) for name in ("negative", "total", "share")]
    found = results(small, dead, *late)

    assert [each.outcome for each in found.values()] == [Outcome.KILLED, Outcome.NOT_RUN, Outcome.NOT_RUN]
    assert "`plain`" in found["share"].message


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (True, "The visible part of this check passes here; a hidden part of it does not yet. Try your answer"),
        (False, "Run the visible check below your answer; `hint"),
        (None, "Run the visible check below your answer; if it passes there, a hidden part"),
    ],
)
@pytest.mark.parametrize("kind", ["AssertionError", "TypeError"])
def test_next_step_knows_which_part_stopped(small, kind, hidden, told):
    """A learner whose card says Passed is never sent to it as if it did not, nor to a hidden part that has no say."""
    found = results(small, failed(error=kind, message="no", hidden=hidden))["plain"]

    assert found.next_step.startswith(told)


def test_misconception_says_that_a_hidden_part_found_it(small):
    """The next step of a known mistake stands behind the reason why the visible card says Passed."""
    found = results(small, failed(message="no [misconception: adds_two]", hidden=True))["plain"]

    assert found.next_step.startswith("The visible part of this check passes here")
    assert found.next_step.endswith("Try double(3) by hand.")


def test_check_without_visible_code_has_no_parts(small):
    """A check that is hidden as a whole speaks of no visible part."""
    found = results(small, failed("negative", message="no", hidden=True))["negative"]

    assert found.next_step == 'Try your answer on a small case of your own; `hint("double")` gives a nudge.'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("invalid syntax (826660247.py, line 13)", "invalid syntax"),
        ("invalid syntax (<cell double>, line 13)", "invalid syntax"),
        ("'(' was never closed (<ipython-input-3-8f>, line 13)", "'(' was never closed"),
        ("unmatched ')' (near the end)", "unmatched ')' (near the end)"),
    ],
)
def test_syntax_error_says_its_line_once(small, text, told):
    """Python's own address of a syntax error names a file that no learner knows."""
    broken = failed("double", "SyntaxError", text, error_cell="double", error_line=13)
    found = results(small, broken, failed(error="NameError", message="name 'double' is not defined"))["plain"]

    assert found.message == f"Your cell `double` stopped in line 13 with SyntaxError: {told}."


CHECK = """# Check plain (1 point): is it doubled?
assert double(1) == 2, "one"
### BEGIN HIDDEN TESTS
for number in (3, 4):
    assert double(number) == 2 * number, "hidden"
### END HIDDEN TESTS"""


@pytest.mark.parametrize(("line", "hidden"), [(2, False), (4, True), (5, True), (None, None), (70, None)])
def test_line_of_a_check_lies_in_its_hidden_part(line, hidden):
    """What stands below nbgrader's mark is hidden; a line that the check does not have tells nothing."""
    assert in_hidden_part(CHECK, line) is hidden


@pytest.mark.parametrize(
    ("frames", "hidden"),
    [
        (("Cell In[7], line 2",), False),
        (("Cell In[7], line 5", "Cell In[3], line 2, in double(x)"), True),
        (("\x1b[36mCell In[7]\x1b[39m\x1b[32m, line 5\x1b[39m", "File lib.py:2, in close"), True),
        (("Cell In[3], line 2",), None),  # no line of the check is known
        ((), None),
    ],
)
def test_traceback_tells_which_part_stopped(frames, hidden):
    """The outermost line is the check's own, whoever raised in the end."""
    run = observe("plain", [error(traceback=frames)], graded=True, learners_cells={3: "double"}, source=CHECK)

    assert run.hidden is hidden


def test_warning_counts_as_in_nbgrader(small):
    """Anything on stderr fails a check, and the message says so."""
    found = results(small, CellRun(name="plain", stderr=True, error_message="RuntimeWarning: divide by zero"))["plain"]

    assert (found.outcome, found.earned) == (Outcome.ERROR, 0.0)
    assert "warning" in found.message


def test_partial_credit(small):
    """A number between is partial credit, zero is none."""
    assert (
        (found := results(small, CellRun(name="share", value=0.5))["share"]).outcome,
        found.earned,
    ) == (Outcome.PARTIAL, 0.5)
    assert results(small, CellRun(name="share", value=0.0))["share"].outcome == Outcome.WRONG


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.5, 2.5])
def test_impossible_points_are_the_authors_error(small, value):
    """NaN, negative and too many points never become marks."""
    with pytest.raises(CourseError, match="share"):
        results(small, CellRun(name="share", value=value))


@pytest.mark.parametrize("text", ["np.float64(0.0)", "True", "'1.0'", "array([1.])", "1.0\n", "1_0", "None"])
def test_result_that_is_no_plain_number_is_the_authors_error(text):
    """A test cell that ends in a NumPy scalar or any object never earns full marks."""
    with pytest.raises(CourseError, match="no plain number"):
        observe("share", [result_of(text)], graded=True, learners_cells={})


def test_other_cells_may_end_in_anything():
    """An answer cell that shows a value is no number of points."""
    assert observe("double", [result_of("np.float64(0.0)")], graded=False, learners_cells={}).value is None


def frames(*lines):
    return [f"\x1b[36mCell\x1b[39m \x1b[32mIn[{count}]\x1b[39m\x1b[32m, line {line}\x1b[39m" for count, line in lines]


def test_innermost_learners_line_is_found():
    """Of several frames the learner's innermost one is named, also if a library raised below it."""
    output = error("ValueError", "bad", [*frames((4, 2), (2, 9), (2, 5)), "File /usr/lib/x.py:3, in f"])
    run = observe("plain", [output], graded=True, learners_cells={2: "double"})

    assert (run.error_cell, run.error_line) == ("double", 5)


def test_assertion_of_the_test_below_a_learners_frame_stays_the_tests():
    """A test's stub that the learner's code calls asserts for the test."""
    output = error(evalue="called too early", traceback=frames((4, 2), (2, 9), (4, 1)))

    assert observe("plain", [output], graded=True, learners_cells={2: "double"}).error_cell is None


def test_stderr_keeps_only_the_warning():
    """Of a warning its kind and text are kept, not the source line that Python prints below."""
    output = NotebookNode(
        output_type="stream", name="stderr", text="/tmp/x.py:3: RuntimeWarning: divide by zero\n  secret = f(hidden)\n"
    )

    assert observe("p", [output], graded=True, learners_cells={}).error_message == "RuntimeWarning: divide by zero"


def test_masked_messages_are_equal_for_equal_mistakes():
    """Numbers and quoted text do not tell clusters apart; names with digits stay."""
    assert masked("batch 3: 'LGA' gave -0.51e-3, not 1,000 in x2") == masked("batch 14: 'JFK' gave 7, not 2 in x2")
    assert "x2" in masked("in x2")


numbers = st.sampled_from(["0.0", "1.0", "0.5", "2.0", "1", "0", "1e-3", "nan", "inf", "-1.0", "5.0"])
outputs = st.one_of(
    st.builds(error, st.sampled_from(["AssertionError", "ValueError"]), st.text(max_size=5)),
    st.builds(result_of, numbers | st.text(max_size=5).filter(bool)),
    st.builds(
        lambda name, text: NotebookNode(output_type="stream", name=name, text=text),
        st.sampled_from(["stdout", "stderr"]),
        st.text(max_size=5),
    ),
    st.builds(lambda: NotebookNode(output_type="display_data", data={"text/plain": "0.0"}, metadata={})),
)


@settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(found=st.lists(outputs, max_size=4))
def test_points_are_those_of_nbgrader(small, cell_of, found):
    """For any outputs we give nbgrader's points, or say that the author must act; and so does the stored notebook."""
    cell = nbformat.from_dict(cell_of(small.source, "share"))
    cell.outputs = found
    try:
        run = observe("share", found, graded=True, learners_cells={})
        result = results(small, run)["share"]
    except CourseError:
        assume(False)
    assert determine_grade(cell) == (result.earned, 2.0)
    stored = sanitise(nbformat.v4.new_notebook(cells=[cell]), [result]).cells[0]
    assert determine_grade(stored) == (result.earned, 2.0)
    assert len(stored.outputs) <= 1
