"""
Putting a credential into a picture and taking it out again, byte for byte. Never re-encodes and parses no XML.

PNG: one uncompressed iTXt chunk `openbadgecredential` right after IHDR. SVG: an element `openbadges:credential` with
CDATA right after the opening tag. What is left after taking it out is compared with our own pictures, so a credential
in anybody else's picture is not recognised.
"""

from __future__ import annotations

import hashlib
import struct
import zlib

from autograder.badge.art import known_pictures

PNG = b"\x89PNG\r\n\x1a\n"
IHDR_END = len(PNG) + 8 + 13 + 4  # the first chunk: length and name, 13 bytes, checksum
KEYWORD = b"openbadgecredential"
TEXT_HEAD = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0"  # not compressed; no language, no translated keyword

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SVG_HEAD = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"><![CDATA['.encode()
SVG_TAIL = b"]]></openbadges:credential>"
CDATA_END, CDATA_SPLIT = b"]]>", b"]]]]><![CDATA[>"  # the end mark inside a text is cut into two sections


class BakingError(ValueError):
    """The picture holds no credential, or is not a picture of this course."""


def bake_png(picture: bytes, credential: bytes) -> bytes:
    """Put a credential into a PNG."""
    body = TEXT_HEAD + credential
    checksum = struct.pack(">I", zlib.crc32(b"iTXt" + body))
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + checksum
    return picture[:IHDR_END] + chunk + picture[IHDR_END:]


def bake_svg(picture: bytes, credential: bytes) -> bytes:
    """Put a credential into an SVG."""
    end = _opening_tag_end(picture)
    text = SVG_HEAD + credential.replace(CDATA_END, CDATA_SPLIT) + SVG_TAIL
    return picture[:end] + text + picture[end:]


def unbake(data: bytes) -> bytes:
    """
    Take the credential out of one of our pictures.

    Args:
        data: A PNG or SVG.

    Raises:
        BakingError: If there is none, or the picture around it is not ours.
    """
    credential, picture = unbake_png(data) if data.startswith(PNG) else unbake_svg(data)
    if hashlib.sha256(picture).hexdigest() not in known_pictures():
        raise BakingError("the picture around the credential is not this course's")
    return credential


def unbake_png(data: bytes) -> tuple[bytes, bytes]:
    """Split a PNG into credential and bare picture; the checksum of the chunk must be right."""
    start = IHDR_END + 8
    size = int.from_bytes(data[IHDR_END : IHDR_END + 4], "big")
    body = data[start : start + size]
    if data[IHDR_END + 4 : start] != b"iTXt" or not body.startswith(TEXT_HEAD) or len(body) != size:
        raise BakingError("the PNG holds no credential right behind its header")
    end = start + size + 4
    if data[start + size : end] != struct.pack(">I", zlib.crc32(b"iTXt" + body)):
        raise BakingError("the credential's checksum in the PNG is wrong: the file was damaged")
    return body[len(TEXT_HEAD) :], data[:IHDR_END] + data[end:]


def unbake_svg(data: bytes) -> tuple[bytes, bytes]:
    """Split an SVG into credential and bare picture."""
    opened = _opening_tag_end(data)
    begin = data.find(SVG_HEAD)
    end = data.find(SVG_TAIL, begin)
    if begin < 0 or end < 0 or begin != opened:
        raise BakingError("the SVG holds no credential right behind its opening tag")
    credential = data[begin + len(SVG_HEAD) : end].replace(CDATA_SPLIT, CDATA_END)
    return credential, data[:begin] + data[end + len(SVG_TAIL) :]


def _opening_tag_end(picture: bytes) -> int:
    start = picture.find(b"<svg")
    end = picture.find(b">", start)
    if start < 0 or end < 0:
        raise BakingError("the file is no JSON, PNG or SVG, so it is no badge")
    return end + 1
