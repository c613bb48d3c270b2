"""
Run one of the learner's functions in a fresh interpreter, as a service that has just been started would.

Decides which cells are replayed and how values cross: by value, through files of a private folder. In stock nbgrader
both interpreters belong to the same learner, so pickle crosses no border of trust; a judge replaces this module's one
public function, never its callers. It never replays a test cell, and nothing is recorded or handed in by a replay.
"""

from __future__ import annotations

import builtins
import linecache
import pickle
import subprocess
import sys
import tempfile
import traceback
import types
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from exercises import environment, errors
from exercises.cells import defined_names, only_definitions

FRESH_SECONDS = 60.0  # real time of one call, start and replay included
CHECK_CELL = "# Check "
JOB = "job.pickle"
ANSWER = "answer.pickle"


def in_fresh_process(name: str, *args: Any, hash_seed: int = 0) -> Any:
    """
    Call one of the learner's functions in a new interpreter, after replaying the notebook's cells there.

    Args:
        name: A name that an executed cell defines, for example "fingerprint".
        args: Arguments by value; functions and other things that a test cell defines cannot cross.
        hash_seed: The new interpreter's PYTHONHASHSEED: another one orders sets of text in another way.

    Returns:
        What the call returned, by value.

    Raises:
        LookupError: If no executed cell defines *name*.
        TypeError: If an argument or the result cannot cross.
        TimeoutError: If it took longer than 60 s.
        Exception: What the call raised: the same built-in type, or that of exercises, with its text.
    """
    sources = executed_sources()
    try:
        job = pickle.dumps((sources, name, pickle.dumps(args)))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TypeError(
            f"in_fresh_process({name!r}): an argument cannot cross ({error}); pass numbers, text, tables"
        ) from error
    with tempfile.TemporaryDirectory(prefix="course-fresh-") as folder:
        Path(folder, JOB).write_bytes(job)
        state, value = _run(folder, name, hash_seed)
    if state == "returned":
        return pickle.loads(value)
    raise _exception(*value)


def executed_sources() -> tuple[str, ...]:
    """
    Return the cells that a replay runs, in order: all that were executed but test cells and superseded definitions.

    Raises:
        LookupError: Outside IPython, where nothing remembers the cells.
    """
    shell = environment.shell()
    if shell is None:
        raise LookupError("in_fresh_process needs a notebook or IPython: only there the executed cells are remembered")
    cells = [text for text in shell.history_manager.input_hist_parsed if text.strip() and not _is_test(text)]
    return tuple(_without_superseded(cells))


def _is_test(source: str) -> bool:
    return source.lstrip().startswith(CHECK_CELL) or "in_fresh_process(" in source


def _without_superseded(cells: Sequence[str]) -> list[str]:
    """Drop a cell of definitions whose every name a later cell of definitions defines again: an older version."""
    kept: list[str] = []
    later: set[str] = set()
    for source in reversed(cells):
        defined = defined_names(source) if only_definitions(source) else frozenset[str]()
        if defined and defined <= later:
            continue
        later |= defined
        kept.append(source)
    return kept[::-1]


def _run(folder: str, name: str, hash_seed: int) -> tuple[str, Any]:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "exercises.fresh", folder],
            env=environment.fresh_environ(hash_seed),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=FRESH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"in_fresh_process({name!r}): no answer within {FRESH_SECONDS:.0f} s") from error
    answer = Path(folder, ANSWER)
    if not answer.is_file():
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(
            f"in_fresh_process({name!r}): the new interpreter ended with code {ended.returncode}"
            f" ({said[-1] if said else 'it said nothing'})"
        )
    loaded: tuple[str, Any] = pickle.loads(answer.read_bytes())
    return loaded


def _exception(kind: str, text: str) -> Exception:
    """Make the exception that the other interpreter raised, where this one knows its type."""
    found = getattr(builtins, kind, None) or getattr(errors, kind, None)
    if not (isinstance(found, type) and issubclass(found, Exception)) or issubclass(found, StopIteration):
        return RuntimeError(f"{kind}: {text}")
    with suppress(TypeError):  # some, such as UnicodeDecodeError, want more than a text
        return found(text)
    return RuntimeError(f"{kind}: {text}")


def replay(sources: Sequence[str]) -> tuple[types.ModuleType, list[str]]:
    """
    Execute cells in a module named __main__, as a notebook does: a cell that raises does not stop the others.

    Returns:
        The module, and one line for each cell that raised.
    """
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module

    def get_ipython() -> Any:
        from IPython.core.interactiveshell import InteractiveShell

        return InteractiveShell.instance(user_module=module, user_ns=module.__dict__)

    module.__dict__["get_ipython"] = get_ipython
    raised = []
    for number, source in enumerate(sources, 1):
        filename = f"<replayed cell {number}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        try:
            exec(compile(source, filename, "exec"), module.__dict__)
        except Exception as error:  # noqa: BLE001 - a notebook goes on after any exception
            raised.append(f"{type(error).__name__}: {error}")
    return module, raised


def answer_job(folder: Path) -> None:
    """Replay, call and write the answer: ("returned", pickle) or ("raised", (type's name, text))."""
    sources, name, arguments = pickle.loads((folder / JOB).read_bytes())
    module, raised = replay(sources)
    answer: tuple[str, Any]
    if name not in module.__dict__:
        reason = f" (a cell raised {raised[0]})" if raised else ""
        answer = ("raised", ("LookupError", f"no executed cell defines {name!r}{reason}; run the answer cell first"))
    else:
        try:
            result = module.__dict__[name](*pickle.loads(arguments))
            answer = ("returned", _pickled(name, result))
        except Exception as error:  # noqa: BLE001 - whatever the answer raises crosses as its name and text
            traceback.print_exc()
            answer = ("raised", (type(error).__name__, str(error)))
    (folder / ANSWER).write_bytes(pickle.dumps(answer))


def _pickled(name: str, result: object) -> bytes:
    try:
        return pickle.dumps(result)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TypeError(f"{name} returned a {type(result).__name__}, which cannot cross to another process") from error


if __name__ == "__main__":
    answer_job(Path(sys.argv[1]))
