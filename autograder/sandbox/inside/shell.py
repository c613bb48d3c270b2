"""
The IPython shell in which cells run, in the server (set-up cells) and then in each job (the learner's cells).

It gives what notebooks expect, magics and figures, and caps what a cell may print or show. It decides nothing about
right and wrong. Nothing here protects anybody: a job is hostile, and the jail around it must hold.
"""

from __future__ import annotations

import ast
import binascii
import functools
import io
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.protocol.cells import CellReport

# magics that start programs; those of IPython's script magics that name an interpreter too
NOT_ALLOWED = ("bash", "sh", "script", "system", "sx", "ruby", "perl", "pypy", "python", "python2", "python3")
TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
BINARY_TYPES = ("image/png", "image/jpeg")  # as base64, in nbformat's way
ERROR_CHARS = 2_000
LEAST_BYTES = 100  # that anything shown takes
LEADING_EMPTY_LINES = re.compile(r"\A(?:[ \t\f]*\n)+")
RESERVE_BYTES = 8 << 20  # given back when a cell has taken all memory, so that there is some to report it


def cell_file(name: str) -> str:
    """Return the file name of a cell's code."""
    return f"<cell {name}>"


@dataclass(frozen=True)
class Ran:
    """How a cell ended and what it showed, for the process in which it ran."""

    error: BaseException | None
    outputs: tuple[dict[str, Any], ...]  # nbformat outputs, in order
    too_much: bool  # the output limit was crossed; what came later is lost


class TooMuchOutput(BaseException):
    """A cell printed more than the limit; `except Exception` in a loop that prints must not swallow it."""


class Outputs:
    """What was printed and shown since it was last taken, in order, within a number of bytes for all together."""

    def __init__(self, limit_bytes: int) -> None:
        self.left = limit_bytes
        self.crossed = False
        self._items: list[dict[str, Any]] = []
        self._pieces: list[str] = []  # text of the last item, if it is a stream

    def add_text(self, name: str, text: str) -> None:
        """Add printed text; pieces of one stream are joined."""
        size = len(text)
        if not self._pay(size if size > self.left else max(1, len(text.encode("utf-8", "replace")))):
            return
        if not self._items or self._items[-1].get("name") != name:
            self._join()
            self._items.append({"output_type": "stream", "name": name, "text": ""})
        self._pieces.append(text)

    def add_shown(self, kind: str, data: dict[str, Any]) -> None:
        """Add something shown, such as a figure or the value of the last line."""
        shown: dict[str, str] = {mime: data[mime] for mime in TEXT_TYPES if isinstance(data.get(mime), str)}
        for mime in BINARY_TYPES:
            value = data.get(mime)
            if isinstance(value, bytes):
                shown[mime] = binascii.b2a_base64(value, newline=False).decode()
            elif isinstance(value, str):
                shown[mime] = value
        if not self._pay(sum(map(len, shown.values())) + LEAST_BYTES):
            return
        self._join()
        output: dict[str, Any] = {"output_type": kind, "data": shown, "metadata": {}}
        if kind == "execute_result":
            output["execution_count"] = None
        self._items.append(output)

    def take(self) -> tuple[tuple[dict[str, Any], ...], bool]:
        """Return what there is and whether some was lost to the limit, and begin anew with what is left of it."""
        self._join()
        taken, crossed = tuple(self._items), self.crossed
        self._items, self.crossed = [], False
        return taken, crossed

    def _join(self) -> None:
        if self._pieces:
            self._items[-1]["text"] = "".join(self._pieces)
            self._pieces = []

    def _pay(self, size: int) -> bool:
        """Take bytes from what is left; once nothing is left, later cells lose their outputs and nothing else."""
        if self.left < 0:
            return False
        self.left -= size
        if self.left < 0:
            self.crossed = True
            raise TooMuchOutput("more was printed than the limit allows")
        return True


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell."""

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs = outputs
        self.name = name

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.add_text(self.name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    """display() of a cell."""

    outputs: Outputs

    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        """Keep what is displayed; how it is updated later does not matter here."""
        self.outputs.add_shown("display_data", data)


class _LastValue(DisplayHook):
    """The value of a cell's last line."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Print no Out[3]."""

    def finish_displayhook(self) -> None:
        """Print no empty line."""
        self._is_active = False

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ARG002
        """Keep it as an output."""
        self.outputs.add_shown("execute_result", format_dict)


class _Compiler(CachingCompiler):
    """Names a cell's code after the cell, so that an error leads to the learner's line in any process."""

    cell = "?"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        """Return the file name that stands in tracebacks."""
        return cell_file(self.cell)


