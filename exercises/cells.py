"""What a cell's source defines, read from its syntax alone; nothing here executes a cell."""

from __future__ import annotations

import ast

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def defined_names(source: str) -> frozenset[str]:
    """Return the functions and classes that a cell defines at its top; empty if it is no Python."""
    return frozenset(node.name for node in _body(source) if isinstance(node, DEFINITIONS))


def only_definitions(source: str) -> bool:
    """Tell whether a cell holds nothing but functions, classes and imports."""
    body = _body(source)
    return bool(body) and all(isinstance(node, (*DEFINITIONS, ast.Import, ast.ImportFrom)) for node in body)


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []
