"""
The learner's side: answers the judge where the learner's cells ran.

Decides nothing about grades and protects nothing: the learner's code can do in this process what it likes, which is why
the judge believes nothing that comes from here. It keeps honest code honest: objects keep their identity, changed
arguments are reported, an exception is an answer.
"""

from __future__ import annotations

import socket
import threading
import types
import weakref
from pathlib import Path
from typing import Any

from autograder.protocol.cells import Shell
from autograder.protocol.changes import Watch
from autograder.protocol.codec import DEFAULT_LIMITS, Codec, read_all
from autograder.protocol.decoder import Decoder, Reader
from autograder.protocol.encoder import ARGUMENT, Encoder, Piece
from autograder.protocol.errors import CannotCross, ProtocolError, SessionLost
from autograder.protocol.failures import read_failure, write_failure
from autograder.protocol.framing import Channel
from autograder.protocol.given import read_call
from autograder.protocol.limits import Limits
from autograder.protocol.messages import HANDLE, PICKLE, REVERSE, Kind, Message, Op, Status, abilities_of, title_of
from autograder.protocol.outward import loads
from autograder.protocol.proxies import EXHAUSTED
from autograder.protocol.records import Registry
from autograder.protocol.reverse import Method, ReverseProxy, describe, make_reverse


def serve(end: socket.socket, shell: Shell, registry: Registry, limits: Limits = DEFAULT_LIMITS) -> None:
    """Answer the judge at the other end until it hangs up."""
    worker = Worker(end, shell, registry, limits)
    try:
        worker.run()
    except SessionLost:
        return
    finally:
        worker.close()


