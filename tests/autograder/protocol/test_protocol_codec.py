"""The codec gives back what it was given: properties over every type of the contract."""

import pytest
from hypothesis import given, settings
from protocol_values import long_lists, same, values

from autograder.protocol.codec import Codec
from autograder.protocol.errors import CannotCross
from autograder.protocol.limits import Limits
from autograder.protocol.records import Registry

CODEC = Codec(Registry.of())


@given(value=values | long_lists | long_lists.map(tuple))
@settings(max_examples=200)
def test_a_value_comes_back_as_it_was(value):
    """Type and content of every value survive, and the same value is always the same bytes."""
    data = CODEC.encode(value)
    back = CODEC.decode(data)

    assert same(back, value)
    assert CODEC.encode(back) == data


@pytest.mark.deep
@given(value=values | long_lists)
@settings(max_examples=5_000, derandomize=False)
def test_thousands_of_values_come_back(value):
    """Other ones each time."""
    assert same(CODEC.decode(CODEC.encode(value)), value)


@given(value=values)
@settings(max_examples=40)
def test_an_object_that_stands_twice_is_one_object_again(value):
    """Sharing survives; equal objects that are not one stay two."""
    shared = [value]

    first, second, third = CODEC.decode(CODEC.encode((shared, {"x": shared}, [value])))

    assert first is second["x"]
    assert first is not third


@pytest.mark.parametrize("size", [100, 14_000])
def test_whole_numbers_have_a_limit_below_pythons(size):
    """What crosses can always be printed."""
    assert CODEC.decode(CODEC.encode(2**size)) == 2**size
    assert len(str(CODEC.decode(CODEC.encode(-(2**size))))) < 4_300


def _shared_tree(depth):
    tree = []
    for _ in range(depth):
        tree = [tree, tree]
    return tree


def _cycle():
    items = []
    items.append({"items": items})
    return items


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (_cycle(), "contains itself"),
        (2**20_000, "bits"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        (["\ud800"] * 20, "surrogate"),
        (object(), "object"),
        (int, "type"),
        (lambda: 1, "function"),
        (bytes(100), "bytes"),
        ("é" * 60, "text"),
        (_shared_tree(40), "deeper"),
        (range(10_000_001), "range"),
        (range(0, -(10**30), -7), "range"),
    ],
    ids=str.split("cycle number half half-key half-packed instance class function bytes text depth range far-range"),
)
def test_what_cannot_cross_says_why(value, reason):
    """The message names the reason."""
    codec = Codec(limits=Limits(text_bytes=99, depth=30))

    with pytest.raises(CannotCross, match=reason):
        codec.encode(value)


def test_a_tuple_shared_over_and_over_does_not_blow_up():
    """Tuples are written each time; the size limit ends it."""
    pair = (0,)
    for _ in range(40):
        pair = (pair, pair)

    with pytest.raises(CannotCross, match="MiB"):
        Codec(limits=Limits(frame_bytes=1 << 20)).encode(pair)
