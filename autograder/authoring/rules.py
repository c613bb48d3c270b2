"""
What every cell must keep, whichever notebook it stands in: prose that a screen reader can follow, nothing loaded
from another host, code that parses, asserts that speak. Each rule raises a CourseError with place and remedy.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.authoring.percent import SourceCell
from autograder.errors import CourseError

FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^(#{1,6})\s+(.*\S)", re.MULTILINE)
IMAGE = re.compile(r"!\[([^\]]*)\]\(")
IMAGE_TAG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ALT = re.compile(r"""\balt\s*=\s*("[^"]*\S[^"]*"|'[^']*\S[^']*')""", re.IGNORECASE)
REMOTE = re.compile(
    r"""!\[[^\]]*\]\(\s*<?(?:https?:)?//                            # a picture in Markdown
      | <(?:img|script|iframe|link|source|video|audio|embed|object)\b[^>]*?
        \b(?:src|href|data)\s*=\s*\\?["']?(?:https?:)?//             # an element that loads
      | url\(\s*["']?(?:https?:)?//                                  # a style sheet
      | @import\s+["'](?:https?:)?//
      | \b(?:Image|IFrame|Javascript|Video|Audio|SVG)\(\s*(?:url\s*=\s*)?["']https?://   # IPython.display
    """,
    re.IGNORECASE | re.VERBOSE,
)


def check_cells(cells: Iterable[SourceCell]) -> None:
    """Apply all rules to the cells of one notebook, in order."""
    level = 0
    for cell in cells:
        _check_remote(cell)
        if cell.cell_type == "markdown":
            level = _check_prose(cell, level)
        else:
            check_asserts(cell, parse(cell))


def parse(cell: SourceCell) -> ast.Module:
    """Parse a code cell; magics are allowed."""
    from IPython.core.inputtransformer2 import TransformerManager  # only who builds needs it

    python = TransformerManager().transform_cell(cell.source + "\n")
    try:
        return ast.parse(python)
    except SyntaxError as error:
        raise CourseError(
            f"{cell.where}, line {error.lineno} of the cell: {error.msg}; mend the code, it cannot run like this"
        ) from error


def check_asserts(cell: SourceCell, tree: ast.Module) -> None:
    """Demand a message on every assert, because a learner reads it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg is None:
            raise CourseError(
                f"{cell.where}: 'assert {ast.unparse(node.test)}' has no message; "
                "add one that tells the learner what came and what to look at"
            )


def headings(cell: SourceCell) -> Iterator[tuple[int, str]]:
    """Yield level and text of each heading of a markdown cell."""
    for match in HEADING.finditer(FENCE.sub("", cell.source)):
        yield len(match[1]), match[2]


def _check_remote(cell: SourceCell) -> None:
    match = REMOTE.search(cell.source)
    if match:
        raise CourseError(
            f"{cell.where}: {match[0]!r} loads something from another host; put the file into the course, "
            "or make it a link that the reader may follow"
        )


def _check_prose(cell: SourceCell, level: int) -> int:
    prose = CODE_SPAN.sub("", FENCE.sub("", cell.source))
    for match in IMAGE.finditer(prose):
        if not match[1].strip():
            raise CourseError(f"{cell.where}: an image without alt text; write ![what it shows](file)")
    for match in IMAGE_TAG.finditer(prose):
        if not ALT.search(match[0]):
            raise CourseError(f'{cell.where}: {match[0]} has no alt text; add alt="what it shows"')
    for depth, text in headings(cell):
        if depth > level + 1:
            wanted = f"at most {'#' * (level + 1)}" if level else "#, because it is the first"
            raise CourseError(f"{cell.where}: the heading {text!r} jumps to level {depth}; use {wanted}")
        level = depth
    return level
