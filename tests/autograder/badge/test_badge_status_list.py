"""The status list: one bit a badge, packed the same way every time."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.badge.status_list import BITS, free_index, is_set, pack, unpack
from autograder.errors import PlatformError


@given(st.sets(st.integers(0, BITS - 1), max_size=20))
def test_exactly_the_revoked_bits_are_set(revoked):
    """A list says of each index whether it is revoked."""
    bits = unpack(pack(revoked))

    assert {index for index in {*revoked, 0, 1, 7, 8, BITS - 1} if is_set(bits, index)} == revoked


def test_the_first_index_is_the_leftmost_bit():
    """As the standard says: index 0 is the highest bit of the first byte."""
    assert unpack(pack([0]))[0] == 0b1000_0000


def test_one_list_has_one_form():
    """The same list gives the same bytes: no time stands in it."""
    assert pack([5, 3]) == pack([3, 5])


def packed(data):
    return "u" + base64.urlsafe_b64encode(gzip.compress(data, mtime=0)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["z123", "u!!!!", "uAAAA", packed(b"\0" * 100), packed(b"\0" * (BITS // 8 + 1)), packed(b"\0" * 50_000_000)[:-9]],
    ids=["base", "alphabet", "no gzip", "short", "long", "bomb"],
)
def test_another_list_is_refused(text):
    """Short, long, broken lists and gzip bombs are errors, never lists."""
    with pytest.raises(ValueError, match=r"."):
        unpack(text)


def test_a_random_index_is_free():
    """An index that is taken is drawn again."""
    draws = iter([4, 4, 9])

    assert free_index({4}, lambda _: next(draws)) == 9


def test_a_full_list_asks_for_another_key():
    """Beyond nine tenths drawing at random would take long, and the herd to hide in is used up."""
    with pytest.raises(PlatformError, match="course badge keygen"):
        free_index(frozenset(range(BITS * 9 // 10 + 1)), lambda _: 0)
