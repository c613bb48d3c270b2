"""
Putting a submission together again: our own cells, the learner's answers.

Decides which of the learner's cells is the answer to what, and what the learner is told about repairs. Every cell
that has a grade_id in the course's own notebook comes from there, with our metadata; of the learner's notebook only the
texts of the answers and of the learner's own cells are taken. Nothing is executed.

Rules, in this order:
1. A cell is recognised by its grade_id; where no cell claims one, by its cell id, then by the released text, then (for
   an answer) by the function or class that it defines.
2. Of several cells that claim one answer, those that are as released are dropped. If more than one is left all of
   them run in the learner's order, so that the last definition counts, as "Run All" would have it; the last is
   reported as the answer.
3. The learner's own cells stay behind the cell that they follow; an answer takes them along to its own place.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.errors import CourseError, SubmissionError
from autograder.model import Answer, Submission
from autograder.submission import notes
from autograder.submission.code import binds, bound_names, same_code
from autograder.submission.markdown import fenced, harmless_markdown, plain_text
from autograder.submission.marks import grade_id, is_solution
from autograder.submission.notebook import HandedCell, HandedNotebook, read_notebook

MAX_COPIES = 20  # cells that claim the same answer; comparing more would only cost time
OWN_CELL = "own"  # value of metadata.course.kind for a cell that the learner added


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """A notebook that is ours but for the answers and the learner's own cells."""

    notebook: NotebookNode
    answers: tuple[Answer, ...]
    repairs: tuple[str, ...]


def rebuild(submission: Submission, source: NotebookNode, released: NotebookNode) -> Rebuilt:
    """
    Build the notebook that is graded.

    Args:
        submission: What was handed in.
        source: The course's own notebook, with hidden tests.
        released: The same as learners get it.

    Raises:
        SubmissionError: If the submission is no readable notebook.
        CourseError: If *source* and *released* do not belong together.
    """
    trusted = {name: cell for cell in source.cells if (name := grade_id(cell))}
    stubs = {name: cell for cell in released.cells if (name := grade_id(cell))}
    if missing := sorted(trusted.keys() ^ stubs.keys()):
        raise CourseError(f"{submission.unit}: {', '.join(missing)} in source or release only; run course build")
    handed = read_notebook(submission.notebook)
    labels = _recognise(handed.cells, stubs)
    places = _place(handed.cells, labels, trusted)
    cells = [_own_cell(cell) for cell in places.get("", [])]
    answers = []
    for name, cell in trusted.items():
        if is_solution(cell):
            answer, slot = _answer(name, places.get(name, []), stubs[name], handed, labels)
            answers.append(answer)
            cells += slot
        else:
            cells += [_trusted_cell(cell, stubs[name]), *(_own_cell(own) for own in places.get(name, []))]
    notebook = _notebook(cells, source)
    kernel = source.metadata.get("kernelspec", {}).get("name", "python3")
    return Rebuilt(
        notebook=notebook,
        answers=tuple(answers),
        repairs=notes.repairs(handed, labels, stubs, kernel=kernel),
    )


def _recognise(cells: tuple[HandedCell, ...], stubs: dict[str, NotebookNode]) -> list[str | None]:
    """Name the course's cell that each handed cell stands for; None for the learner's own."""
    labels = [cell.grade_id if cell.grade_id in stubs else None for cell in cells]
    for key in ("id", "text"):
        known = {_key(key, stub): name for name, stub in stubs.items() if name not in labels}
        for at, cell in enumerate(cells):
            if labels[at] is None:
                labels[at] = known.get(cell.cell_id if key == "id" else cell.source.strip())
    for name, stub in stubs.items():
        if name not in labels and is_solution(stub):
            defining = [
                at
                for at, cell in enumerate(cells)
                if labels[at] is None and cell.kind == "code" and bound_names(cell.source) & bound_names(stub.source)
            ]
            if defining:
                labels[defining[-1]] = name
    return labels


