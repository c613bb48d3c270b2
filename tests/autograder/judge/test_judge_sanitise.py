import base64
import json

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.judge.sanitise import MAX_CELL_BYTES, MAX_NOTEBOOK_BYTES, inert_outputs, sanitise
from autograder.model import CheckResult, Outcome

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 50).decode()


def display(**data):
    return NotebookNode(output_type="display_data", data={k.replace("_", "/"): v for k, v in data.items()}, metadata={})


def kept(*outputs, room=MAX_CELL_BYTES):
    return inert_outputs(outputs, room)[0]


def result(outcome, earned=0.0, message="not yet"):
    return CheckResult(check="plain", exercise="double", outcome=outcome, earned=earned, points=1.0, message=message)


@pytest.mark.parametrize(
    "kind", ["text_html", "image_svg+xml", "application_javascript", "text_latex", "text_markdown", "application_json"]
)
def test_only_text_and_pictures_stay(kind):
    """Whatever could run or load is replaced by a line of text."""
    text = json.dumps(kept(display(**{kind: "<script src='https://x.example'></script>"})))

    assert "script" not in text
    assert "left out" in text


def test_text_beside_html_stays():
    """A frame's HTML goes, its plain text stays."""
    assert kept(display(text_html="<table>", text_plain="a b"))[0].text == "a b"


def test_pictures_stay_if_they_are_pictures():
    """A PNG stays; other bytes that call themselves PNG do not."""
    assert kept(display(image_png=PNG))[0].data["image/png"] == PNG
    fake = base64.b64encode(b"<svg onload=alert(1)>").decode()
    assert "left out" in kept(display(image_png=fake))[0].text
    assert "left out" in kept(display(image_png='" onerror="alert(1)'))[0].text


def test_metadata_of_outputs_goes():
    """No metadata of an output survives, not even of a picture."""
    output = display(image_png=PNG)
    output.metadata = {"image/png": {"width": '1" onload="x'}}

    assert kept(output)[0].metadata == {}


def test_terminal_escapes_go():
    """Escapes that steer a terminal are removed from text."""
    output = NotebookNode(output_type="stream", name="stdout", text="a\x1b]0;title\x07b\x1b[31mc\x08\u202ed")

    assert kept(output)[0].text == "abcd"


def test_learners_stderr_is_kept_as_stdout():
    """A warning of a learner's own cell stays readable."""
    output = NotebookNode(output_type="stream", name="stderr", text="careful")

    assert (kept(output)[0].name, kept(output)[0].text) == ("stdout", "careful")


def test_errors_lose_their_frames():
    """Of an error its name and text stay."""
    output = NotebookNode(output_type="error", ename="E", evalue="v", traceback=["secret frame"])

    assert kept(output)[0].text == "E: v\n"


@pytest.mark.parametrize("text", ["x" * 5_000_000, "é" * 5_000_000, "\ud800" * 100])
def test_outputs_are_capped_in_bytes(text):
    """The outputs of one cell stay below the cap and can be written as UTF-8."""
    outputs = [NotebookNode(output_type="stream", name="stdout", text=text)] * 20

    assert len(json.dumps(kept(*outputs), ensure_ascii=False).encode()) < MAX_CELL_BYTES + 1000


def test_all_outputs_together_are_capped():
    """A thousand full cells stay below the cap of the notebook."""
    outputs = [NotebookNode(output_type="stream", name="stdout", text="x" * MAX_CELL_BYTES)]
    cells = [nbformat.v4.new_code_cell("", outputs=outputs) for _ in range(200)]
    notebook = sanitise(nbformat.v4.new_notebook(cells=cells), [])

    assert len(nbformat.writes(notebook)) < MAX_NOTEBOOK_BYTES + 200_000


@pytest.mark.parametrize(
    ("verdict", "kinds"),
    [
        (result(Outcome.PASSED, 1.0, ""), []),
        (result(Outcome.PARTIAL, 0.5), ["execute_result"]),
        *((result(outcome), ["error"]) for outcome in Outcome if outcome not in (Outcome.PASSED, Outcome.PARTIAL)),
    ],
    ids=str,
)
def test_test_cell_says_one_thing(small, cell_of, verdict, kinds):
    """A test cell keeps nothing, a number, or an error without a frame; never what it printed."""
    notebook = nbformat.from_dict(small.source)
    cell_of(notebook, "plain").outputs = [
        NotebookNode(output_type="stream", name="stderr", text="secret_input = 21"),
        NotebookNode(output_type="error", ename="E", evalue="secret", traceback=["assert double(secret_input) == 42"]),
    ]
    shown = cell_of(sanitise(notebook, [verdict]), "plain")

    assert kinds == [output.output_type for output in shown.outputs]
    assert "secret" not in json.dumps(shown.outputs)
    nbformat.validate(sanitise(notebook, [verdict]))


def test_original_is_untouched(small, cell_of):
    """Sanitising works on a copy."""
    notebook = nbformat.from_dict(small.source)
    cell_of(notebook, "plain").outputs = [NotebookNode(output_type="stream", name="stdout", text="x")]
    sanitise(notebook, [])

    assert len(cell_of(notebook, "plain").outputs) == 1
