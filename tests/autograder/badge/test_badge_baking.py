"""Baking: what goes in comes out, byte for byte, and only from our own pictures."""

import struct
import xml.etree.ElementTree as ElementTree
import zlib

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from autograder.badge.art import art
from autograder.badge.baking import NAMESPACE, BakingError, bake_png, bake_svg, unbake

BAKERS = {"png": bake_png, "svg": bake_svg}
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text("]>[<!CDAT&x", max_size=60)
XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@pytest.mark.parametrize("form", BAKERS)
@given(text=TEXT)
def test_what_is_baked_comes_back(form, text):
    """unbake(bake(x)) == x for any Unicode, the end marks of CDATA included."""
    data = text.encode()

    assert unbake(BAKERS[form](art(form), data)) == data


@given(text=XML_TEXT)
def test_any_xml_reader_finds_the_credential(text):
    """The SVG is well-formed, and the element that the standard names holds the text."""
    root = fromstring(bake_svg(art("svg"), text.encode()))

    assert (root[0].tag, root[0].text or "") == (f"{{{NAMESPACE}}}credential", text)


def test_any_png_reader_finds_the_credential(tmp_path):
    """The chunk stands right behind IHDR, uncompressed, and the picture is still the same picture."""
    path = tmp_path / "badge.png"
    path.write_bytes(bake_png(art("png"), b'{"a":1}'))
    plain = tmp_path / "plain.png"
    plain.write_bytes(art("png"))

    with Image.open(path) as baked, Image.open(plain) as before:
        baked.load()
        before.load()
        found = (str(baked.text["openbadgecredential"]), baked.tobytes() == before.tobytes())

    assert found == ('{"a":1}', True)


def foreign_png():
    pixel = zlib.compress(b"\0\xff\0\0")
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", pixel), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


@pytest.mark.parametrize(
    "baked",
    [
        bake_png(foreign_png(), b"{}"),
        bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><text>Doctor of Everything</text></svg>', b"{}"),
    ],
    ids=["png", "svg"],
)
def test_a_credential_in_another_picture_is_refused(baked):
    """A true credential in a false picture would say more than its issuer did."""
    with pytest.raises(BakingError, match="not this course's"):
        unbake(baked)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"<svg>", b"hello", art("png"), art("svg"), b"\0" * 40])
def test_a_file_without_a_credential_is_refused(data):
    """Bare pictures, stumps and other files say so."""
    with pytest.raises(BakingError):
        unbake(data)


def test_the_svg_says_what_it_shows():
    """The picture has a title and a description for those who cannot see it."""
    root = ElementTree.fromstring(art("svg"))
    names = [child.tag.split("}")[1] for child in root[:2]]

    assert (names, root.get("role")) == (["title", "desc"], "img")