class Worker:
    """The learner's end of a session; arguments as in `serve`."""

    def __init__(self, end: socket.socket, shell: Shell, registry: Registry, limits: Limits) -> None:
        self._channel = Channel(end, limits.frame_bytes)
        self._shell = shell
        self._registry = registry
        self._codec = Codec(
            registry,
            limits=limits,
            opaque=self._write_opaque,
            opaque_readers={
                HANDLE: Reader(self._read_handle),
                REVERSE: Reader(self._read_reverse),
                PICKLE: Reader(self._read_copy, shared=True),
            },
            posix_path=Path,
        )
        self._thread = threading.get_ident()
        self._handles = Handles()
        self._reverse: weakref.WeakValueDictionary[int, ReverseProxy] = weakref.WeakValueDictionary()
        self._watches: list[Watch] = []  # arguments of the requests that are being served
        self._origins: list[tuple[BaseException, int]] = []  # exceptions of the judge, with the judge's number
        self._requests = 0

    def run(self) -> None:
        """Answer requests, for ever."""
        while True:
            message = self._channel.receive()
            if message.kind != Kind.REQUEST:
                raise ProtocolError("the judge replied to nothing")
            self._answer(message)
            self._origins.clear()

    def close(self) -> None:
        """Hang up."""
        self._channel.close()

    # Answering the judge

    def _answer(self, message: Message) -> None:
        decoder = self._codec.decoder(message.body)
        try:
            target, operands = read_all(decoder, lambda one: self._read_request(one, message.code))
        except ProtocolError as error:  # a copy that this process cannot rebuild: the test's affair, not the end
            problem = TypeError(f"an argument could not be rebuilt in the answer's process: {error}")
            self._channel.send(Kind.REPLY, Status.RAISED, message.number, self._failure_alone(problem).pieces())
            return
        watch = Watch(self._codec, decoder)
        self._watches.append(watch)
        try:
            status, body = self._reply(message.code, target, operands, watch)
        finally:
            self._watches.pop()
        self._channel.send(Kind.REPLY, status, message.number, body)

    def _read_request(self, decoder: Decoder, code: int) -> tuple[Any, tuple[Any, ...]]:
        for _ in range(decoder.items()):
            self._handles.release(decoder.count())
        number = decoder.count()
        target = self._handles.find(number) if number else None
        if code == Op.CALL:
            return target, read_call(decoder, self._registry)
        if code == Op.EXIT:
            return target, self._read_exit(decoder)
        operands = []
        while decoder.pos < decoder.end:
            operands.append(decoder.value())
        return target, tuple(operands)

    def _read_exit(self, decoder: Decoder) -> tuple[Exception | None]:
        if not decoder.flag():
            return (None,)
        return (self._with_origin(*read_failure(decoder, self._registry)),)

    def _reply(self, code: int, target: Any, operands: tuple[Any, ...], watch: Watch) -> tuple[Status, list[Piece]]:
        status, value, failure = Status.VALUE, None, None
        try:
            value = self._do(code, target, operands)
            status = Status.EXHAUSTED if value is EXHAUSTED else Status.VALUE
        except SessionLost:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the answer raises is the answer
            failure = error
        try:
            encoder = self._start_reply(watch)
            if failure is None and status == Status.VALUE:
                self._write_value(encoder, code, value)
        except (CannotCross, RecursionError) as error:
            return Status.RAISED, self._failure_alone(failure or error).pieces()
        if failure is None:
            return status, encoder.pieces()
        write_failure(encoder, self._registry, failure, self._origin_of(failure))
        return Status.RAISED, encoder.pieces()

    def _failure_alone(self, failure: BaseException) -> Encoder:
        """Start a reply without changes."""
        encoder = self._codec.encoder()
        encoder.count(0)
        write_failure(encoder, self._registry, failure, self._origin_of(failure))
        return encoder

    def _start_reply(self, watch: Watch) -> Encoder:
        encoder = self._codec.encoder(watch.values)
        changes = watch.changes()
        encoder.count(len(changes))
        for slot, changed in changes:
            encoder.count(slot)
            encoder.nested(changed)
        return encoder

    def _write_value(self, encoder: Encoder, code: int, value: Any) -> None:
        if code != Op.NAME:
            encoder.value(value)
            return
        trial = self._codec.encoder()
        try:
            trial.value(value)
        except CannotCross:  # a name must mean something: what cannot cross is asked from afar
            self._write_handle(encoder, value)
        else:
            for piece in trial.pieces():
                encoder.large(piece)

    def _do(self, code: int, target: Any, operands: tuple[Any, ...]) -> Any:
        if code == Op.CALL:
            args, kwargs = operands
            return target(*args, **kwargs)
        return ACTS[code](self, target, *operands)

    def _execute(self, _: Any, name: str, source: str) -> Any:
        return self._shell.execute(name, source)

    def _name(self, _: Any, name: str) -> Any:
        namespace = self._shell.namespace
        if name not in namespace:
            raise NameError(f"name {name!r} is not defined")
        return namespace[name]

    def _workspace(self, _: Any) -> Any:
        from exercises.testing import Workspace

        return Workspace()

    # Asking the judge

    def request(self, op: Op, number: int, *operands: Any) -> Any:
        """
        Ask one thing of an object of the judge.

        Raises:
            RuntimeError: From another thread than the one that serves the call.
        """
        if threading.get_ident() != self._thread or not self._watches:
            raise RuntimeError("an object of the test can be used only in the thread that the test called")
        encoder = self._codec.encoder(self._watches[-1].unchanged())
        encoder.count(number)
        if op is Op.EXIT:
            (error,) = operands
            encoder.count(error is not None)
            if error is not None:
                write_failure(encoder, self._registry, error)
        else:
            for operand in operands:
                encoder.value(operand)
        self._requests += 1
        self._channel.send(Kind.REQUEST, op, self._requests, encoder.pieces())
        return self._wait_for_reply(self._requests)

    def _wait_for_reply(self, number: int) -> Any:
        while True:
            message = self._channel.receive()
            if message.kind == Kind.REQUEST:
                self._answer(message)
                continue
            if message.number != number:
                raise ProtocolError("the judge replied to another request")
            if message.code == Status.EXHAUSTED:
                return EXHAUSTED
            decoder = self._codec.decoder(message.body)
            if message.code == Status.VALUE:
                return read_all(decoder, Decoder.value)
            raise self._with_origin(*read_all(decoder, lambda one: read_failure(one, self._registry)))

    def _with_origin(self, error: Exception, origin: int) -> Exception:
        if origin:
            self._origins.append((error, origin))
        return error

    def _origin_of(self, error: BaseException) -> int:
        return next((origin for known, origin in reversed(self._origins) if known is error), 0)

    # Objects that are no values

    def _write_opaque(self, encoder: Encoder, value: Any) -> None:
        if isinstance(value, Method):
            value = value.real()
        if isinstance(value, ReverseProxy):
            encoder.out.append(REVERSE)
            self._write_described(encoder, *describe(value))
            return
        number = encoder.known.get(id(value))
        if number is not None:
            encoder.out.append(ARGUMENT)
            encoder.count(number)
        elif encoder.plain_only:
            raise CannotCross(f"a {title_of(value)} as a key, a name or in a set cannot cross; use plain values there")
        else:
            self._write_handle(encoder, value)

    def _write_handle(self, encoder: Encoder, value: Any) -> None:
        encoder.out.append(HANDLE)
        self._write_described(encoder, self._handles.number_of(value), abilities_of(value), title_of(value))

    def _write_described(self, encoder: Encoder, number: int, abilities: int, title: str) -> None:
        encoder.count(number)
        encoder.count(abilities)
        encoder.text(title)

    def _read_handle(self, decoder: Decoder) -> Any:
        value = self._handles.find(decoder.count())
        decoder.count()
        decoder.text()
        return value

    def _read_reverse(self, decoder: Decoder) -> ReverseProxy:
        return self._reverse_proxy(decoder.count(), decoder.count(), decoder.text(), decoder.text())

    def _reverse_proxy(self, number: int, abilities: int, title: str, methods: str) -> ReverseProxy:
        proxy = self._reverse.get(number)
        if proxy is None:
            proxy = self._reverse[number] = make_reverse(self, number, abilities, title, methods)
        return proxy

    def _read_copy(self, decoder: Decoder) -> Any:
        return loads(bytes(decoder.raw()), lambda given: self._reverse_proxy(*given))


