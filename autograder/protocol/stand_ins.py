"""
What `exercises.testing` gives a test under the judge: files in the learner's process, and a fresh one.

Decides which names of `exercises.testing` are replaced while test cells run. The rest of it, clocks, stubs and hidden
numbers, is the same under both graders. A test cannot tell the difference but by what it may not do anyway.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import PurePosixPath
from typing import Any, TypeVar

from autograder.protocol.session import Session

FRESH_SECONDS = 60.0  # as stock

Kind = TypeVar("Kind")


class JudgeWorkspace:
    """A folder in the learner's private files; each operation runs there, with results by value."""

    def __init__(self, session: Session) -> None:
        self._folder = session.workspace()
        self._path = _checked(self._folder.path, PurePosixPath)

    @property
    def path(self) -> PurePosixPath:
        """The folder, for the learner's functions; a test cannot open it."""
        return self._path

    def write(self, name: str, content: bytes | str) -> None:
        """Write a file, and the folders above it; text is UTF-8."""
        _checked(self._folder.write(name, content), type(None))

    def read(self, name: str) -> bytes:
        """Return a file's bytes; FileNotFoundError if there is none."""
        return _checked(self._folder.read(name), bytes)

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, those in folders too, sorted."""
        names = _checked(self._folder.names(), tuple)
        return tuple(sorted(_checked(name, str) for name in names))

    def remove(self, name: str) -> None:
        """Remove a file; FileNotFoundError if there is none."""
        _checked(self._folder.remove(name), type(None))

    def mtime(self, name: str) -> int:
        """Return when a file was last written, in nanoseconds since 1970."""
        return _checked(self._folder.mtime(name), int)


def _checked(value: Any, kind: type[Kind]) -> Kind:
    if type(value) is not kind:
        raise TypeError(f"the answer's files answered with a {type(value).__name__} instead of a {kind.__name__}")
    checked: Kind = value
    return checked


def call_in_fresh_process(
    open_fresh: Callable[[int], Session], name: str, args: tuple[Any, ...], hash_seed: int
) -> Any:
    """
    Call one of the learner's functions in another process, by value only.

    Args:
        open_fresh: Starts a process with a hash seed in which the answers were replayed.
        name: Name of the function.
        args: Its arguments; copies are passed.
        hash_seed: PYTHONHASHSEED of the process.

    Raises:
        LookupError: If no answer defines *name*.
        TypeError: If the result is an object of the answer, which cannot cross from a process that ends.
    """
    with closing(open_fresh(hash_seed)) as session, session.limited(FRESH_SECONDS):
        try:
            function = session.get(name)
        except NameError:
            raise LookupError(f"no answer defines {name!r}") from None
        handles = session.handles_read
        result = function(*copy.deepcopy(args))
        if session.handles_read != handles:
            raise TypeError(f"{name} returned an object of its own, which cannot cross to another process")
        return result


@contextmanager
def installed(session: Callable[[], Session], open_fresh: Callable[[int], Session]) -> Iterator[None]:
    """
    Let `exercises.testing.workspace` and `in_fresh_process` act in the learner's processes while test cells run.

    Args:
        session: Returns the session that the running test cell uses: another one after a salvage.
        open_fresh: As in `call_in_fresh_process`.
    """
    from exercises import testing

    def workspace() -> JudgeWorkspace:
        return JudgeWorkspace(session())

    def in_fresh_process(name: str, *args: Any, hash_seed: int = 0) -> Any:
        return call_in_fresh_process(open_fresh, name, args, hash_seed)

    replaced: dict[str, Any] = {"workspace": workspace, "in_fresh_process": in_fresh_process}
    stock = {name: vars(testing)[name] for name in replaced}
    for name, function in replaced.items():
        setattr(testing, name, function)
    try:
        yield
    finally:
        for name, function in stock.items():
            setattr(testing, name, function)
