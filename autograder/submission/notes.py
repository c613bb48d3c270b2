"""
Telling the learner what was repaired. Pure: compares what came with what was released and says it in words.

A note never decides anything: the rebuild has taken our own cells already.
"""

from __future__ import annotations

from collections import Counter

from nbformat.notebooknode import NotebookNode

from autograder.submission.code import same_code
from autograder.submission.markdown import plain_text
from autograder.submission.marks import is_grade, is_solution
from autograder.submission.notebook import HandedCell, HandedNotebook

MARKS = ("points", "grade", "solution", "locked", "task")
SCHEMA = 3  # of nbgrader's cell metadata
MAX_NOTES = 40


def repairs(
    handed: HandedNotebook, labels: list[str | None], stubs: dict[str, NotebookNode], *, kernel: str
) -> tuple[str, ...]:
    """
    Name everything that had to be repaired, most important first.

    Args:
        handed: What came.
        labels: For each handed cell the grade_id that it was recognised as; None for the learner's own.
        stubs: The released cells by grade_id.
        kernel: Name of the kernel that grades.
    """
    known = [(cell, label) for cell, label in zip(handed.cells, labels, strict=True) if label is not None]
    found = [*handed.notes]
    if handed.kernel not in (None, kernel):
        found.append(f"The notebook names the kernel {_quoted(handed.kernel)}; it was graded with {kernel}.")
    for name, stub in stubs.items():
        found += _about(name, stub, [cell for cell, label in known if label == name])
    if moved := _moved([label for _, label in known], list(stubs)):
        found.append(f"Moved back to the released order: {_listed(moved)}.")
    found += _strangers(handed.cells, labels)
    if len(found) > MAX_NOTES:
        found = [*found[: MAX_NOTES - 1], f"And {len(found) - MAX_NOTES + 1} more repairs."]
    return tuple(found)


def _about(name: str, stub: NotebookNode, cells: list[HandedCell]) -> list[str]:
    what = f"answer cell {name}" if is_solution(stub) else f"check {name}" if is_grade(stub) else f"cell {name}"
    if not cells:
        return [f"The {what} was missing; it was put back as released."]
    found = []
    if any(cell.grade_id != name for cell in cells):
        found.append(f"The {what} had lost its mark (grade_id) and was recognised by its place or text.")
    if len(cells) > 1:
        found.append(_about_copies(what, stub, cells))
    if any(cell.kind != stub.cell_type for cell in cells):
        kinds = {"code": "code", "markdown": "text"}
        found.append(f"The {what} had another cell type; it was read as {kinds.get(stub.cell_type, 'text')} again.")
    if not is_solution(stub) and any(cell.source.rstrip() != stub.source.rstrip() for cell in cells):
        found.append(f"The {what} was changed; our own text was used.")
    if any(_old(cell) for cell in cells):
        found.append(f"The {what} carried marks of an old version of nbgrader; ours were used.")
    elif any(_marks_differ(cell, stub) for cell in cells):
        found.append(f"The {what} carried other points or flags than released; ours were used.")
    ours = set(stub.metadata.get("tags", ()))
    if tags := sorted({tag for cell in cells for tag in cell.tags} - ours):
        found.append(f"The {what} carried the tags {_listed([_quoted(tag) for tag in tags])}; they were removed.")
    return found


def _about_copies(what: str, stub: NotebookNode, cells: list[HandedCell]) -> str:
    if not is_solution(stub):
        return f"The {what} stood there {len(cells)} times; our own one was used, once."
    written = sum(not same_code(cell.source, stub.source) for cell in cells)
    if written > 1:
        return (
            f"The {what} stood there {len(cells)} times, {written} of them written; those ran in your order, so the "
            "last definition counts. Keep one and delete the others."
        )
    return f"The {what} stood there {len(cells)} times; the one that differs from the released cell was used."


def _old(cell: HandedCell) -> bool:
    version = cell.marks.get("schema_version", 0 if cell.marks else SCHEMA)
    return type(version) is int and version < SCHEMA


def _marks_differ(cell: HandedCell, stub: NotebookNode) -> bool:
    ours = stub.metadata.nbgrader
    return bool(cell.marks) and any(cell.marks.get(name, False) != ours.get(name, False) for name in MARKS)


def _moved(labels: list[str], order: list[str]) -> list[str]:
    """Return the names that stand behind one which the release has further down."""
    rank = {name: at for at, name in enumerate(order)}
    furthest, found = -1, []
    for name in dict.fromkeys(labels):
        if rank[name] < furthest:
            found.append(name)
        furthest = max(furthest, rank[name])
    return found


def _strangers(cells: tuple[HandedCell, ...], labels: list[str | None]) -> list[str]:
    own = [cell for cell, label in zip(cells, labels, strict=True) if label is None]
    found = []
    claims = Counter(cell.grade_id for cell in own if cell.grade_id is not None)
    for claim, count in claims.items():
        cells_said = "A cell says" if count == 1 else f"{count} cells say"
        found.append(f"{cells_said} grade_id {_quoted(claim)}, which this unit does not have; kept as your own.")
    if tagged := sum("skip-execution" in cell.tags for cell in own):
        found.append(f"Tags such as skip-execution do nothing here; {tagged} of your own cells carried one.")
    return found


def _quoted(text: str | None) -> str:
    if text is None:
        return "no name"
    shown = plain_text(text).replace("\n", " ")
    return f"'{shown if len(shown) <= 40 else shown[:37] + '...'}'"


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:8])} and {len(names) - 8} more"
