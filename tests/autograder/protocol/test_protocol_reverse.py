"""What a test defines stays in the judge: the answer asks it from afar, and sees no more than it was given."""

import functools
import io
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from autograder.protocol.limits import CALLS_OPEN
from autograder.protocol.proxies import RemoteProxy
from exercises.testing import CountingStub, FakeClock

SECRET = "expected value"


class Stub:
    """A test's own class."""

    public = 3

    def __init__(self):
        self._private = SECRET
        self.items = [1, 2]

    def method(self, x):
        return x + 1

    def me(self):
        return self

    def __len__(self):
        return 2

    def __iter__(self):
        return iter(self.items)

    def __getitem__(self, key):
        return self.items[key]

    def __contains__(self, item):
        return item in self.items

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is KeyError

    def __eq__(self, other):
        return isinstance(other, Stub)

    __hash__ = None


def test_a_function_of_the_test_runs_in_the_judge(function):
    """A list of the test sees the calls."""
    seen = []

    got = function("def f(call): return [call(1), call(x=2)]")(lambda x: (seen.append(x), x * 10)[1])

    assert (got, seen) == ([10, 20], [1, 2])


def test_a_counting_stub_counts_in_the_judge(function):
    """The counter is out of the answer's reach."""
    stub = CountingStub(lambda x: x)

    function(
        "def f(call):\n    call(1)\n    try: call.calls = 0\n    except AttributeError: pass\n    return call.calls"
    )(stub)

    assert stub.calls == 1


def test_a_fake_clock_moves_for_both(function):
    """The answer's sleep is the test's sleep."""
    clock = FakeClock("2013-07-01T00:00:00Z")

    got = function("def f(clock):\n    clock.sleep(60)\n    return clock.now(), clock.monotonic()")(clock)

    assert got == (pd.Timestamp("2013-07-01T00:01:00Z"), 60.0)
    assert clock.slept == (60.0,)


def test_a_bound_method_of_a_list_appends_here(function):
    """`on_rollback=calls.append` works."""
    calls = []

    function("def f(notify): notify('v2')")(calls.append)

    assert calls == ["v2"]


def test_a_text_file_of_the_test_is_written_here(function):
    """A StringIO is a log."""
    log = io.StringIO()

    function("def f(log): print('hello', file=log)")(log)

    assert log.getvalue() == "hello\n"


def test_an_instance_is_asked_by_pythons_own_operators(function):
    """What an honest function does with an object that it was given."""
    got = function("""
def f(s, other):
    with s as entered:
        raise KeyError('swallowed')
    return (s.public, s.method(1), s.me() is s, len(s), list(s), s[1], 2 in s, 5 in s, s == other,
            entered is s, callable(s), hasattr(s, 'nothing'), bool(s), s.method == s.method)
""")(Stub(), Stub())

    assert got == (3, 2, True, 2, [1, 2], 2, True, False, True, True, False, False, True, True)


def test_a_method_may_be_kept_passed_on_and_looked_at(function):
    """What was announced and is called in one message is otherwise the judge's own object."""
    stub = Stub()
    kept, name, same, other = function("""
import copy
def f(s):
    m = s.method
    return [m, m.__name__, {m: 1}[s.method] + copy.copy(m)(2), m == s.me]
""")(stub)

    assert kept == stub.method
    assert (name, same, other) == ("method", 4, False)


def test_a_method_that_an_instance_hides_is_asked_for(function):
    """An attribute of the instance wins over the method of its class, as in Python."""
    stub = Stub()
    stub.method = 7

    assert function("def f(s): return s.method")(stub) == 7


def test_a_method_that_a_test_replaces_later_is_the_new_one(answer):
    """A test breaks a stub between two calls: the answer that kept it meets the new behaviour."""
    service = answer(
        "class S:\n    def __init__(self, stub): self.stub = stub\n    def ask(self): return self.stub.method(1)"
    )
    stub = Stub()
    asked = service.get("S")(stub)
    before = asked.ask()
    stub.method = lambda x: x + 100

    assert (before, asked.ask()) == (2, 101)


