"""
Which names of a session are older than the cell that the learner sees: it was run again and did not get so far.

Decides from sources and from what the names held before and after a cell. It runs nothing and changes no name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping

from exercises.cells import DEFINITIONS, defined_names

# what a cell that does not parse would have defined at its top
BEGINNINGS = re.compile(r"^(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


class Staleness:
    """One session's names that an earlier version of their cell defined, each with what ended the newer one."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # stale name -> "SyntaxError in line 3"
        self._by_cell: dict[str, frozenset[str]] = {}  # cell id -> what the cell defined when it last ran to its end
        self._before: dict[str, object] = {}  # what the running cell may define -> what that is so far
        self._cell: tuple[str | None, str] = (None, "")

    def before(self, cell_id: str | None, source: str, namespace: Mapping[str, object]) -> None:
        """Note a cell that is about to run."""
        names = _bound(source) | self._by_cell.get(cell_id or "", frozenset())
        self._cell = (cell_id, source)
        self._before = {name: namespace[name] for name in names if name in namespace}

    def after(self, error: BaseException | None, namespace: Mapping[str, object], *, began: bool) -> None:
        """
        Note how it ended.

        Args:
            error: What ended it; None if it ran to its end.
            namespace: The session's names.
            began: Whether any of it was executed; a cell that does not parse is not.
        """
        cell_id, source = self._cell
        before, self._before = self._before, {}
        if error is None and cell_id:
            self._by_cell[cell_id] = _bound(source)
        # a definition makes a new object each time; of other names nobody can tell
        doubtful = set() if error is None else set(before) if not began else defined_names(source) & set(before)
        for name in _bound(source) | set(before):
            if name in doubtful and namespace.get(name) is before[name]:
                self._names[name] = _ending(error)
            else:
                self._names.pop(name, None)

    def among(self, names: Collection[str]) -> tuple[str, str] | None:
        """Return the first of *names*, by the alphabet, that is stale, with what ended its cell; None if none is."""
        found = sorted(set(names) & self._names.keys())
        return (found[0], self._names[found[0]]) if found else None


def used_names(tree: ast.AST) -> frozenset[str]:
    """Return the names that a piece of code reads and does not set itself."""
    nodes = list(ast.walk(tree))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {node.name for node in nodes if isinstance(node, DEFINITIONS)} | {
        node.arg for node in nodes if isinstance(node, ast.arg)
    }
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return frozenset(node.id for node in names) - own


def _bound(source: str) -> frozenset[str]:
    """Return what a cell binds at its top: functions, classes and assigned names; by its lines if it does not parse."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        return frozenset(first or second for first, second in BEGINNINGS.findall(source))
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign) and node.value is not None]
    return defined_names(source) | {target.id for target in targets if isinstance(target, ast.Name)}


def _ending(error: BaseException | None) -> str:
    line = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    return f"{type(error).__name__}{line}"
