"""
What test cells may use besides plain asserts. Written so that the same test runs in the learner's interpreter (stock
nbgrader) and under a judge in a process of its own.

Decides how a test names a known mistake, draws hidden inputs, compares and rounds numbers, counts calls, fakes time,
uses files and starts a fresh interpreter. It never looks into the learner's objects: they are called, read and
compared, no more.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from exercises import environment
from exercises.fresh import in_fresh_process

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "CountingStub",
    "FakeClock",
    "Workspace",
    "because",
    "close",
    "hidden_rng",
    "in_fresh_process",
    "rounded",
    "split_misconception",
    "workspace",
]

MISCONCEPTION = re.compile(r"\s*\[misconception: ([a-z0-9_]+)\]\s*$")
NAME = re.compile(r"[a-z0-9_]+")
RECORDS = "exercises.records"

P = ParamSpec("P")
R = TypeVar("R")


def because(misconception: str, message: str) -> str:
    """
    Make an assert's message that also names a known mistake; cards and feedback use the name and do not show it.

    Raises:
        ValueError: If the name is not made of small letters, digits and underscores.
    """
    if not NAME.fullmatch(misconception):
        raise ValueError(f"misconception {misconception!r}: use small letters, digits and underscores")
    return f"{message} [misconception: {misconception}]"


def split_misconception(message: str) -> tuple[str, str | None]:
    """Take a message of `because` apart: (text, name), or (text, None) if it names no mistake."""
    found = MISCONCEPTION.search(message)
    return (message, None) if found is None else (message[: found.start()], found.group(1))


def hidden_rng(label: str) -> np.random.Generator:
    """
    Start a generator of hidden inputs: the same for each regrade, and for nobody to hard-code.

    Args:
        label: What is drawn, for example "july"; another label gives other numbers.

    Returns:
        A generator seeded from the course's secret (COURSE_HIDDEN_SEED, or the public default) and *label*.
    """
    import numpy as np

    digest = hashlib.sha256(f"{environment.hidden_seed()}\0{label}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def close(a: object, b: object, tolerance: float = 1e-9) -> bool:
    """
    Compare two numbers, or two collections of numbers place by place.

    Args:
        a: A number, None, text, or a list, tuple, dict, range, array, Series or Index of such.
        b: What to compare with; a list, a tuple and an array of the same numbers are close.
        tolerance: Allowed difference, absolute for small numbers and relative for large ones.

    Returns:
        True if all places are close. None is close only to None, NaN to nothing, True and False only to themselves;
        objects of any other type are not close to anything, and never raise.
    """
    a, b = _plain(a), _plain(b)
    if a is None or b is None:
        return a is None and b is None
    if type(a) is dict and type(b) is dict:
        return a.keys() == b.keys() and all(close(a[key], b[key], tolerance) for key in a)
    if type(a) is list and type(b) is list:
        return len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if type(a) in (int, float) and type(b) in (int, float):
        return _numbers_close(a, b, tolerance)
    return type(a) in (bool, str) and type(a) is type(b) and a == b


def _numbers_close(a: Any, b: Any, tolerance: float) -> bool:
    try:
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
    except OverflowError:  # a whole number beyond the range of float
        return bool(a == b)


def rounded(value: object, digits: int = 3) -> object:
    """
    Round for a message: every float in a number, a collection or a course's own record; all else stays as it is.

    Never raises, so that it may stand in the message of an assert whatever an answer gave back.
    """
    value = _plain(value)
    if type(value) is float:
        return round(value, digits)
    if type(value) is list:
        return [rounded(item, digits) for item in value]
    if type(value) is dict:
        return {key: rounded(item, digits) for key, item in value.items()}
    if type(value).__module__ == RECORDS and dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = {field.name: rounded(getattr(value, field.name), digits) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **shown)
    return value


def _plain(value: object) -> object:
    """Turn arrays, scalars of numpy and ordered collections into lists and Python numbers; leave the rest."""
    if type(value) in (tuple, range):
        return list(value)  # type: ignore[call-overload]
    module = type(value).__module__.partition(".")[0]
    if module in ("numpy", "pandas") and type(value).__name__ != "DataFrame" and hasattr(value, "tolist"):
        return value.tolist()
    return value


class Workspace:
    """
    A folder of one test, reached by names alone, so that a test never opens a path itself.

    `path` may be handed to the learner's functions. All names are relative and use "/".
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="course-")).resolve()
        self._finalizer = weakref.finalize(self, shutil.rmtree, str(self._folder), ignore_errors=True)

    @property
    def path(self) -> Path:
        """The folder, for the learner's functions."""
        return self._folder

    def write(self, name: str, content: bytes | str) -> None:
        """Write a file, and the folders above it; text is UTF-8."""
        target = self._inside(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str) -> bytes:
        """
        Return a file's bytes.

        Raises:
            FileNotFoundError: If there is no such file.
        """
        return self._inside(name).read_bytes()

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, those in folders too, sorted."""
        found = (
            Path(folder, name).relative_to(self._folder).as_posix()
            for folder, _, names in os.walk(self._folder)
            for name in names
        )
        return tuple(sorted(found))

    def remove(self, name: str) -> None:
        """
        Remove a file.

        Raises:
            FileNotFoundError: If there is no such file.
        """
        self._inside(name).unlink()

    def mtime(self, name: str) -> int:
        """Return when a file was last written, in nanoseconds since 1970, so that "not rewritten" is an equality."""
        return self._inside(name).stat().st_mtime_ns

    def _inside(self, name: str) -> Path:
        """Return the place of *name*; a link that leaves the folder counts as leaving it."""
        parts = name.split("/")
        if "\0" in name or "\\" in name or any(part in ("", ".", "..") for part in parts):
            raise ValueError(f"workspace name {name!r}: use a relative name such as 'models/1.bin', without '..'")
        place = self._folder.joinpath(*parts)
        if not place.resolve().is_relative_to(self._folder):
            raise ValueError(f"workspace name {name!r} leads out of the folder through a link")
        return place


def workspace() -> Workspace:
    """Make an empty folder for one test; it is removed when the test no longer uses it."""
    return Workspace()


class FakeClock:
    """
    A clock that moves only when it is told to, so that a test of time takes none.

    Time is kept in whole nanoseconds: ten times 0.1 s is exactly 1 s.

    Args:
        start: The first `now()`, as text with a zone or an aware Timestamp; stored in UTC.
    """

    def __init__(self, start: str | pd.Timestamp = "2013-01-01T00:00:00Z") -> None:
        import pandas as pd

        moment = pd.Timestamp(start)
        if moment.tzinfo is None:
            raise ValueError(f"FakeClock({start!r}) needs a zone, for example '2013-07-01T00:00:00Z'")
        self._start = moment.tz_convert("UTC").as_unit("ns")
        self._passed = 0  # nanoseconds
        self._slept: list[float] = []

    def now(self) -> pd.Timestamp:
        """Return the moment, a UTC Timestamp."""
        import pandas as pd

        return self._start + pd.Timedelta(self._passed, unit="ns")

    def monotonic(self) -> float:
        """Return the seconds since the clock's start."""
        return self._passed / 1e9

    def advance(self, by: float | pd.Timedelta) -> None:
        """
        Move on by seconds or by a Timedelta.

        Raises:
            ValueError: If *by* is negative or not finite: time does not go back.
        """
        seconds = by.total_seconds() if hasattr(by, "total_seconds") else float(by)
        if not 0 <= seconds < math.inf:
            raise ValueError(f"a clock cannot move by {by!r}")
        self._passed += int(by.value) if hasattr(by, "value") else round(seconds * 1e9)

    def sleep(self, seconds: float) -> None:
        """Do as time.sleep does, at once; remembered in `slept`."""
        self.advance(seconds)
        self._slept.append(float(seconds))

    @property
    def slept(self) -> tuple[float, ...]:
        """The seconds of every sleep, in order."""
        return tuple(self._slept)


class CountingStub(Generic[P, R]):
    """
    A function that counts its calls and can be made to break.

    Args:
        function: What a call does and returns.
        raising: Exception raised instead of calling *function*; None to never raise.
        healthy_calls: Calls that still work before `raising` begins.
    """

    def __init__(self, function: Callable[P, R], *, raising: Exception | None = None, healthy_calls: int = 0) -> None:
        self._function = function
        self._raising = raising
        self._healthy_calls = healthy_calls
        self._arguments: list[tuple[tuple[Any, ...], Mapping[str, Any]]] = []

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Count the call, keep its arguments (the objects themselves, not copies) and pass it on."""
        self._arguments.append((args, kwargs))
        if self._raising is not None and self.calls > self._healthy_calls:
            raise self._raising
        return self._function(*args, **kwargs)

    @property
    def calls(self) -> int:
        """How often it was called, calls that raised included."""
        return len(self._arguments)

    @property
    def arguments(self) -> tuple[tuple[tuple[Any, ...], Mapping[str, Any]], ...]:
        """Positional and named arguments of every call, in order."""
        return tuple(self._arguments)
