"""
How the frozen records and the exceptions of `exercises` cross: by name, field by field, never by a constructor.

Decides which classes are known: those of the modules that the caller names, looked up once. Neither side ever imports
because of what the other one says.
"""

from __future__ import annotations

import builtins
import dataclasses
import importlib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.protocol.cells import CellReport
from autograder.protocol.decoder import Decoder, Reader
from autograder.protocol.encoder import Encoder, Write
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.limits import EXCEPTION_CHARS

RECORD, EXCEPTION = 70, 71
EXERCISE_MODULES = ("exercises.records", "exercises.errors")
CONTROL_FLOW = (StopIteration, StopAsyncIteration)
SIMPLE = (type(None), bool, int, float, str, bytes)
ARGUMENTS = 8  # of an exception's arguments that cross


@dataclass(frozen=True)
class Registry:
    """The classes that both sides know by name."""

    records: Mapping[str, type] = field(default_factory=dict)
    exceptions: Mapping[str, type[Exception]] = field(default_factory=dict)

    @classmethod
    def of(cls, modules: Iterable[str] = EXERCISE_MODULES) -> Registry:
        """Collect the frozen dataclasses and the exceptions that *modules* define."""
        records: dict[str, type] = {"CellReport": CellReport}
        exceptions = {name: kind for name, kind in vars(builtins).items() if _is_error(kind) and kind.__name__ == name}
        for module in modules:
            for name, kind in vars(importlib.import_module(module)).items():
                if not inspect.isclass(kind) or kind.__module__ != module:
                    continue
                if dataclasses.is_dataclass(kind) and vars(kind)["__dataclass_params__"].frozen:
                    records[name] = kind
                elif _is_error(kind):
                    exceptions[name] = kind
        return cls(records, exceptions)

    def writers(self) -> dict[type, Write]:
        """Return what writes each known class."""
        return {kind: _record_writer(name, kind) for name, kind in self.records.items()} | {
            kind: _exception_writer(name) for name, kind in self.exceptions.items()
        }

    def readers(self) -> dict[int, Reader]:
        """Return what reads a record and an exception."""
        return {RECORD: Reader(self._read_record, work=8), EXCEPTION: Reader(self._read_exception, work=8)}

    def name_of(self, error: BaseException) -> str:
        """Return the name of the nearest known class above *error*'s; RuntimeError for what ends a program."""
        if isinstance(error, Exception) and not isinstance(error, CONTROL_FLOW):
            for kind in type(error).__mro__:
                if self.exceptions.get(kind.__name__) is kind:
                    return kind.__name__
        return "RuntimeError"

    def make(self, name: str, arguments: tuple[Any, ...]) -> Exception:
        """
        Make a known exception.

        Raises:
            ProtocolError: If *name* is unknown.
        """
        kind = self.exceptions.get(name)
        if kind is None:
            raise ProtocolError(f"an exception of unknown name {name[:80]!r}")
        try:
            return kind(*arguments)
        except Exception:  # noqa: BLE001 - some want other arguments, such as UnicodeDecodeError
            error = kind.__new__(kind)
            error.args = (" ".join(map(str, arguments)),)
            return error

    def _read_record(self, decoder: Decoder) -> Any:
        name = decoder.text()
        kind: Any = self.records.get(name)
        if kind is None:
            raise ProtocolError(f"a record of unknown name {name[:80]!r}")
        fields = dataclasses.fields(kind)
        if decoder.count() != len(fields):
            raise ProtocolError(f"a {name} with another number of fields")
        record = kind.__new__(kind)
        for one in fields:
            object.__setattr__(record, one.name, decoder.value())
        return record

    def _read_exception(self, decoder: Decoder) -> Exception:
        return self.make(decoder.text(), read_arguments(decoder))


def _is_error(kind: Any) -> bool:
    if not inspect.isclass(kind) or not issubclass(kind, Exception):
        return False
    return not issubclass(kind, (*CONTROL_FLOW, BaseExceptionGroup))


def _record_writer(name: str, kind: type) -> Write:
    names = [one.name for one in dataclasses.fields(kind)]

    def write(encoder: Encoder, record: Any) -> None:
        encoder.out.append(RECORD)
        encoder.text(name)
        encoder.count(len(names))
        for one in names:
            encoder.value(getattr(record, one))

    return write


def _exception_writer(name: str) -> Write:
    def write(encoder: Encoder, error: Exception) -> None:
        encoder.out.append(EXCEPTION)
        encoder.text(name)
        write_arguments(encoder, error)

    return write


def write_arguments(encoder: Encoder, error: BaseException) -> None:
    """Write an exception's arguments if they are simple and short, or else its text as the only one."""
    arguments = error.args
    if isinstance(error, OSError) and type(arguments) is tuple and type(error.filename) is str:
        arguments = (*arguments, error.filename)  # which stands beside them
    simple = type(arguments) is tuple and len(arguments) <= ARGUMENTS and all(type(one) in SIMPLE for one in arguments)
    trial = Encoder(encoder.writers, encoder.shared, encoder.opaque, encoder.limits, {})
    try:
        if not simple or any(type(one) in (str, bytes) and len(one) > EXCEPTION_CHARS for one in arguments):
            arguments = (error_text(error),)
        for one in arguments:
            trial.value(one)
    except CannotCross:
        return _write_all(encoder, (error_text(error),))
    return _write_all(encoder, arguments)


def _write_all(encoder: Encoder, arguments: tuple[Any, ...]) -> None:
    encoder.count(len(arguments))
    for one in arguments:
        encoder.value(one)


def error_text(error: BaseException) -> str:
    """Return an exception's text, short and well formed, whatever its `__str__` does."""
    try:
        text = str.__str__(str(error))
    except Exception:  # noqa: BLE001 - the learner's own __str__
        text = "(its text cannot be read)"
    return text[:EXCEPTION_CHARS].encode(errors="replace").decode()


def read_arguments(decoder: Decoder) -> tuple[Any, ...]:
    """Read an exception's arguments: simple values only."""
    number = decoder.items()
    if number > ARGUMENTS:
        raise ProtocolError("an exception with too many arguments")
    arguments = tuple(decoder.value() for _ in range(number))
    if any(type(one) not in SIMPLE for one in arguments):
        raise ProtocolError("an exception whose arguments are not simple")
    return arguments