class Handles:
    """The learner's objects that the judge knows by number, from 1; a number is never used again."""

    def __init__(self) -> None:
        self._objects: dict[int, tuple[Any, Any]] = {}  # number -> key, object
        self._numbers: dict[Any, int] = {}
        self._last = 0

    def number_of(self, value: Any) -> int:
        """Return the number of an object; the same object has the same number while the judge holds it."""
        key: Any = id(value)
        if isinstance(value, types.MethodType):  # made anew at each look
            key = (id(value.__self__), id(value.__func__))
        number = self._numbers.get(key)
        if number is None:
            self._last += 1
            number = self._numbers[key] = self._last
            self._objects[number] = (key, value)
        return number

    def find(self, number: int) -> Any:
        """Return the object of a number."""
        if number not in self._objects:
            raise ProtocolError(f"the judge asks for object {number}, which it does not hold")
        return self._objects[number][1]

    def release(self, number: int) -> None:
        """Forget an object that the judge no longer holds."""
        key, _ = self._objects.pop(number)
        del self._numbers[key]


def _next(_: Worker, target: Any) -> Any:
    try:
        return next(target)
    except StopIteration:
        return EXHAUSTED


def _exit(_: Worker, target: Any, error: BaseException | None) -> bool:
    return bool(target.__exit__(None if error is None else type(error), error, None))


ACTS: dict[int, Any] = {
    Op.ATTRIBUTE: lambda _, target, name: getattr(target, name),
    Op.LENGTH: lambda _, target: len(target),
    Op.ITERATE: lambda _, target: iter(target),
    Op.NEXT: _next,
    Op.ITEM: lambda _, target, key: target[key],
    Op.CONTAINS: lambda _, target, item: item in target,
    Op.ENTER: lambda _, target: target.__enter__(),
    Op.EXIT: _exit,
    Op.EQUAL: lambda _, target, other: bool(target == other),
    Op.IS_INSTANCE: lambda _, target, value: isinstance(value, target),
    Op.EXECUTE: Worker._execute,
    Op.NAME: Worker._name,
    Op.WORKSPACE: Worker._workspace,
}