def test_a_class_of_the_test_makes_objects_here(function):
    """A factory, and isinstance with it."""
    made = function("def f(kind):\n    x = kind()\n    return [x, isinstance(x, kind), isinstance(3, kind)]")(Stub)

    assert type(made[0]) is Stub
    assert made[1:] == [True, False]


def test_a_reverse_proxy_that_comes_back_is_the_original(function):
    """Returned, stored in an object, or inside a container."""
    stub = Stub()

    assert function("def f(s): return {'x': [s]}")(stub)["x"][0] is stub


def test_what_a_reverse_call_returns_is_a_reverse_proxy_too(function):
    """A factory's product stays in the judge."""
    models = []

    def make_model():
        models.append(Stub())
        return models[-1]

    assert function("def f(make): return make().method(4)")(make_model) == 5
    assert len(models) == 1


def test_a_callback_may_be_kept_for_later_calls(answer):
    """A service keeps its clock."""
    service = answer(
        "class Service:\n    def __init__(self, clock): self.c = clock\n    def now(self): return self.c.monotonic()"
    ).get("Service")
    clock = FakeClock()
    made = service(clock)
    clock.advance(5)

    assert made.now() == 5.0


def test_an_estimator_goes_as_a_copy_and_comes_back_as_a_handle(function):
    """What the answer fits is asked by its methods; functions of the test inside it still run here."""
    from sklearn.preprocessing import FunctionTransformer

    seen = []
    transformer = FunctionTransformer(lambda rows: (seen.append(len(rows)), rows * 2)[1])
    fitted = function("def f(t, rows): return t.fit(rows)")(transformer, np.array([[1.0]]))

    assert isinstance(fitted, RemoteProxy)
    assert fitted.transform(np.array([[3.0]])).tolist() == [[6.0]]
    assert seen == [1]


@pytest.mark.parametrize("value", [np.mean, len, ValueError, dict, pd.Timestamp, Ellipsis])
def test_functions_and_classes_of_libraries_go_by_name(function, value):
    """The answer's own library does the work."""
    assert function("def f(x, name): return type(x).__name__ + getattr(x, '__name__', '')")(value, "") == type(
        value
    ).__name__ + getattr(value, "__name__", "")


class BoomError(Exception):
    """A test's own exception."""


def test_an_exception_of_the_test_passes_through_the_answer_as_itself(function):
    """The very object comes back, of a class that only the test knows."""
    error = BoomError("once")

    with pytest.raises(BoomError) as caught:
        function("def f(call): call()")(CountingStub(lambda: None, raising=error))

    assert caught.value is error


def test_an_exception_of_the_test_is_caught_by_the_answer(function):
    """As the nearest class that both sides know."""
    stub = CountingStub(lambda: 5, raising=ConnectionError("down"))

    assert function("def f(call):\n    try: call()\n    except ConnectionError as e: return str(e)")(stub) == "down"


def test_an_exhausted_callback_does_not_end_the_tests_own_iteration(function):
    """A StopIteration that a test's function raised comes back as a RuntimeError that names it."""
    call = function("def f(call): call()")

    with pytest.raises(RuntimeError, match="StopIteration"):
        [call(lambda: next(iter(()))) for _ in range(2)]


@pytest.mark.parametrize(
    "name", ["_private", "__globals__", "__closure__", "__code__", "__self__", "__dict__", "__class__"]
)
def test_nothing_private_is_read(function, name):
    """A test's function does not give its names away."""
    source = f"def f(*things):\n    return [type(getattr(t, {name!r}, None)).__name__ for t in things]"

    got = function(source)(lambda: SECRET, Stub(), Stub().method, FakeClock())

    assert "dict" not in got
    assert not any("code" in kind or "cell" in kind or kind == "str" for kind in got)


