"""The contract of calls, sentence by sentence, with two real processes. docs/for-authors.md states the same."""

import math
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
import pytest

from autograder.protocol.limits import ITEMS, Limits
from autograder.protocol.proxies import RemoteProxy
from exercises.errors import DataError
from exercises.records import Drift, TrainSpec

MODEL = """
class Model:
    size = 3
    def fit(self, X):
        self.seen = X
        return self
    def __len__(self): return self.size
    def __iter__(self): return iter([1, 2])
    def __getitem__(self, key): return {"key": key}
    def __contains__(self, item): return item == 7
    def __eq__(self, other): return isinstance(other, Model) and self.size == other.size
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): return kind is KeyError
    def __add__(self, other): return 1
    def _private(self): return 1
class Sub(Model): pass
"""


def test_a_call_returns_a_value_as_the_same_type(function):
    """By value, the exact type arrives."""
    f = function("def f(a, *, b): return [a, b, (1.5, None), {'x': True}]")

    assert f(1, b="é") == [1, "é", (1.5, None), {"x": True}]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Counter('aab')", Counter("aab")),
        ("OrderedDict(a=1)", OrderedDict(a=1)),
        ("deque([1, 2], 5)", deque([1, 2], 5)),
        ("Decimal('1.50')", Decimal("1.50")),
        ("{1, 2}", {1, 2}),
        ("frozenset('ab')", frozenset("ab")),
        ("range(1, 9, 2)", range(1, 9, 2)),
        ("{'a': 1}.keys()", ["a"]),
        ("{'a': 1}.items()", [("a", 1)]),
        ("Path('/tmp/x')", PurePosixPath("/tmp/x")),
        ("np.float64(2.5)", np.float64(2.5)),
        (
            "TrainSpec(serve=1, train=range(1), version=1, cost_rows=3)",
            TrainSpec(serve=1, train=range(1), version=1, cost_rows=3),
        ),
    ],
)
def test_values_of_the_contract_cross(function, source, expected):
    """Every type of the contract arrives by value, with its own type."""
    got = function(
        "from collections import *; from decimal import Decimal; from pathlib import Path\n"
        f"import numpy as np; from exercises.records import TrainSpec\ndef f(): return {source}"
    )()

    assert (type(expected), expected) == (type(got), got)


def test_a_defaultdict_arrives_as_a_dict(function):
    """Its factory is code, and code does not cross."""
    got = function("from collections import defaultdict\ndef f(): return defaultdict(list, a=[1])")()

    assert type(got) is dict
    assert got == {"a": [1]}


@pytest.mark.parametrize(
    "source",
    [
        "class T(str):\n    def __eq__(self, o): return True\n    __hash__ = str.__hash__\ndef f(): return T('x')",
        "class T(float):\n    def __eq__(self, o): return True\ndef f(): return T(1)",
        "class T:\n    def __eq__(self, o): return True\ndef f(): return T()",
        "class T:\n    @property\n    def __class__(self): return int\ndef f(): return T()",
        "class T(dict): pass\ndef f(): return T(a=1)",
        "import enum\nclass T(enum.IntEnum):\n    a = 1\ndef f(): return T.a",
        "from typing import NamedTuple\nclass T(NamedTuple):\n    a: int\ndef f(): return T(1)",
        "def f(): return lambda: 1",
        "def f(): yield 1",
    ],
)
def test_everything_else_is_a_handle_that_equals_no_value(function, source):
    """Exact types only: a subclass with a lying == earns nothing."""
    got = function(source)()

    assert isinstance(got, RemoteProxy)
    assert not any(got == value or value == got for value in ("x", 1, 1.0, {"a": 1}, (1,), None, np.float64(1)))
    assert got not in ["x", 1, 1.0, {"a": 1}, (1,), None]
    assert got != 1


def test_an_always_equal_object_inside_a_list_does_not_make_the_list_equal(function):
    """Also not by way of a container."""
    lies = "import numpy as np, pandas as pd\nclass T:\n    def __eq__(self, o): return True\n"
    items, array, column = function(
        f"{lies}def f():\n    x = [T(), T()]\n    return x, np.array(x), pd.Series(x, dtype=object)"
    )()

    assert items != [1, 2]
    assert not (array == np.array([1, 2])).any()
    assert not np.array_equal(array, np.array([1, 2]))
    assert not (column == pd.Series([1, 2])).any()


def test_a_handle_forwards_what_the_contract_lists(answer):
    """Call, public attribute, len, iter, [], in, with, == between two handles, isinstance."""
    names = answer(MODEL).bind(["Model", "Sub"])
    model, other = names["Model"](), names["Sub"]()

    assert model.size == 3
    assert len(model) == 3
    assert list(model) == [1, 2]
    assert model["a"] == {"key": "a"}
    assert 7 in model
    assert 8 not in model
    assert model == other
    assert isinstance(other, names["Model"])
    assert not isinstance(model, names["Sub"])
    assert not isinstance(3, names["Model"])
    with model as entered:
        assert entered is model


