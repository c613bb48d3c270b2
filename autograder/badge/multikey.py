"""Public keys as text: base58, multikeys and did:key, all for Ed25519. Pure: no file, no secret."""

from __future__ import annotations

import re

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # multicodec's prefix of a public Ed25519 key
KEY_BYTES = 32
DID_KEY = re.compile(r"did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]{44})")


def base58(data: bytes) -> str:
    """Write bytes with Bitcoin's alphabet; leading zero bytes become leading ones."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def from_base58(text: str, *, max_bytes: int) -> bytes:
    """
    Read what `base58` wrote.

    Raises:
        ValueError: If a character is none of the alphabet, or the number has more than *max_bytes* bytes.
    """
    if len(text) > max_bytes * 2:  # a byte takes 1.37 digits; a long text would take quadratic time
        raise ValueError(f"base58 text of {len(text)} characters; at most {max_bytes * 2} are read")
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    data = bytes(len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(data) > max_bytes:
        raise ValueError(f"base58 text of {len(data)} bytes; at most {max_bytes} are read")
    return data


def multibase(data: bytes) -> str:
    """Write bytes as multibase text in base58, "z" in front."""
    return "z" + base58(data)


def from_multibase(text: str, *, size: int) -> bytes:
    """
    Read exactly *size* bytes of multibase text in base58.

    Raises:
        ValueError: If it is another base or another length.
    """
    if not text.startswith("z"):
        raise ValueError("multibase text in base58 begins with z")
    data = from_base58(text[1:], max_bytes=size)
    if len(data) != size:
        raise ValueError(f"{len(data)} bytes instead of {size}")
    return data


def did_key(public: bytes) -> str:
    """Name an Ed25519 public key (32 bytes) so that the name is the key."""
    return "did:key:" + multibase(ED25519_PUBLIC + public)


def public_key(did: str) -> bytes:
    """
    Read the 32 bytes of an Ed25519 key out of its did:key.

    Raises:
        ValueError: If the name is of another method or another kind of key.
    """
    found = DID_KEY.fullmatch(did)
    if found is None:
        raise ValueError(f"{did!r} is no did:key of an Ed25519 key")
    return multikey_bytes(found[1])


def multikey_bytes(multikey: str) -> bytes:
    """Read the 32 bytes of an Ed25519 key out of its multikey (z6Mk...)."""
    data = from_multibase(multikey, size=len(ED25519_PUBLIC) + KEY_BYTES)
    if not data.startswith(ED25519_PUBLIC):
        raise ValueError(f"{multikey!r} is no multikey of an Ed25519 key")
    return data[len(ED25519_PUBLIC) :]


def verification_method(did: str) -> str:
    """Name the one key of a did:key, as a proof must."""
    return f"{did}#{did.removeprefix('did:key:')}"