@pytest.mark.parametrize(
    "thing",
    [sys, sys._getframe(), (lambda: 1).__code__, functools],
    ids=["module", "frame", "code", "another module"],
)
def test_what_shows_a_tests_names_never_crosses(function, thing):
    """Modules, frames and code are refused before anything is sent."""
    with pytest.raises(TypeError, match="cannot cross"):
        function("def f(x): return 1")(thing)


def test_a_generator_of_the_test_shows_no_frame(function):
    """It is iterated, and has no attributes."""

    def numbers():
        yield 1
        yield 2

    got = function("def f(g): return next(g), list(g), hasattr(g, 'gi_frame')")(numbers())

    assert got == (1, [2], False)


def test_a_partial_does_not_show_its_arguments(function):
    """functools.partial is called from afar, not copied with what it holds."""
    check = functools.partial(lambda secret, x: x == secret, SECRET)

    assert function("def f(p): return p('guess'), hasattr(p, 'args'), hasattr(p, 'keywords')")(check) == (
        False,
        False,
        False,
    )


class Text(str):
    """A text of the test."""


def test_a_text_of_the_test_formats_nothing_for_the_answer(function):
    """`'{0.__globals__}'.format(function)` would read private names."""
    source = "def f(kind, fn):\n    return hasattr(kind('{0.__globals__}'), 'format')"

    assert function(source)(Text, lambda: SECRET) is False


def test_reverse_calls_from_another_thread_raise_there(function):
    """The answer's thread gets a RuntimeError; the call goes on."""
    got = function("""
import threading
def f(call):
    said = []
    def work():
        try: call()
        except RuntimeError as e: said.append(str(e))
    t = threading.Thread(target=work); t.start(); t.join()
    return said + [call()]
""")(lambda: 7)

    assert got == ["an object of the test can be used only in the thread that the test called", 7]


def test_a_proxy_used_from_another_thread_of_the_test_raises(function):
    """One session, one thread."""
    import threading

    f, said = function("def f(): return 1"), []

    def work():
        try:
            f()
        except RuntimeError as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert "another thread" in said[0]
    assert f() == 1


def test_reverse_calls_nest_to_a_depth(function):
    """Eight are fine; the ninth raises in the answer."""
    f = function("def f(call, n): return call(n)")
    deepest = []

    def call(n):
        deepest.append(n)
        return n if n == CALLS_OPEN else f(call, n + 1)

    assert f(call, 1) == CALLS_OPEN
    with pytest.raises(RecursionError, match="inside one another"):
        f(lambda n: f(call, n), 1)


def test_a_stop_iteration_of_a_callback_is_no_end_for_the_answer_either(function):
    """Only next() on an iterator ends an iteration."""

    def stop():
        raise StopIteration

    got = function("def f(call):\n    try: call()\n    except RuntimeError as e: return 'told'")(stop)

    assert got == "told"


@dataclass
class Row:
    """A record that a test defines."""

    a: int


def test_a_record_of_the_test_is_asked_for_its_fields(function):
    """Only records of exercises cross by value."""
    assert function("def f(row): return row.a")(Row(3)) == 3


def test_a_name_of_a_callback_is_known(function):
    """Decorators and logs read __name__."""

    def my_model():
        return None

    assert function("import functools\ndef f(x): return functools.wraps(x)(lambda: 1).__name__")(my_model) == "my_model"


@pytest.mark.parametrize("name", ["_hidden", "__init__", "__class__", "public", "format"])
def test_only_announced_methods_are_called_by_name(function, name):
    """A call by name reaches what `methods_of` lists and nothing else, whatever a message says."""
    ask = f"""
from autograder.protocol.messages import Op
def f(s):
    worker, number = object.__getattribute__(s, "_worker"), object.__getattribute__(s, "_number")
    try:
        return worker.request(Op.METHOD, number, {name!r}, (), {{}})
    except AttributeError as error:
        return str(error)
"""

    assert "no public method" in function(ask)(Stub())
