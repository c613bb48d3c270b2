"""
How the judge's own objects reach the learner: a copy, a reverse proxy, or not at all.

Decides that objects of installed libraries are copied by standard pickle, and that everything a test defines, or that
has a state, stays in the judge and is asked from afar. What could show a test's names and values (modules, frames,
code) never crosses, and only public attributes of what a test defined are ever read.
"""

from __future__ import annotations

import functools
import inspect
import io
import pickle
import queue
import re
import sys
import types
import uuid
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import Any, Literal

from autograder.protocol.errors import CannotCross

LIBRARIES = frozenset(
    {"numpy", "pandas", "pyarrow", "scipy", "sklearn", "matplotlib", "joblib", "pandera", "fastapi", "pydantic"}
)
STATELESS = (uuid.UUID, Fraction, re.Pattern, Enum)
READABLE = (types.SimpleNamespace, io.StringIO, io.BytesIO, queue.Queue)  # of the standard library, with attributes
HIDDEN = (types.ModuleType, types.FrameType, types.TracebackType, types.CodeType, types.CellType)
CALLED_ONLY = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType, functools.partial)
FORMATTERS = frozenset({"format", "format_map"})  # of text: they read private attributes by name

Way = Literal["copy", "reverse"]


def way_of(value: Any) -> Way:
    """
    Decide how *value*, which is no value of the codec, reaches the learner.

    Raises:
        CannotCross: If it never does.
    """
    if isinstance(value, HIDDEN):
        raise CannotCross(f"a {type(value).__name__} of a test cannot cross to the answer")
    if _named(value):
        return "copy" if _importable(value) else "reverse"
    if isinstance(value, types.BuiltinFunctionType) and (
        value.__self__ is None or type(value.__self__) is types.ModuleType
    ):
        return "copy"
    if isinstance(value, CALLED_ONLY):
        return "reverse"
    library = _top(type(value).__module__) in LIBRARIES
    stateless = isinstance(value, STATELESS) and _importable(type(value))
    return "copy" if library or stateless or value is Ellipsis or value is NotImplemented else "reverse"


def _top(module: str | None) -> str:
    return (module or "").partition(".")[0]


def _named(value: Any) -> bool:
    """Tell whether *value* is a class or a function, also one that Cython compiled."""
    return isinstance(value, type | types.FunctionType) or type(value).__name__ == "cython_function_or_method"


def _importable(value: Any) -> bool:
    """Tell whether the other side can import the same class or function by its name."""
    module = _top(value.__module__)
    if module == "__main__" or not (module in LIBRARIES or module in sys.stdlib_module_names or module == "exercises"):
        return False
    found: Any = sys.modules.get(value.__module__)
    for name in value.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is value


def defined_by_test(value: Any) -> bool:
    """Tell whether an object inside a copy stays in the judge: functions, classes and instances that a test defined."""
    if _named(value):
        return not _importable(value)
    return _top(type(value).__module__) not in sys.stdlib_module_names | LIBRARIES


def readable(value: Any, name: str) -> bool:
    """Tell whether the learner may read the public attribute *name* of an object of the judge."""
    if name.startswith("_") or (isinstance(value, str) and name in FORMATTERS):
        return name == "__name__" and isinstance(value, type | types.FunctionType)
    if isinstance(value, (*READABLE, type, types.FunctionType)):
        return True
    return _top(type(value).__module__) not in sys.stdlib_module_names | LIBRARIES


def methods_of(value: Any) -> tuple[str, ...]:
    """Name the methods that the learner may call without asking for them first: plain ones of a test's own class."""
    kind: Any = type(value)
    names = methods_of_class(kind)
    hidden = getattr(value, "__dict__", None)
    return tuple(name for name in names if name not in hidden) if hidden and names else names


@functools.cache
def methods_of_class(kind: type) -> tuple[str, ...]:
    """Name the plain public methods of a test's own class; none of any other."""
    own = _top(kind.__module__) not in sys.stdlib_module_names | LIBRARIES
    if not own or issubclass(kind, type) or kind.__getattribute__ is not object.__getattribute__:
        return ()
    return tuple(
        name
        for name in dir(kind)
        if not name.startswith("_") and type(inspect.getattr_static(kind, name)) is types.FunctionType
    )


class _Pickler(pickle.Pickler):
    """Standard pickle, in which every object that stays in the judge is named by a number."""

    def __init__(self, file: io.BytesIO, stays: Callable[[Any], object]) -> None:
        super().__init__(file, protocol=5)
        self._stays = stays

    def persistent_id(self, value: Any) -> object:
        return self._stays(value)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, find: Callable[[Any], Any]) -> None:
        super().__init__(file)
        self._find = find

    def persistent_load(self, number: Any) -> Any:
        return self._find(number)


def dumps(value: Any, stays: Callable[[Any], object]) -> bytes | None:
    """Copy an object of a library; None if pickle cannot. *stays* names what is not copied; None for the rest."""
    file = io.BytesIO()
    try:
        _Pickler(file, stays).dump(value)
    except (pickle.PicklingError, TypeError, AttributeError, ValueError):
        return None
    return file.getvalue()


def loads(data: bytes, find: Callable[[Any], Any]) -> Any:
    """Rebuild a copy; in the learner's process only, which may believe the judge."""
    return _Unpickler(io.BytesIO(data), find).load()