def test_handles_are_interned(answer):
    """`m.fit(X) is m` means what it says."""
    model = answer(MODEL).get("Model")()

    assert model.fit([1]) is model
    assert model.fit is model.fit


def test_a_with_block_hands_its_exception_over(answer):
    """__exit__ decides as it does in one process."""
    model = answer(MODEL).get("Model")()

    with model:
        raise KeyError("swallowed")
    with pytest.raises(ValueError, match="passed on"), model:
        raise ValueError("passed on")


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda m: bool(m), TypeError),
        (lambda m: m + 1, TypeError),
        (lambda m: float(m), TypeError),
        (lambda m: m < m, TypeError),
        (lambda m: hash(m), TypeError),
        (lambda m: m._private, AttributeError),
        (lambda m: m.__dict__, AttributeError),
        (lambda m: setattr(m, "size", 4), AttributeError),
        (lambda m: delattr(m, "size"), AttributeError),
        (lambda m: m.__setitem__(1, 2), AttributeError),
        (lambda m: np.asarray(m), TypeError),
        (lambda m: __import__("copy").copy(m), TypeError),
        (lambda m: __import__("pickle").dumps(m), TypeError),
        (lambda m: m.missing, AttributeError),
    ],
)
def test_everything_else_raises_on_the_judges_side(answer, act, error):
    """What the contract does not list is not forwarded, an object is neither true nor false."""
    model = answer(MODEL).get("Model")()

    with pytest.raises(error):
        act(model)


def test_a_handle_can_do_only_what_its_type_can(function):
    """callable() and hasattr() tell the truth."""
    got = function("class T: pass\ndef f(): return T()")()

    assert not callable(got)
    assert not hasattr(got, "__len__")
    with pytest.raises(TypeError):
        iter(got)


def test_the_repr_of_a_handle_is_local(function):
    """A learner's __repr__ is not asked."""
    got = function("class Thing:\n    def __repr__(self): return 'x' * 10**6\ndef f(): return Thing()")()

    assert repr(got) == "<the answer's Thing>"
    assert f"{got}" == str(got) == repr(got)


def test_a_generator_is_iterated_step_by_step(function):
    """next() runs the learner's generator up to its next yield."""
    got = function("def f():\n    yield 1\n    yield 2")()

    assert next(got) == 1
    assert list(got) == [2]
    assert next(got, "none") == "none"


def test_an_endless_iteration_ends(function):
    """A test takes at most 10,000 items."""
    endless = function("import itertools\ndef f(): return itertools.count()")()

    taken = [next(endless) for _ in range(ITEMS)]

    assert taken[-1] == ITEMS - 1
    with pytest.raises(RuntimeError, match="10,000"):
        next(endless)


@pytest.mark.parametrize(
    "body",
    [
        "x = []; x.append(x); return x",
        "return 'half \\ud800'",
        "return 10 ** 10_000",
        "x = []\n    for _ in range(100): x = [x]\n    return x",
        "return {f: 1}",
        "return bytes(17 << 20)",
        "import numpy as np; return np.zeros(2, dtype=[('a', int)])",
        "import pandas as pd, pyarrow as pa; return pd.Series([1], dtype=pd.ArrowDtype(pa.int64()))",
    ],
)
def test_what_cannot_cross_says_so(function, body):
    """A cycle, half a character, a number, a depth or a size beyond the limits is a TypeError with a reason."""
    f = function(f"def f():\n    {body}")

    with pytest.raises(TypeError, match=r"cannot cross|too large"):
        f()


def test_a_cycle_is_named(function):
    """The learner reads what is the matter."""
    with pytest.raises(TypeError, match="contains itself"):
        function("def f():\n    x = {}\n    x['x'] = x\n    return x")()


def test_one_object_passed_twice_is_one_object_there(function):
    """Sharing inside one call is kept."""
    f = function("def f(a, b): return a is b['x'] and a is not b['y']")
    shared = [1]

    assert f(shared, {"x": shared, "y": [1]}) is True


def test_an_argument_that_comes_back_is_the_same_object(function):
    """`f(x) is x` and `f(x) is not x` mean what they say."""
    f = function("def f(x, new): return [x[:] if new else x]")
    rows = [1, 2]

    assert f(rows, False)[0] is rows
    assert f(rows, True)[0] is not rows


def test_sharing_inside_a_result_is_kept(function):
    """One list returned twice is one list here."""
    first, second = function("def f():\n    x = [1]\n    return x, x")()

    assert first is second


def test_special_numbers_cross(function):
    """NaN, infinities and the sign of zero are values."""
    f = function("def f(x): return x")

    assert math.isnan(f(math.nan))
    assert f(-math.inf) == -math.inf
    assert math.copysign(1, f(-0.0)) == -1


def test_a_read_only_array_is_read_only_there(function):
    """An honest in-place change raises as it would in one process."""
    f = function("def f(x): x[0] = 5")
    data = np.array([1, 2])
    data.flags.writeable = False

    with pytest.raises(ValueError, match="read-only"):
        f(data)


