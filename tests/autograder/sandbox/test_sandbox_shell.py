"""The shell in which cells run: what notebooks expect, within the limits."""

import json
import subprocess
import sys

import pytest

LIMIT = 5_000
SCRIPT = """
import json, sys
from autograder.sandbox.inside import linux
from autograder.sandbox.inside.server import settle_environment
settle_environment({folder!r})
from autograder.sandbox.inside.shell import Shell, cell_file
shell = Shell({limit})
def report(name, source):
    told = shell.execute(name, source)
    return [told.error_name, told.error_text, told.error_line, told.output.decode(), told.errors.decode(), told.cut]
def shown(source):
    return [[output.get('name') or sorted(output['data']) for output in shell.run('c', source).outputs]]
{body}
print(json.dumps(result), file=sys.__stdout__)
"""


@pytest.fixture
def in_shell(tmp_path):
    """Run lines with a fresh shell in an interpreter of its own; return what they call `result`."""

    def run(body: str, *, limit: int = LIMIT) -> object:
        script = SCRIPT.format(folder=str(tmp_path), limit=limit, body=body)
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-W", "ignore:To exit", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    return run


def test_a_cell_reports_what_it_printed_and_how_it_ended(in_shell):
    """Class, text and line of the error, and both streams apart."""
    result = in_shell(
        "result = [report('one', 'x = 1\\nprint(x)'),\n"
        "    report('two', 'import sys\\nprint(2, file=sys.stderr)\\nx / 0'),\n"
        "    report('three', 'x ='), report('four', 'def f():\\n    raise KeyError(5)\\n'), report('five', '1\\nf()')]"
    )

    assert result == [
        [None, "", None, "1\n", "", False],
        ["ZeroDivisionError", "division by zero", 3, "", "2\n", False],
        ["SyntaxError", "invalid syntax (<cell three>, line 1)", 1, "", "", False],
        [None, "", None, "", "", False],
        ["KeyError", "5", 2, "", "", False],
    ]


@pytest.mark.parametrize(
    "source",
    ["!ls", "x = !ls", "%%bash\nls", "%%sh\nls", "%sx ls", "!!ls", "%%script python\n1", "%%python3\n1", "%system ls"],
)
def test_no_command_of_the_system_runs(in_shell, source):
    """The message says what to use instead."""
    name, text, *_ = in_shell(f"result = report('c', {source!r})")

    assert (name, "not allowed in graded notebooks; use Python" in text) == ("UsageError", True)


def test_magics_work(in_shell):
    """Those that notebooks use."""
    result = in_shell(
        "result = [report('c', text)[:1] for text in\n"
        "    ('%time 1', '%%time\\nx = 1', '%matplotlib inline', '%precision 3', '%who', '%%capture out\\nprint(1)',\n"
        "     '%timeit -n1 -r1 1', 'out.stdout', 'await __import__(\"asyncio\").sleep(0)')]"
    )

    assert result == [[None]] * 9


def test_figures_and_values_are_shown_in_order(in_shell):
    """As images and text, without plt.show and with it."""
    result = in_shell(
        "import matplotlib.pyplot\n"  # it may find fonts for the first time, and says so if that takes long
        "source = 'import matplotlib.pyplot as plt\\nprint(1)\\n_ = plt.plot([1, 2])\\nplt.show()\\nprint(2)\\n3'\n"
        "frame = 'import pandas as pd; pd.DataFrame({\"a\": [1]})'\n"
        "result = shown(source) + shown(frame) + shown('_ = plt.plot([1])')",
        limit=1 << 20,
    )

    assert result == [
        ["stdout", ["image/png", "text/plain"], "stdout", ["text/plain"]],
        [["text/html", "text/plain"]],
        [["image/png", "text/plain"]],
    ]


