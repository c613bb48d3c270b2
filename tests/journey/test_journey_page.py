"""The course page in a browser: on a phone, in the dark, without JavaScript, by keyboard alone."""

import itertools

import pytest
from journey_lab import PATIENCE
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGES = ["course", "course/units/01_training"]
SMALLEST_TARGET = 44  # CSS pixels
AA = 4.5  # contrast of text

# the contrast of every piece of text with the nearest background that is painted
CONTRASTS = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    brush.clearRect(0, 0, 1, 1);
    for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility()) continue;
    const behind = [];
    for (let above = element; above; above = above.parentElement) {
      behind.unshift(getComputedStyle(above).backgroundColor);
    }
    const back = light(paint(behind)), front = light(paint([...behind, getComputedStyle(element).color]));
    found.push([text, (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05)]);
  }
  return found;
}"""


@pytest.fixture
def window(chromium, served):
    """Open pages of the course in windows of their own; each is closed at the end."""
    opened = []

    def open_page(path, **options):
        context = chromium.new_context(**options)
        opened.append(context)
        page = context.new_page()
        page.goto(served.address)  # with the token: lets this window in
        page.goto(f"{served.origin}/{path}")
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_all_text_stands_out(window, path, scheme):
    """WCAG AA, in both colour schemes."""
    contrasts = window(path, color_scheme=scheme).evaluate(CONTRASTS)

    assert (len(contrasts) > 10, [text for text, contrast in contrasts if contrast < AA]) == (True, [])


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling(window, path):
    """At 320 pixels everything fits the width."""
    page = window(path, viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_buttons_are_large_enough_for_a_thumb(window, path):
    """44 pixels high and wide."""
    page = window(path, viewport={"width": 375, "height": 800})
    boxes = [(place.inner_text(), place.bounding_box()) for place in page.locator(".button, .nav a, .crumbs a").all()]
    small = [text for text, box in boxes if min(box["width"], box["height"]) < SMALLEST_TARGET]

    assert (len(boxes) > 2, small) == (True, [])


def test_the_first_stop_of_the_keyboard_skips_the_header(window):
    """Enter on it leads to the content."""
    page = window("course")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_headings_do_not_jump(window, path):
    """One h1, and no level is left out on the way down."""
    page = window(path)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    jumps = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]

    assert (levels[0], levels.count(1), jumps) == (1, 1, [])


def test_the_pages_work_without_javascript(window):
    """Units, links and the button are there."""
    page = window("course", java_script_enabled=False)
    page.locator("#unit-01_training h3 a").click()

    expect(page.get_by_role("button", name="Submit the exercises")).to_be_enabled()


def test_the_token_leaves_the_address_bar(chromium, served):
    """A copied address lets nobody in."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(served.address)
    expect(page).to_have_url(f"{served.origin}/course")
    context.close()


def test_jupyterlab_leads_back_to_the_course_page(window, served):
    """The Help menu opens it in a tab of its own."""
    page = window("lab")
    tab = open_from_help(page)

    expect(tab).to_have_url(f"{served.origin}/course")


def open_from_help(page):
    """Choose the entry in the Help menu; while JupyterLab starts it draws its menus anew, which closes an open one."""
    for tries_left in range(4, -1, -1):
        page.locator(".lm-MenuBar-itemLabel", has_text="Help").click(timeout=PATIENCE)
        try:
            with page.expect_popup(timeout=60_000) as opened:
                page.locator(".lm-Menu-itemLabel").get_by_text("Course page", exact=True).click(timeout=20_000)
            return opened.value
        except PlaywrightTimeout:
            if not tries_left:
                raise
            page.keyboard.press("Escape")
    return None
