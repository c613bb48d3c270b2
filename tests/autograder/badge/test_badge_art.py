"""The committed pictures are what the SVG shows."""

import io
import runpy
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

ROOT = Path(__file__).resolve().parents[3]
ART = ROOT / "autograder" / "badge" / "art"
CLOSE = 6.0  # mean difference of a channel, of 255: the small picture has few colours


@pytest.mark.browser
@pytest.mark.parametrize("name", ["badge.png", "badge-small.png"])
def test_a_picture_is_rendered_from_the_svg(name):
    """Rendered anew, the SVG gives the picture in the repository."""
    script = runpy.run_path(str(ROOT / "setup" / "badge_art.py"))
    if not Path(script["CHROMIUM"]).exists():
        pytest.skip("Debian's chromium is not installed; `make test` installs it")
    rendered = script["render"]((ART / "badge.svg").read_text(encoding="utf-8"), script["PICTURES"][name])

    with Image.open(ART / name) as committed, Image.open(io.BytesIO(rendered)) as fresh:
        difference = ImageChops.difference(committed.convert("RGBA"), fresh.convert("RGBA"))

    assert max(ImageStat.Stat(difference).mean) < CLOSE
