"""Keys as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.badge.multikey import base58, did_key, from_base58, from_multibase, multibase, public_key

KNOWN_DID = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@given(st.binary(max_size=80))
def test_base58_comes_back(data):
    """What is written is read again, leading zero bytes included."""
    assert from_base58(base58(data), max_bytes=80) == data


def test_base58_agrees_with_the_published_example():
    """The example of the base58 draft."""
    assert base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"


def test_a_long_text_is_refused_before_any_arithmetic():
    """A megabyte of digits would take quadratic time."""
    with pytest.raises(ValueError, match="1000000 characters"):
        from_base58("z" * 1_000_000, max_bytes=34)


def test_a_did_key_is_its_key():
    """The name of a key and its 32 bytes are two ways to write one thing."""
    assert did_key(public_key(KNOWN_DID)) == KNOWN_DID


@pytest.mark.parametrize(
    "did",
    [
        "did:web:example.org",
        "did:key:z6Mk",
        KNOWN_DID + "\n",
        KNOWN_DID.replace("z6Mk", "zDna"),
        "did:key:" + "z6Mk0" * 9,
    ],
)
def test_another_name_is_no_key(did):
    """Other methods, other kinds of key and damaged names are refused."""
    with pytest.raises(ValueError, match="did:key"):
        public_key(did)


def test_multibase_of_another_length_is_refused():
    """A signature of 63 bytes is none."""
    with pytest.raises(ValueError, match="63 bytes instead of 64"):
        from_multibase(multibase(b"\1" * 63), size=64)
