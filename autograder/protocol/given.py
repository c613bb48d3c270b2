"""
The judge's objects that the learner's process may ask about, and the answers to what it asks.

Decides what a reverse call may reach: objects that were given, by their number, and of them calls, public attributes
and the protocols of Python's own operators. How often and how deep is limited. What a reverse call returns crosses in
the same way.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from autograder.protocol.codec import Codec
from autograder.protocol.decoder import Decoder
from autograder.protocol.encoder import Encoder, Piece
from autograder.protocol.errors import CannotCross, ProtocolError
from autograder.protocol.failures import read_failure, write_failure
from autograder.protocol.limits import CALLS_OPEN, HANDLES, REVERSE_CALLS
from autograder.protocol.messages import PICKLE, REVERSE, Op, Status, abilities_of, title_of
from autograder.protocol.outward import defined_by_test, dumps, methods_of, methods_of_class, readable, way_of
from autograder.protocol.proxies import EXHAUSTED, RemoteProxy
from autograder.protocol.records import CONTROL_FLOW, Registry

Decode = Callable[[Decoder, Callable[[Decoder], Any]], Any]


class Given:
    """All that one session has given away by number."""

    def __init__(self, codec: Codec, registry: Registry) -> None:
        self._codec = codec
        self._registry = registry
        self._objects: list[Any] = []
        self._numbers: dict[Any, int] = {}
        self._raised: list[BaseException] = []  # exceptions of the judge that the learner's process knows by number
        self._calls = 0
        self._depth = 0

    # Giving

    def write(self, encoder: Encoder, value: Any) -> None:
        """Write an object that is no value: a copy of what a library made, or a number."""
        if way_of(value) == "copy":
            data = dumps(value, self._stays)
            if data is not None:
                encoder.share(value, lambda inner, _: self._write_copy(inner, data))
                return
        encoder.out.append(REVERSE)
        number, abilities, title, methods = self._give(value)
        encoder.count(number)
        encoder.count(abilities)
        encoder.text(title)
        encoder.text(methods)

    def _write_copy(self, encoder: Encoder, data: bytes) -> None:
        encoder.out.append(PICKLE)
        encoder.raw(data)

    def _stays(self, value: Any) -> object:
        """Name an object inside a copy that is not copied itself; None for all others."""
        if isinstance(value, RemoteProxy):
            raise CannotCross(f"{value!r} stands inside an object of a library; pass it to the answer by itself")
        if type(value) in self._codec.writers or not defined_by_test(value):
            return None
        return self._give(value)

    def _give(self, value: Any) -> tuple[int, int, str, str]:
        key: Any = id(value)
        if isinstance(value, types.MethodType):  # made anew at each look; the same method is the same number
            key = (id(value.__self__), id(value.__func__))
        number = self._numbers.get(key)
        if number is None:
            if len(self._objects) >= HANDLES:
                raise CannotCross(f"a test gave more than {HANDLES:,} objects to the answer; give fewer")
            number = self._numbers[key] = len(self._objects)
            self._objects.append(value)
        return number, abilities_of(value), title_of(value), " ".join(methods_of(value))

    def find(self, number: int) -> Any:
        """
        Return the object of a number.

        Raises:
            ProtocolError: If it was never given.
        """
        if number >= len(self._objects):
            raise ProtocolError(f"asks for object {number}, which was never given")
        return self._objects[number]

    # Exceptions that go there and come back

    def remember(self, error: BaseException) -> int:
        """
        Give an exception a number, from 1, by which it comes back as itself while the outermost call runs.

        Returns:
            0 for what would end an iteration of the test: that never comes back as itself.
        """
        if isinstance(error, CONTROL_FLOW):
            return 0
        self._raised.append(error)
        return len(self._raised)

    def original(self, number: int) -> BaseException | None:
        """Return the exception of a number; None for 0."""
        if number > len(self._raised):
            raise ProtocolError(f"raises exception {number} again, which was never raised")
        return self._raised[number - 1] if number else None

    def forget_raised(self) -> None:
        """Forget the exceptions: the outermost call is over."""
        self._raised.clear()

    # Answering

    def answer(self, code: int, decoder: Decoder, decode: Decode) -> tuple[Status, list[Piece]]:
        """
        Answer one reverse request.

        Raises:
            ProtocolError: If it is none, or one too many.
        """
        self._calls += 1
        if self._calls > REVERSE_CALLS:
            raise ProtocolError(f"more than {REVERSE_CALLS:,} reverse calls")
        act = ACTS.get(code)
        if act is None:
            raise ProtocolError(f"an unknown reverse request {code}")
        read, do = act
        target, operands = decode(decoder, lambda one: (self.find(one.count()), read(one, self._registry)))
        encoder = self._codec.encoder()
        self._depth += 1
        try:
            if self._depth > CALLS_OPEN:
                raise RecursionError(f"more than {CALLS_OPEN} reverse calls inside one another")
            value = do(target, *operands)
            if value is EXHAUSTED:
                return Status.EXHAUSTED, encoder.pieces()
            encoder.value(value)
        except Exception as error:  # noqa: BLE001 - whatever a test's object raises is its answer
            encoder = self._codec.encoder()
            write_failure(encoder, self._registry, error, self.remember(error))
            return Status.RAISED, encoder.pieces()
        finally:
            self._depth -= 1
        return Status.VALUE, encoder.pieces()


def _attribute(target: Any, name: str) -> Any:
    if not readable(target, name):
        raise AttributeError(f"{title_of(target)!r} of a test has no public attribute {name!r}")
    return getattr(target, name)


def _method(target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    kind: Any = type(target)
    if name not in methods_of_class(kind):  # the instance may have hidden it since it was given: then that is called
        raise AttributeError(f"{title_of(target)!r} of a test has no public method {name!r}")
    return getattr(target, name)(*args, **kwargs)


def _next(target: Any) -> Any:
    try:
        return next(target)
    except StopIteration:
        return EXHAUSTED


def _exit(target: Any, error: BaseException | None) -> bool:
    return bool(target.__exit__(None if error is None else type(error), error, None))


def _is_instance(target: Any, value: Any) -> bool:
    return isinstance(target, type) and isinstance(value, target)


def _nothing(_: Decoder, __: Registry) -> tuple[()]:
    return ()


def _one_value(decoder: Decoder, _: Registry) -> tuple[Any]:
    return (decoder.value(),)


def _name(decoder: Decoder, _: Registry) -> tuple[str]:
    name = decoder.value()
    if type(name) is not str:
        raise ProtocolError("an attribute whose name is no text")
    return (name,)


def _name_and_call(decoder: Decoder, registry: Registry) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    return (*_name(decoder, registry), *read_call(decoder, registry))


def read_call(decoder: Decoder, _: Registry) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Read the positional and named arguments of a call."""
    args, kwargs = decoder.value(), decoder.value()
    if type(args) is not tuple or type(kwargs) is not dict or any(type(key) is not str for key in kwargs):
        raise ProtocolError("arguments that are none")
    return args, kwargs


def read_exit(decoder: Decoder, registry: Registry) -> tuple[Exception | None]:
    """Read the exception that ends a with block, or None."""
    return (read_failure(decoder, registry)[0] if decoder.flag() else None,)


ACTS: dict[int, tuple[Callable[[Decoder, Registry], tuple[Any, ...]], Callable[..., Any]]] = {
    Op.CALL: (read_call, lambda target, args, kwargs: target(*args, **kwargs)),
    Op.ATTRIBUTE: (_name, _attribute),
    Op.METHOD: (_name_and_call, _method),
    Op.LENGTH: (_nothing, len),
    Op.ITERATE: (_nothing, iter),
    Op.NEXT: (_nothing, _next),
    Op.ITEM: (_one_value, lambda target, key: target[key]),
    Op.CONTAINS: (_one_value, lambda target, item: bool(item in target)),
    Op.ENTER: (_nothing, lambda target: target.__enter__()),
    Op.EXIT: (read_exit, _exit),
    Op.EQUAL: (_one_value, lambda target, other: bool(target == other)),
    Op.IS_INSTANCE: (_one_value, _is_instance),
    Op.TRUTH: (_nothing, bool),
}
