"""Render autograder/badge/art/badge.svg to the two pictures beside it, by Debian's chromium."""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ART = Path(__file__).resolve().parents[1] / "autograder" / "badge" / "art"
PICTURES = {"badge.png": 512, "badge-small.png": 128}  # file -> pixels a side
COLOURS_OF_SMALL = 48  # it stands inside each badge
CHROMIUM = "/usr/bin/chromium"
PATIENCE = 120_000  # milliseconds for anything: a busy machine starts a browser slowly
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def render(svg: str, pixels: int) -> bytes:
    """Draw the picture on nothing, so that it fits light and dark pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE)
        page = browser.new_page(viewport={"width": pixels, "height": pixels})
        page.set_default_timeout(PATIENCE)
        page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{pixels}px;height:{pixels}px}}</style>{svg}")
        picture = page.screenshot(omit_background=True)
        browser.close()
        return picture


def with_few_colours(picture: bytes, colours: int) -> bytes:
    """Make a picture small in bytes."""
    file = io.BytesIO()
    reduced = Image.open(io.BytesIO(picture)).quantize(colours, method=Image.Quantize.FASTOCTREE)
    reduced.save(file, format="PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    """Write the pictures; say their sizes."""
    svg = (ART / "badge.svg").read_text(encoding="utf-8")
    for name, pixels in PICTURES.items():
        picture = render(svg, pixels)
        if name == "badge-small.png":
            picture = with_few_colours(picture, COLOURS_OF_SMALL)
        (ART / name).write_bytes(picture)
        sys.stdout.write(f"{name}: {pixels} pixels, {len(picture)} bytes\n")


if __name__ == "__main__":
    main()
