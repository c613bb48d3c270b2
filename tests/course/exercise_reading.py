"""Reading a unit's exercises as tests need them: cells, known mistakes, sentences, and a run in one namespace."""

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.mistakes import Mistake, read_mistakes
from autograder.authoring.percent import ANSWER_TAGS, ASSIGNMENT_TAGS, SourceCell, read_document

COURSE = Path(__file__).resolve().parents[2] / "course"
NAMED = re.compile(r'because\(\s*"([a-z0-9_]+)"')
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`[^`\n]+`")


@dataclass(frozen=True)
class Exercises:
    """The exercises of one unit, as their author wrote them."""

    cells: tuple[SourceCell, ...]
    mistakes: tuple[Mistake, ...]
    alternative: dict[str, str]  # name of the answer -> source

    @property
    def statements(self) -> list[SourceCell]:
        return [cell for cell in self.cells if cell.kind == "exercise"]

    @property
    def prose(self) -> list[SourceCell]:
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    @property
    def tests(self) -> list[str]:
        return [cell.source for cell in self.cells if cell.kind in {"check", "hidden"}]

    @property
    def named(self) -> set[str]:
        """The misconceptions that the checks name."""
        return {name for source in self.tests for name in NAMED.findall(source)}

    def checks(self, statement: SourceCell) -> list[SourceCell]:
        """The visible parts of one exercise's checks, in order."""
        found = []
        for cell in self.cells[self.cells.index(statement) + 1 :]:
            if cell.kind == "exercise":
                break
            if cell.kind == "check":
                found.append(cell)
        return found

    def run(self, answers: dict[str, str], kinds: tuple[str, ...] = ("setup", "answer", "check", "hidden")) -> dict:
        """Run set-up, answers and checks in one namespace, as a notebook does, and return it."""
        namespace = {"__name__": "__main__"}
        for cell in self.cells:
            if cell.kind in kinds:
                source = answers.get(cell.name, cell.source) if cell.kind == "answer" else cell.source
                exec(compile(source, cell.where, "exec"), namespace)
        return namespace


def read_exercises(unit: str) -> Exercises:
    """Read a unit's assignment, mistakes and second solution."""
    folder = COURSE / unit
    return Exercises(
        cells=tuple(read_document(folder / "assignment.py", ASSIGNMENT_TAGS).cells),
        mistakes=tuple(read_mistakes(folder)),
        alternative={cell.name: cell.source for cell in read_document(folder / "alternative.py", ANSWER_TAGS).cells},
    )


def sentences(text: str) -> list[str]:
    """Split prose into sentences; tables, drawings and sources count as nothing, a code span as one word."""
    prose = CODE_SPAN.sub("code", FENCE.sub("", text))
    prose = re.sub(r"^\*Sources.*?(?:\n\n|\Z)", "", prose, flags=re.MULTILINE | re.DOTALL)
    prose = "\n".join(line for line in prose.splitlines() if not line.startswith(("|", "#")))
    blocks = re.split(r"\n\s*\n|\n(?=- )", prose)
    return [sentence for block in blocks for sentence in re.split(r"(?<=[.:?!])\s+", block.replace("\n", " "))]
