"""A made-up graded class for the tests of the dashboard: written by the writer, without running a judge."""

from __future__ import annotations

import copy
import hashlib
from datetime import UTC, datetime, timedelta

import nbformat

from autograder.authoring.release import release_notebook
from autograder.authoring.units import load_source, load_unit
from autograder.gradebook.writer import Writer
from autograder.model import Answer, CheckResult, Grade, Outcome, Refusal, Submission

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "'\"><svg onload=document.title='owned'>"
)
PICTURE = (  # one grey pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


def name_of(place: int) -> str:
    return f"learner-{place:03d}"


def fill(settings, unit: str, *, learners: int = 8, message: str = "Batch 3 scored 0.4.") -> None:
    """Grade a class: everybody misses as many checks as the last digit says; the last learner could not be read."""
    found, source = load_unit(settings, unit), load_source(settings, unit)
    with Writer(settings) as writer:
        writer.save_unit(unit, source, found.suite_digest)
        run = writer.start_run(unit, actor="grader", total=learners)
        for place in range(learners - 1):
            writer.record(made_up_grade(found, source, place, message), run=run)
        writer.refuse(
            Refusal(
                learner=name_of(learners - 1),
                unit=unit,
                reason=f"the file is no notebook: {message}",
                received_at=START,
                sha256="f" * 64,
                notebook=hostile_notebook(),
            ),
            run=run,
        )
        writer.finish_run(run, "done")


def made_up_grade(unit, source, place: int, message: str) -> Grade:
    missed = place % 10
    results = tuple(
        CheckResult(
            check=check.name,
            exercise=check.exercise,
            outcome=Outcome.WRONG if number < missed else Outcome.PASSED,
            earned=0.0 if number < missed else check.points,
            points=check.points,
            message=message if number < missed else "",
            masked_message=message.replace("3", "#") if number < missed else "",
            misconception=unit.misconceptions[0].name if unit.misconceptions and number < missed else None,
            cpu_seconds=0.01,
            wall_seconds=0.02,
            peak_bytes=5 << 20,
        )
        for number, check in enumerate(unit.checks)
    )
    handed_in = START + timedelta(hours=7 * place)
    content = f"handed in by {place}".encode()
    return Grade(
        submission=Submission(
            learner=name_of(place),
            unit=unit.name,
            notebook=content,
            sha256=hashlib.sha256(content).hexdigest(),
            submitted_at=handed_in,
            received_at=handed_in,
        ),
        results=results,
        answers=tuple(Answer(name=name, source="", attempted=True) for one in unit.exercises for name in one.answers),
        autograded=ran(source),
        suite_digest=unit.suite_digest,
        grader_version="test",
        mode="M2",
    )


def ran(source) -> bytes:
    """The notebook as it ran, with outputs that would do harm if a page believed them."""
    notebook = copy.deepcopy(release_notebook(source))
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"# Mine\n\n{HOSTILE}\n\n[go](javascript:alert(1))"))
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            f"print('{HOSTILE}')",
            outputs=[
                nbformat.v4.new_output("stream", text=HOSTILE),
                nbformat.v4.new_output("display_data", data={"text/html": HOSTILE, "text/plain": "plain"}),
                nbformat.v4.new_output("display_data", data={"image/png": PICTURE}),
            ],
        )
    )
    return nbformat.writes(notebook).encode()


def hostile_notebook() -> bytes:
    cell = nbformat.v4.new_markdown_cell(HOSTILE)
    cell.metadata["nbgrader"] = {"grade_id": HOSTILE}
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
