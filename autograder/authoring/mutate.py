"""
Small faults put into a reference solution, one at a time: each that no check notices shows a gap in the checks.

Decides which faults there are and what each is called; the name is stable, so that an author can argue about it.
Pure: never runs a mutant.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
COMPARISON: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
KEPT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass, ast.Return)
UNTOUCHED_FIELDS = frozenset({"annotation", "returns", "decorator_list", "ctx", "type_comment"})
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
LONGEST = 120  # characters of a fault's name


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One answer cell with one fault."""

    exercise: str
    answer: str  # grade_id of the cell
    line: int  # of the cell, from 1; may move without the mutant becoming another
    text: str  # that line, stripped
    mutation: str  # "`a < b` -> `a <= b`"; numbered from the second one of a text on
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same while code above it changes."""
        return (self.exercise, self.text, self.mutation)


@dataclass(frozen=True)
class _Place:
    """Where in the tree a node hangs, so that another can hang there for a moment."""

    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(exercise: str, answers: dict[str, str]) -> tuple[Mutant, ...]:
    """
    Make all mutants of one exercise's reference solution.

    Args:
        exercise: Its name.
        answers: grade_id -> source of the answer cell; only what stands between the solution marks is changed,
            and the default values of any function, because learners read them as part of the contract.
    """
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for answer, source in answers.items():
        for line, mutation, mutated in _mutations(source):
            text = source.splitlines()[line - 1].strip()
            seen[text, mutation] += 1
            count = seen[text, mutation]
            name = mutation if count == 1 else f"{mutation} ({count})"
            found.append(Mutant(exercise=exercise, answer=answer, line=line, text=text, mutation=name, source=mutated))
    return tuple(found)


def _mutations(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and mutated source; each mutated source once, and never the original."""
    tree = ast.parse(source)
    solution = _solution_lines(source)
    known = {ast.unparse(tree)}
    for place, node, default in list(_places(tree)):
        line = node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)
        if line not in solution and not default:
            continue
        for replacement in _replacements(node, default):
            place.put(replacement)
            mutated = ast.unparse(ast.fix_missing_locations(tree))
            place.put(node)
            if mutated not in known:
                known.add(mutated)
                yield line, f"`{_short(node)}` -> `{_short(replacement)}`", mutated


def _solution_lines(source: str) -> set[int]:
    lines: set[int] = set()
    inside = False
    for number, line in enumerate(source.splitlines(), start=1):
        if BEGIN in line:
            inside = True
        elif END in line:
            inside = False
        elif inside:
            lines.add(number)
    return lines


def _places(tree: ast.AST) -> Iterator[tuple[_Place, ast.AST, bool]]:
    """Yield every node that may change, with its place, and whether it is a default value."""
    for field, value in ast.iter_fields(tree):
        if field in UNTOUCHED_FIELDS:
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_prose(tree, child, index):
                continue
            place = _Place(tree, field, index if isinstance(value, list) else None)
            yield place, child, field in {"defaults", "kw_defaults"}
            yield from _places(child)


def _is_prose(parent: ast.AST, child: ast.AST, index: int) -> bool:
    """Tell docstrings, texts of an f-string and the message of an error: nobody tests their words."""
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant) and isinstance(child.value.value, str):
        return True
    if isinstance(parent, ast.JoinedStr | ast.FormattedValue):
        return isinstance(child, ast.Constant | ast.JoinedStr)
    return isinstance(parent, ast.Raise) or (isinstance(parent, ast.Assert) and index == 1)


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _replacements(node: ast.AST, default: bool) -> Iterator[ast.AST]:
    for operator in _OPERATORS:
        yield from operator(node)
    if isinstance(node, ast.stmt) and not isinstance(node, KEPT):
        yield ast.Pass()
    if default and isinstance(node, ast.Constant) and node.value is None:
        yield ast.Constant(value=0)


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(left=node.left, op=ARITHMETIC[type(node.op)](), right=node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield ast.AugAssign(target=node.target, op=ARITHMETIC[type(node.op)](), value=node.value)
        target = copy.deepcopy(node.target)
        yield ast.Assign(targets=[target], value=node.value)


def _comparison(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Compare):
        return
    for position, operator in enumerate(node.ops):
        for other in COMPARISON[type(operator)]:
            ops = [*node.ops[:position], other(), *node.ops[position + 1 :]]
            yield ast.Compare(left=node.left, ops=ops, comparators=node.comparators)


def _boolean(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(op=ast.And() if isinstance(node.op, ast.Or) else ast.Or(), values=node.values)
        for position in range(len(node.values)):
            rest = node.values[:position] + node.values[position + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand


def _constant(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(value=not value)
    elif isinstance(value, int):
        yield ast.Constant(value=value + 1)
        yield ast.Constant(value=value - 1)
    elif isinstance(value, float):
        small = 0 < abs(value) < 1  # a share, a tolerance: one more would be nonsense that anything notices
        yield ast.Constant(value=value * 2 if small else value + 1)
        yield ast.Constant(value=value / 2 if small else value - 1)
    elif isinstance(value, str):
        yield ast.Constant(value=f"{value}_")


def _condition(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not _negated_elsewhere(node.test):
        other = copy.copy(node)
        other.test = ast.UnaryOp(op=ast.Not(), operand=node.test)
        yield other
    elif isinstance(node, ast.comprehension):
        for position, test in enumerate(node.ifs):
            negated = ast.UnaryOp(op=ast.Not(), operand=test)
            for tests in [[], [negated]] if not _negated_elsewhere(test) else [[]]:
                yield ast.comprehension(
                    target=node.target,
                    iter=node.iter,
                    ifs=[*node.ifs[:position], *tests, *node.ifs[position + 1 :]],
                    is_async=node.is_async,
                )


def _negated_elsewhere(test: ast.expr) -> bool:
    """Tell a condition whose opposite another operator makes already."""
    return isinstance(test, ast.Compare | ast.UnaryOp)


def _flow(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Return) and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(value=ast.Constant(value=None))


def _slice(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Slice):
        if node.lower is not None:
            yield ast.Slice(lower=None, upper=node.upper, step=node.step)
        if node.upper is not None:
            yield ast.Slice(lower=node.lower, upper=None, step=node.step)


_OPERATORS: tuple[Callable[[ast.AST], Iterator[ast.AST]], ...] = (
    _arithmetic,
    _comparison,
    _boolean,
    _constant,
    _condition,
    _flow,
    _slice,
)