@pytest.mark.parametrize(
    ("raised", "kind", "arguments"),
    [
        ("KeyError('a')", KeyError, ("a",)),
        ("ValueError('bad', 3)", ValueError, ("bad", 3)),
        ("FileNotFoundError(2, 'no such file')", FileNotFoundError, (2, "no such file")),
        ("ZeroDivisionError('x')", ZeroDivisionError, ("x",)),
        ("DataError('flights')", DataError, ("flights",)),
        ("Own('mine')", ValueError, ("mine",)),
        ("UnicodeDecodeError('utf-8', b'x', 0, 1, 'bad')", UnicodeDecodeError, ("utf-8", b"x", 0, 1, "bad")),
        ("AssertionError('mine')", AssertionError, ("mine",)),
    ],
)
def test_an_exception_arrives_as_the_nearest_known_type(function, raised, kind, arguments):
    """The same built-in type, or that of exercises, with its text."""
    f = function(f"from exercises.errors import DataError\nclass Own(ValueError): pass\ndef f(): raise {raised}")

    with pytest.raises(kind) as caught:
        f()

    assert (type(caught.value), caught.value.args) == (kind, arguments)
    assert caught.value.remote.line > 0


@pytest.mark.parametrize(
    "raised", ["StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit", "KeyboardInterrupt"]
)
def test_control_flow_never_crosses(function, raised):
    """`all(map(f, cases))` does not end early because an answer says so."""
    f = function(f"def f(x): raise {raised}")

    with pytest.raises(RuntimeError, match=raised):
        all(map(f, [1, 2, 3]))


def test_a_stop_inside_a_generator_of_the_answer_does_not_end_a_test(function):
    """A plain call can never end an iteration of the test."""
    f = function("def f(x): return next(iter([]))")

    with pytest.raises(RuntimeError, match="StopIteration"):
        list(map(f, [1, 2]))


def test_an_exception_with_a_broken_text_still_arrives(function):
    """The learner's __str__ may raise."""
    f = function("class E(ValueError):\n    def __str__(self): raise KeyError\ndef f(): raise E([1])")

    with pytest.raises(ValueError, match="cannot be read"):
        f()


def test_names_are_bound_or_missing(answer):
    """A name that no cell defines is not bound."""
    session = answer("a = 1\ndef g(): pass\nloop = []\nloop.append(loop)")

    names = session.bind(["a", "g", "nothing", "loop"])

    assert sorted(names) == ["a", "g", "loop"]
    assert names["a"] == 1
    assert isinstance(names["loop"], RemoteProxy)


def test_a_cell_that_raises_is_a_report(open_session):
    """Running a cell never raises; the report holds name, text and line."""
    report = open_session().execute("cell-3", "x = 1\nraise ValueError('no')")

    assert (report.error_name, report.error_text, report.error_line) == ("ValueError", "no", 2)


def test_handles_that_nobody_holds_are_forgotten(answer):
    """A long test does not fill the learner's process."""
    session = answer(
        "import gc\nclass T: pass\ndef make(): return T()\n"
        "def alive(): return sum(type(o) is T for o in gc.get_objects())"
    )
    names = session.bind(["make", "alive"])

    for _ in range(100):
        names["make"]()

    assert names["alive"]() <= 2


def test_a_handle_of_another_session_is_refused(answer):
    """After a salvage the old process is no longer asked."""
    old, new = answer(MODEL), answer(MODEL)
    model = old.get("Model")()

    with pytest.raises(TypeError, match="no longer asked"):
        new.get("Model")().fit(model)


def test_limits_are_checked_before_anything_is_sent(function):
    """The judge's own arguments obey the same limits."""
    f = function("def f(x): return 1", limits=Limits(frame_bytes=1 << 20))

    with pytest.raises(TypeError, match="cannot cross"):
        f(np.zeros(1 << 18))


def test_frames_and_records_cross_both_ways(function):
    """A frame comes back equal, with its index and dtypes."""
    frame = pd.DataFrame({"a": [1.5, None], "b": ["x", None]}, index=pd.date_range("2013-07-01", periods=2, tz="UTC"))
    drift = Drift(effect=0.1, rows=2, alarm=False, reason="ok", worst_bin="x")
    f = function("def f(frame, drift): return frame.copy(), drift")

    got_frame, got_drift = f(frame, drift)

    pd.testing.assert_frame_equal(got_frame, frame)
    assert got_drift == drift


def test_a_defaultdict_passed_to_the_answer_stays_one_here(function):
    """Only its content is written back."""
    counts = defaultdict(int, a=1)

    function("def f(x): x['b'] = 2")(counts)

    assert counts == {"a": 1, "b": 2}
    assert type(counts) is defaultdict


def test_an_exception_names_the_learners_own_line(function):
    """Not the one inside a library."""
    f = function("import pandas as pd\ndef f():\n    frame = pd.DataFrame({'a': [1]})\n    return frame['b']")

    with pytest.raises(KeyError) as caught:
        f()

    assert (caught.value.remote.place, caught.value.remote.line) == ("answer", 4)