def _key(key: str, stub: NotebookNode) -> str | None:
    found = stub.get("id") if key == "id" else stub.source.strip()
    return found or "\0"  # equals nothing that a learner can hand in


def _place(
    cells: tuple[HandedCell, ...], labels: list[str | None], trusted: dict[str, NotebookNode]
) -> dict[str, list[HandedCell]]:
    """Give each place its cells: a copy of an answer and the learner's own cells; "" is the top of the notebook."""
    places: dict[str, list[HandedCell]] = {}
    place, seen = "", set()
    for cell, label in zip(cells, labels, strict=True):
        if label is None:
            places.setdefault(place, []).append(cell)
        elif is_solution(trusted[label]):
            place = label
            places.setdefault(place, []).append(cell)
        elif label not in seen:  # own cells behind a second copy of a locked cell stay where they were
            seen.add(label)
            place = label
    return places


def _answer(
    name: str,
    cells: list[HandedCell],
    stub: NotebookNode,
    handed: HandedNotebook,
    labels: list[str | None],
) -> tuple[Answer, list[NotebookNode]]:
    """Choose the answer among the cells of its place (rule 2) and put the others around it."""
    copies = [cell for cell, label in zip(handed.cells, labels, strict=True) if label == name]
    if len(copies) > MAX_COPIES:
        raise SubmissionError(f"the answer cell {name} stands there {len(copies)} times; keep one, save, hand in again")
    written = [cell for cell in copies if not same_code(cell.source, stub.source)]
    chosen = written[-1] if written else copies[0] if copies else None
    slot = [] if chosen else [_answer_cell(stub.source, stub)]
    for cell in cells:
        if cell is chosen:
            slot.append(_answer_cell(cell.source, stub))
        elif any(cell is each for each in written):
            slot.append(_own_cell(cell, kind="code"))
        elif not any(cell is each for each in copies):
            slot.append(_own_cell(cell))
    attempted = bool(written) or any(
        binds(cell.source, bound_names(stub.source))
        for cell, label in zip(handed.cells, labels, strict=True)
        if label is None and cell.kind == "code"
    )
    return Answer(name=name, source=chosen.source if chosen else stub.source, attempted=attempted), slot


def _answer_cell(text: str, stub: NotebookNode) -> NotebookNode:
    cell = copy.deepcopy(stub)
    cell.source = text if stub.cell_type == "code" else harmless_markdown(text)
    if stub.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def _trusted_cell(cell: NotebookNode, stub: NotebookNode) -> NotebookNode:
    """Copy our own cell, locked as released; the checksum is the one that nbgrader stores for the source."""
    ours = copy.deepcopy(cell)
    ours.metadata = copy.deepcopy(stub.metadata)
    ours.metadata.nbgrader.checksum = compute_checksum(ours)
    if ours.cell_type == "code":
        ours.outputs, ours.execution_count = [], None
    return ours


def _own_cell(cell: HandedCell, *, kind: str | None = None) -> NotebookNode:
    if (kind or cell.kind) == "code":
        own = NotebookNode(cell_type="code", source=cell.source, outputs=[], execution_count=None)
    else:
        text = harmless_markdown(cell.source) if cell.kind == "markdown" else fenced(plain_text(cell.source))
        own = NotebookNode(cell_type="markdown", source=text)
    own.metadata = NotebookNode(course=NotebookNode(kind=OWN_CELL))
    return own


def _notebook(cells: list[NotebookNode], source: NotebookNode) -> NotebookNode:
    own = 0
    for cell in cells:
        if cell.metadata.get("course", {}).get("kind") == OWN_CELL:
            own += 1
            cell.id = f"{OWN_CELL}-{own}"
    return NotebookNode(
        cells=cells,
        metadata=copy.deepcopy(source.metadata),
        nbformat=nbformat.v4.nbformat,
        nbformat_minor=nbformat.v4.nbformat_minor,
    )
