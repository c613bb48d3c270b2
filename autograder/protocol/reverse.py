"""
What the learner's code sees of an object that lives in the judge.

Decides what is forwarded: what an honest function does with a callback, a stub, a clock or a model that it was given.
Nothing can be set on such an object, and private names are not asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

from autograder.protocol.messages import Ability, Op
from autograder.protocol.proxies import EXHAUSTED, Requester

PUBLIC_DUNDERS = frozenset({"__name__"})


class ReverseProxy:
    """An object of the judge, by its number."""

    __slots__ = ("__weakref__", "_abilities", "_methods", "_number", "_title", "_worker")

    _abilities: int
    _methods: frozenset[str]  # that need not be asked for before they are called
    _number: int
    _title: str
    _worker: Requester

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name not in PUBLIC_DUNDERS:
            raise AttributeError(f"{self!r} has no public attribute {name!r}")
        if name in object.__getattribute__(self, "_methods"):
            return Method(self, name)
        return _ask(self, Op.ATTRIBUTE, name)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{self!r}: {name!r} cannot be set, the object belongs to the test")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self!r}: {name!r} cannot be deleted, the object belongs to the test")

    def __eq__(self, other: object) -> bool:
        return other is self or (isinstance(other, ReverseProxy) and bool(_ask(self, Op.EQUAL, other)))

    def __hash__(self) -> int:
        return hash(("reverse", number_of(self)))

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied or pickled, it belongs to the test")

    def __copy__(self) -> ReverseProxy:
        return self

    def __deepcopy__(self, _: object) -> ReverseProxy:
        return self

    def __repr__(self) -> str:
        return f"<the test's {object.__getattribute__(self, '_title')}>"


class Method:
    """A method of an object of the judge, before anybody has asked for it: a call of it is one message."""

    __slots__ = ("_name", "_owner", "_real")

    def __init__(self, owner: ReverseProxy, name: str) -> None:
        self._owner = owner
        self._name = name
        self._real: Any = None

    @property
    def __name__(self) -> str:
        """The method's name."""
        return self._name

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return _ask(self._owner, Op.METHOD, self._name, args, kwargs)

    def real(self) -> Any:
        """Return the judge's own object, for any other use than a call."""
        if self._real is None:
            self._real = _ask(self._owner, Op.ATTRIBUTE, self._name)
        return self._real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real(), name)

    def __eq__(self, other: object) -> bool:
        return bool(self.real() == (other.real() if isinstance(other, Method) else other))

    def __hash__(self) -> int:
        return hash(self.real())

    def __copy__(self) -> Method:
        return self

    def __deepcopy__(self, _: object) -> Method:
        return self

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied or pickled, it belongs to the test")

    def __repr__(self) -> str:
        return f"<the test's {self._name}>"


def _ask(proxy: ReverseProxy, op: Op, *operands: Any) -> Any:
    worker: Requester = object.__getattribute__(proxy, "_worker")
    return worker.request(op, number_of(proxy), *operands)


def number_of(proxy: ReverseProxy) -> int:
    """Return the number of the judge's object."""
    number: int = object.__getattribute__(proxy, "_number")
    return number


def describe(proxy: ReverseProxy) -> tuple[int, int, str]:
    """Return number, abilities and title, as they were given."""
    return (
        number_of(proxy),
        object.__getattribute__(proxy, "_abilities"),
        object.__getattribute__(proxy, "_title"),
    )


def _next(self: ReverseProxy) -> Any:
    item = _ask(self, Op.NEXT)
    if item is EXHAUSTED:
        raise StopIteration
    return item


def _exit(self: ReverseProxy, _: Any, error: BaseException | None, __: Any) -> Any:
    return _ask(self, Op.EXIT, error)


FORWARDED: dict[Ability, dict[str, Callable[..., Any]]] = {
    Ability.CALL: {"__call__": lambda self, /, *args, **kwargs: _ask(self, Op.CALL, args, kwargs)},
    Ability.LENGTH: {"__len__": lambda self: _ask(self, Op.LENGTH)},
    Ability.ITERATE: {"__iter__": lambda self: iter(_ask(self, Op.ITERATE))},
    Ability.NEXT: {"__next__": _next, "__iter__": lambda self: self},
    Ability.ITEM: {"__getitem__": lambda self, key: _ask(self, Op.ITEM, key)},
    Ability.CONTAINS: {"__contains__": lambda self, item: _ask(self, Op.CONTAINS, item)},
    Ability.CONTEXT: {"__enter__": lambda self: _ask(self, Op.ENTER), "__exit__": _exit},
    Ability.CLASS: {
        "__instancecheck__": lambda self, value: isinstance(value, ReverseProxy) and _ask(self, Op.IS_INSTANCE, value)
    },
    Ability.TRUTH: {"__bool__": lambda self: _ask(self, Op.TRUTH)},
}


@functools.cache
def _names(methods: str) -> frozenset[str]:
    return frozenset(methods.split())


@functools.cache
def _proxy_class(abilities: int) -> type[ReverseProxy]:
    methods = {
        name: method for ability, found in FORWARDED.items() if abilities & ability for name, method in found.items()
    }
    return type("ReverseProxy", (ReverseProxy,), {"__slots__": (), "__module__": __name__, **methods})


def make_reverse(worker: Requester, number: int, abilities: int, title: str, methods: str) -> ReverseProxy:
    """Make the proxy of an object of the judge; *methods* are the announced ones, with spaces between them."""
    proxy = _proxy_class(abilities)()
    for name, value in (
        ("_worker", worker),
        ("_number", number),
        ("_abilities", abilities),
        ("_title", title),
        ("_methods", _names(methods)),
    ):
        object.__setattr__(proxy, name, value)
    return proxy