class _Interactive(InteractiveShell):
    """IPython's shell without a history thread, without commands of the operating system, with kept outputs."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_LastValue)
    compiler_class = Type(_Compiler)

    def system(self, cmd: str) -> None:  # noqa: ARG002
        """Refuse !command."""
        _refuse_commands()

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> None:  # noqa: ARG002
        """Refuse x = !command."""
        _refuse_commands()

    def transform_cell(self, raw_cell: str) -> str:
        """Leave plain Python as it is but for empty lines above it; looking for magics would cost more than to run."""
        try:
            ast.parse(raw_cell)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            transformed: str = super().transform_cell(raw_cell)  # type: ignore[no-untyped-call]
            return transformed
        return LEADING_EMPTY_LINES.sub("", raw_cell) + "\n"

    def ask_exit(self) -> None:
        """Let exit() end the cell."""
        raise SystemExit

    def enable_gui(self, gui: Any = None) -> None:
        """Let %matplotlib pass: figures are drawn without a window."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Print nothing: the report carries the error, and frames would be noise."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Print nothing."""


class Shell:
    """
    One IPython shell with captured, capped outputs.

    Args:
        output_bytes: Ceiling for all that is printed and shown, in all cells and calls together.
    """

    def __init__(self, output_bytes: int) -> None:
        self.outputs = Outputs(output_bytes)
        self._reserve = bytearray(RESERVE_BYTES)
        config = Config()
        config.HistoryManager.enabled = False  # its thread would make every fork unsafe
        config.InteractiveShell.colors = "nocolor"
        shell: Any = _Interactive.instance(config=config)
        self._shell = shell
        for part in (shell.display_pub, shell.displayhook):
            part.outputs = self.outputs
        for kind in ("line", "cell"):
            for name in NOT_ALLOWED:
                shell.register_magic_function(_refuse_commands, kind, name)

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that cells define."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def capture(self) -> None:
        """From now on keep what is printed between cells too: by functions that a test calls."""
        sys.stdout, sys.stderr = _Stream(self.outputs, "stdout"), _Stream(self.outputs, "stderr")

    def run(self, name: str, source: str) -> Ran:
        """Run one cell to its end; *name* stands in tracebacks, and inspect.getsource finds its text."""
        self.outputs.take()
        self._shell.compile.cell = name
        with self._captured():
            error = self._run(source)
        outputs, too_much = self.outputs.take()
        return Ran(error=error, outputs=outputs, too_much=too_much)

    def run_plain(self, name: str, source: str) -> Ran:
        """Run a cell as `run` does, without IPython's care for each statement if it is plain Python: a check."""
        steps = plain_code(name, source)
        if not steps:
            return self.run(name, source)
        self.outputs.take()
        error: BaseException | None = None
        with self._captured(), self._shell.builtin_trap, self._shell.display_trap:
            try:
                for step in steps:
                    exec(step, self.namespace)
            except BaseException as caught:  # noqa: BLE001 - how the cell ended
                error = caught
        outputs, too_much = self.outputs.take()
        return Ran(error=error, outputs=outputs, too_much=too_much)

    def execute(self, name: str, source: str) -> CellReport:
        """
        Run one cell and report it to the judge; the cell's exception is part of the report, never raised.

        A cell without a character reports what was printed since the last report, when `capture` is in force.
        """
        ran = self.run(name, source) if source else Ran(None, *self.outputs.take())
        try:
            return _report(name, ran)
        except MemoryError:
            self._reserve = bytearray()
            return CellReport(name=name, error_name="MemoryError", cut=True)

    def _run(self, source: str) -> BaseException | None:
        try:
            result = self._shell.run_cell(source, store_history=False)
            error: BaseException | None = result.error_before_exec or result.error_in_exec
        except BaseException as caught:  # noqa: BLE001 - too much output, or no memory left for IPython itself
            error = caught
        if isinstance(error, MemoryError):
            self._reserve = bytearray()
            traceback.clear_frames(error.__traceback__)  # they hold what took the memory
        return error

    @contextmanager
    def _captured(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        self.capture()
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


@functools.cache
def plain_code(name: str, source: str) -> tuple[CodeType, ...]:
    """Compile a cell of plain Python: all of it, and apart a last line whose value is shown. Empty if IPython must."""
    try:
        body = ast.parse(source).body
        last = [body.pop()] if body and isinstance(body[-1], ast.Expr) else []
        whole = compile(ast.Module(body, []), cell_file(name), "exec", dont_inherit=True)
        shown = compile(ast.Interactive(list(last)), cell_file(name), "single", dont_inherit=True)
    except SyntaxError:  # magics, or an await at the top level
        return ()
    return () if source.rstrip().endswith(";") else (whole, shown)  # that one's value is not shown


def _refuse_commands(*_: Any, **__: Any) -> None:
    raise UsageError("commands of the operating system are not allowed in graded notebooks; use Python")


def _report(name: str, ran: Ran) -> CellReport:
    return CellReport(
        name=name,
        error_name=None if ran.error is None else type(ran.error).__name__,
        error_text="" if ran.error is None else _text(ran.error),
        error_line=None if ran.error is None else _line(ran.error, cell_file(name)),
        output=_printed(ran, "stdout"),
        errors=_printed(ran, "stderr"),
        shown=tuple(_simplest(output["data"]) for output in ran.outputs if output.get("data")),
        cut=ran.too_much,
    )


def _text(error: BaseException) -> str:
    """Return an exception's text; half characters, which cannot be sent, become question marks."""
    try:
        return str.encode(str(error), "utf-8", "replace")[: 4 * ERROR_CHARS].decode("utf-8", "ignore")[:ERROR_CHARS]
    except Exception:  # noqa: BLE001 - a learner's __str__ may do anything
        return ""


def _line(error: BaseException, file: str) -> int | None:
    """Find the last line of the cell that the error came through."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _simplest(data: dict[str, str]) -> tuple[str, str]:
    """Choose of a thing shown its picture, else its plain text, else what there is."""
    for mime in (*BINARY_TYPES, "text/plain"):
        if mime in data:
            return mime, data[mime].encode(errors="replace").decode()
    return next(iter(data.items()))


def _printed(ran: Ran, name: str) -> bytes:
    texts = [output["text"] for output in ran.outputs if output.get("name") == name]
    return "".join(texts).encode("utf-8", "replace")
