"""Arguments that an answer changed: found at any depth, after every call, written into the very same objects."""

from collections import Counter, OrderedDict, deque

import numpy as np
import pandas as pd
import pytest

from exercises.testing import CountingStub


@pytest.mark.parametrize(
    ("argument", "body", "expected"),
    [
        ([1], "x.append(2)", [1, 2]),
        ({"a": 1}, "x['b'] = 2; del x['a']", {"b": 2}),
        ({1}, "x.add(2)", {1, 2}),
        (bytearray(b"ab"), "x += b'c'", bytearray(b"abc")),
        (deque([1], 2), "x.extend([2, 3])", deque([2, 3], 2)),
        (Counter("a"), "x.update('ab')", Counter("aab")),
        (OrderedDict(a=1, b=2), "x.move_to_end('a')", OrderedDict(b=2, a=1)),
    ],
    ids=["list", "dict", "set", "bytearray", "deque", "Counter", "OrderedDict"],
)
def test_a_changed_argument_is_changed_here(function, argument, body, expected):
    """The judge writes into the same object."""
    function(f"def f(x):\n    {body}")(argument)

    assert argument == expected
    assert list(argument) == list(expected)


def test_a_changed_array_is_changed_in_place(function):
    """Views of the array see the change, too."""
    array = np.arange(6.0).reshape(2, 3)
    view = array[1]

    function("def f(x): x[1] = 9")(array)

    assert view.tolist() == [9.0, 9.0, 9.0]


def test_a_changed_series_and_frame_are_the_same_objects(function):
    """`df.drop(inplace=True)` is seen by the test that owns the frame."""
    frame, series = pd.DataFrame({"a": [1, 2], "b": [3, 4]}), pd.Series([1.0, 2.0], name="s")

    function("def f(frame, series):\n    frame.drop(columns='b', inplace=True)\n    series.loc[5] = 3.0")(frame, series)

    pd.testing.assert_frame_equal(frame, pd.DataFrame({"a": [1, 2]}))
    pd.testing.assert_series_equal(series, pd.Series([1.0, 2.0, 3.0], index=[0, 1, 5], name="s"))


def test_changes_at_any_depth_are_found(function):
    """A frame in a list in a dict is an argument, too; what did not change keeps its identity."""
    inner, frame, untouched = [1], pd.DataFrame({"a": [1]}), [0]
    outer = {"rows": [inner, (frame, untouched)]}
    rows = outer["rows"]

    function("def f(x):\n    x['rows'][0].append(2)\n    x['rows'][1][0]['b'] = 5\n    x['new'] = 1")(outer)

    assert inner == [1, 2]
    assert list(frame.columns) == ["a", "b"]
    assert outer["rows"] is rows
    assert rows[0] is inner
    assert rows[1][0] is frame
    assert rows[1][1] is untouched
    assert outer["new"] == 1


def test_changes_survive_an_exception(function):
    """What was changed before the raise is changed."""
    items = [1]

    with pytest.raises(ValueError, match="late"):
        function("def f(x):\n    x.clear()\n    raise ValueError('too late')")(items)

    assert items == []


def test_an_argument_moved_into_another_stays_itself(function):
    """Objects that change places keep their identity."""
    first, second = [1], [2]
    pair = [first]

    function("def f(pair, second): pair.append(second)")(pair, second)

    assert pair[0] is first
    assert pair[1] is second


def test_an_unchanged_argument_is_left_alone(function):
    """Reading an argument changes nothing, whatever its type."""
    frame = pd.DataFrame({"t": pd.date_range("2013", periods=3), "s": ["a", None, "b"], "o": [[1], {2}, None]})
    before, cells = frame.copy(), list(frame["o"])

    function("def f(x): return x.describe(include='all').shape, x.s.str.upper()")(frame)

    pd.testing.assert_frame_equal(frame, before)
    assert all(a is b for a, b in zip(frame["o"], cells, strict=True))


@pytest.mark.parametrize("body", ["x.append(x)", "x.append(y)\n    y.append(x)"])
def test_an_argument_that_contains_itself_is_refused(answer, body):
    """A cycle made in an argument is an error that says so, and the session goes on."""
    session = answer(f"def f(x, y):\n    {body}\none = 1")

    with pytest.raises(TypeError, match="contain itself"):
        session.get("f")([], [])
    assert session.get("one") == 1


def test_something_that_cannot_cross_inside_an_argument_is_refused(function):
    """The answer put an endless number into a list of the test."""
    f = function("def f(x): x.append(10 ** 10_000)")

    with pytest.raises(TypeError, match="cannot cross"):
        f([])


def test_an_object_of_the_answer_inside_an_argument_is_a_handle(function):
    """`registry.append(self)` gives the test a handle."""
    registry = []
    f = function("class T:\n    x = 5\ndef f(registry):\n    registry.append(T())\n    return registry[-1]")

    made = f(registry)

    assert registry[0] is made
    assert made.x == 5


def test_an_array_made_another_array_is_refused(function):
    """A change of size in place cannot be followed; it says so."""
    f = function("def f(x): x.resize(7, refcheck=False)")

    with pytest.raises(ValueError, match="cannot follow"):
        f(np.zeros(3))


def test_a_changed_copy_inside_an_argument_is_not_followed(function):
    """Objects of a library are copies; the list around them keeps its own."""
    draws = [np.random.default_rng(1)]
    mine = draws[0]

    first = function("def f(draws): return draws[0].random()")(draws)

    assert draws == [mine]
    assert mine.random() == first


def test_an_argument_passed_on_to_a_callback_is_the_tests_own(function):
    """`stub.arguments` holds the objects themselves, unless the answer changed them before."""
    stub, frame, items = CountingStub(print), pd.DataFrame({"a": [1]}), [1]

    function("def f(call, frame, items):\n    call(frame, items)\n    items.append(2)\n    call(items)")(
        stub, frame, items
    )

    (first, _), (second, _) = stub.arguments
    assert first[0] is frame
    assert first[1] is items
    assert second[0] == [1, 2]
    assert items == [1, 2]
