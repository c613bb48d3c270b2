"""
What a test sees of an object that lives in the learner's process.

Decides what is forwarded: call, public attribute, len, iter and next, [], in, with, == between two handles,
isinstance; each only if the object's own type can do it. Everything else raises here. A proxy equals no plain value,
is neither true nor false, and its repr is made here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from autograder.protocol.limits import ITEMS
from autograder.protocol.messages import Ability, Op

EXHAUSTED = object()  # what `request` returns when an iterator has no more items


class Requester(Protocol):
    """The session that a proxy speaks through."""

    def request(self, op: Op, number: int, *operands: Any) -> Any:
        """Ask for one thing and return the checked answer."""


class RemoteProxy:
    """An object of the learner's process, by its handle."""

    __slots__ = ("__weakref__", "_abilities", "_number", "_session", "_taken", "_title")

    _abilities: int
    _number: int
    _session: Requester
    _taken: int
    _title: str

    __array_ufunc__ = None  # numpy leaves == to us
    __hash__ = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{self!r}: {name!r} is not public and is not asked for")
        return _session(self).request(Op.ATTRIBUTE, _number(self), name)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{self!r}: a test cannot set {name!r} on an object of the answer")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self!r}: a test cannot delete {name!r} on an object of the answer")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteProxy) or _session(other) is not _session(self):
            return False
        return _boolean(_session(self).request(Op.EQUAL, _number(self), other))

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} is neither true nor false; compare a value, or ask `is None`")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{self!r} is no array")

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied or pickled")

    def __repr__(self) -> str:
        return f"<the answer's {object.__getattribute__(self, '_title')}>"


def _session(proxy: RemoteProxy) -> Requester:
    session: Requester = object.__getattribute__(proxy, "_session")
    return session


def _number(proxy: RemoteProxy) -> int:
    number: int = object.__getattribute__(proxy, "_number")
    return number


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(f"the answer's comparison gave a {type(value).__name__}, not True or False")
    return value


def _take(proxy: RemoteProxy) -> Any:
    """Take the next item of an iterator; EXHAUSTED if there is none."""
    taken = object.__getattribute__(proxy, "_taken")
    if taken >= ITEMS:
        raise RuntimeError(f"{proxy!r} gave more than {ITEMS:,} items; a test takes no more")
    object.__setattr__(proxy, "_taken", taken + 1)
    return _session(proxy).request(Op.NEXT, _number(proxy))


def _next(self: RemoteProxy) -> Any:
    item = _take(self)
    if item is EXHAUSTED:
        raise StopIteration
    return item


class RemoteItems:
    """A running iteration over an object of the learner's process."""

    def __init__(self, iterator: RemoteProxy) -> None:
        self._iterator = iterator

    def __iter__(self) -> RemoteItems:
        return self

    def __next__(self) -> Any:
        return _next(self._iterator)


def _iter(self: RemoteProxy) -> Any:
    iterator = _session(self).request(Op.ITERATE, _number(self))
    return RemoteItems(iterator) if isinstance(iterator, RemoteProxy) else iter(iterator)


def _call(self: RemoteProxy, /, *args: Any, **kwargs: Any) -> Any:
    return _session(self).request(Op.CALL, _number(self), args, kwargs)


def _len(self: RemoteProxy) -> int:
    length = _session(self).request(Op.LENGTH, _number(self))
    if type(length) is not int or length < 0:
        raise TypeError("the answer's len() is not a whole number")
    return length


def _getitem(self: RemoteProxy, key: Any) -> Any:
    return _session(self).request(Op.ITEM, _number(self), key)


def _contains(self: RemoteProxy, item: Any) -> bool:
    return _boolean(_session(self).request(Op.CONTAINS, _number(self), item))


def _enter(self: RemoteProxy) -> Any:
    return _session(self).request(Op.ENTER, _number(self))


def _exit(self: RemoteProxy, _: Any, error: BaseException | None, __: Any) -> bool:
    if error is not None and not isinstance(error, Exception):
        return False  # a lost session, an interrupt: none of the answer's business
    return _boolean(_session(self).request(Op.EXIT, _number(self), error))


def _instancecheck(self: RemoteProxy, value: Any) -> bool:
    if not isinstance(value, RemoteProxy) or _session(value) is not _session(self):
        return False
    return _boolean(_session(self).request(Op.IS_INSTANCE, _number(self), value))


FORWARDED: dict[Ability, dict[str, Callable[..., Any]]] = {
    Ability.CALL: {"__call__": _call},
    Ability.LENGTH: {"__len__": _len},
    Ability.ITERATE: {"__iter__": _iter},
    Ability.NEXT: {"__next__": _next},
    Ability.ITEM: {"__getitem__": _getitem},
    Ability.CONTAINS: {"__contains__": _contains},
    Ability.CONTEXT: {"__enter__": _enter, "__exit__": _exit},
    Ability.CLASS: {"__instancecheck__": _instancecheck},
}


@functools.cache
def _proxy_class(abilities: int) -> type[RemoteProxy]:
    methods = {
        name: method for ability, found in FORWARDED.items() if abilities & ability for name, method in found.items()
    }
    return type("RemoteProxy", (RemoteProxy,), {"__slots__": (), "__module__": __name__, **methods})


def make_proxy(session: Requester, number: int, abilities: int, title: str) -> RemoteProxy:
    """Make the proxy of a handle."""
    proxy = _proxy_class(abilities)()
    for name, value in (
        ("_session", session),
        ("_number", number),
        ("_abilities", abilities),
        ("_title", title),
        ("_taken", 0),
    ):
        object.__setattr__(proxy, name, value)
    return proxy