def test_source_can_be_inspected(in_shell):
    """Of functions of every cell, the older ones too."""
    result = in_shell(
        "report('a', 'def f():\\n    return 1'); report('b', 'def g():\\n    return 2')\n"
        "result = report('c', 'import inspect; print(inspect.getsource(f) + inspect.getsource(g))')[3]"
    )

    assert result == "def f():\n    return 1\ndef g():\n    return 2\n\n"


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x')",
        "print('x' * 10**7)",
        "import sys\nwhile True: sys.stdout.write('')",
        "while True:\n    try: print('x')\n    except Exception: pass",
        "while True: display(1)",
    ],
    ids=["lines", "one_line", "nothing", "caught", "shown"],
)
def test_too_much_output_ends_the_cell(in_shell, source):
    """In lines, in one line, and by those who catch every Exception; later cells run, and show nothing."""
    first, second = in_shell(f"result = [report('c', {source!r}), report('d', 'print(1)\\nx = 5')]")

    assert (first[0], first[5], len(first[3]) <= LIMIT) == ("TooMuchOutput", True, True)
    assert second == [None, "", None, "", "", False]


def test_what_ends_a_program_ends_only_the_cell(in_shell):
    """No exception of a cell reaches the process that serves it."""
    result = in_shell(
        "result = [report('c', text)[0] for text in ('raise SystemExit(0)', 'raise KeyboardInterrupt', 'exit()',\n"
        "    'raise GeneratorExit', 'raise BaseException', 'def f(): f()\\nf()', 'raise MemoryError')]"
    )

    assert result == [
        *("SystemExit", "KeyboardInterrupt", "SystemExit", "GeneratorExit"),
        *("BaseException", "RecursionError", "MemoryError"),
    ]


def test_an_exception_that_cannot_be_told_is_told_without_text(in_shell):
    """A text that raises, one that is no text, and half a character."""
    result = in_shell(
        "source = 'class E(Exception):\\n    def __str__(self): {}\\nraise E'\n"
        "result = [report('c', source.format(body))[:2] for body in\n"
        "    ('1 / 0', 'return 5', 'return chr(0xD800) + \"a\"', 'return \"x\" * 9999')]"
    )

    assert result == [["E", ""], ["E", ""], ["E", "?a"], ["E", "x" * 2000]]


def test_an_empty_cell_reports_what_was_printed_between_cells(in_shell):
    """So that a warning from a function that a test called is not lost."""
    result = in_shell(
        "shell.capture(); report('a', 'import sys\\ndef f(): print(1); print(2, file=sys.stderr)')\n"
        "shell.namespace['f'](); first = report('b', ''); result = [first, report('b', '')]"
    )

    assert result == [[None, "", None, "1\n", "2\n", False], [None, "", None, "", "", False]]


def test_no_thread_is_started(in_shell):
    """A fork would lose it; that of matplotlib's first import, which finds fonts, ends by itself."""
    assert in_shell("report('c', '%matplotlib inline\\nprint(1)'); result = linux.is_alone()") is True


def test_two_cells_of_one_name_keep_their_own_lines(in_shell):
    """After a replay the lines are those of the cell that ran last."""
    result = in_shell("report('c', 'x = 1\\n1 / 0'); result = report('c', 'x = 1\\n\\n1 / 0')")

    assert result[2] == 3


def test_a_plain_check_shows_what_a_cell_shows(in_shell):
    """The value of the last line, prints, errors and magics come out the same without IPython's care."""
    result = in_shell(
        "cells = ['x = 2\\nx / 4.0', 'print(3)\\nNone', 'x = 1', 'x;', '1 / 0', '%time x = 1', 'await f()', 'def (']\n"
        "def told(ran): return [[one.get('name') or one['data'] for one in ran.outputs], type(ran.error).__name__]\n"
        "result = [[told(run('cell', cell)) for cell in cells] for run in (shell.run_plain, shell.run)]\n"
        "for both in result: both[5][0] = bool(both[5][0])",
        limit=1 << 20,
    )

    assert result[0] == result[1]
    assert result[0][0] == [[{"text/plain": "0.5"}], "NoneType"]
