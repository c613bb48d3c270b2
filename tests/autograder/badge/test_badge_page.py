"""Verify page and profile page in a real browser: the command's verdicts, no network, readable by everybody."""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from badge_class import ISSUED, make_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patient_browser import patient_browser
from PIL import Image

from autograder.badge.contexts import n_quads
from autograder.badge.issuing import Person, issue_due, make_issuer_key, revoke
from autograder.badge.proofs import jcs
from autograder.badge.publish import publish_site, signed_status_lists
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.trust import trust_document, trusted_keys
from autograder.badge.verify import Known, verify

pytestmark = pytest.mark.browser
ADDRESS = "https://badges.example.org/ml"
LEARNERS = ("ada", "bob", "cleo")
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{}<>\ufffe\uffff")
LATER = "2026-04-01T09:30:16Z"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Publish a site with a valid badge, a revoked one, and one of a key that was withdrawn."""
    made = make_class(tmp_path_factory.mktemp("page"), address=ADDRESS)
    course = made.settings
    make_issuer_key(course, clock=lambda: ISSUED - timedelta(days=3))
    made.pass_all("cleo")
    issue_due(course, actor="tester", clock=lambda: ISSUED - timedelta(days=2))
    make_issuer_key(course, withdraw=True, clock=lambda: ISSUED - timedelta(days=1))
    for learner in LEARNERS[:2]:
        made.pass_all(learner, 16.5)
    people = {"ada": Person(email="ada@example.org", name="Ada Lovelace")}
    for learner in LEARNERS[:2]:
        issue_due(course, actor="tester", learners=[learner], people=people, clock=lambda: ISSUED)
    store = BadgeStore(course)
    revoke(course, store.ledger().latest_of("bob").id, reason="Copied.", actor="tester", clock=lambda: ISSUED)
    publish_site(course, profiles=["ada"], scores=True, clock=lambda: ISSUED)
    known = Known(
        trust=trusted_keys(trust_document("Mill Road College", list(store.ledger().keys.values()))),
        status_lists=list(signed_status_lists(course, ISSUED).values()),
        now=ISSUED,
    )
    return store, known


@pytest.fixture(scope="module")
def browser():
    with patient_browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def page(browser, site):
    """Open the verify page from the disk; fail on any error, message or request."""
    context = browser.new_context()
    opened = context.new_page()
    troubles = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda request: troubles.append(request.url))
    opened.goto((site[0].site / "verify.html").as_uri())
    before = [text for text in troubles if not text.startswith(("file:", "data:image/png"))]
    troubles.clear()
    yield opened
    context.close()
    assert (before, troubles) == ([], [])


def ask(page, data, *, email="", notebook=None, at=ISSUED):
    """Let the page check bytes at a moment, and give its verdict."""
    return page.evaluate(
        "async ([data, email, notebook, now]) => (await verify(Uint8Array.from(data), {email, now, "
        "notebook: notebook && Uint8Array.from(notebook)})).verdict",
        [list(data), email, list(notebook) if notebook is not None else None, int(at.timestamp() * 1000)],
    )


def said_by_command(data, known):
    return verify(data, known).verdict.name.lower().replace("_", " ")


def edit(data, old, new):
    assert old in data
    return data.replace(old, new, 1)


def twisted(store):
    """Write many files that are no badge any more, or still are one."""
    data = store.learner_file("ada", "json").read_bytes()
    png, svg = (store.learner_file("ada", form).read_bytes() for form in ("png", "svg"))
    document = json.loads(data)
    other_signature = "z" + document["proof"][0]["proofValue"][:0:-1]
    descriptions = [each["id"] for each in document["credentialSubject"]["achievement"]["resultDescription"]]

    def with_(**changes):
        return jcs({**document, **changes})

    def in_subject(**changes):
        return with_(credentialSubject={**document["credentialSubject"], **changes})

    return {
        "as issued": data,
        "pretty": json.dumps(document, indent=1).encode(),
        "escaped": json.dumps(dict(reversed(document.items()))).encode(),
        "revoked": store.learner_file("bob", "png").read_bytes(),
        "withdrawn key": store.learner_file("cleo", "svg").read_bytes(),
        "other score": edit(data, b'"91.6"', b'"99.6"'),
        "short score": edit(data, b'"91.6"', b'"79.6"'),
        "other name": edit(data, b"Ada", b"Eve"),
        "unknown member": with_(validUntil="2030-01-01T00:00:00Z"),
        "null": in_subject(name=None),
        "number": edit(data, b'"100"', b"100"),
        "name twice": edit(data, b'{"@context"', b'{"name":"x","@context"'),
        "prototype": edit(data, b'{"@context"', b'{"__proto__":{"a":"b"},"@context"'),
        "constructor": edit(data, b'"achievement":', b'"constructor":"x","achievement":'),
        "first signature": with_(proof=[{**document["proof"][0], "proofValue": other_signature}, document["proof"][1]]),
        "second signature": with_(
            proof=[document["proof"][0], {**document["proof"][1], "proofValue": other_signature}]
        ),
        "later first proof": with_(proof=[{**document["proof"][0], "created": LATER}, document["proof"][1]]),
        "one result twice": edit(data, descriptions[1].encode(), descriptions[0].encode()),
        "one proof": with_(proof=document["proof"][1:]),
        "proofs swapped": with_(proof=document["proof"][::-1]),
        "no such day": edit(data, b'"awardedDate":"2026-03-01', b'"awardedDate":"2026-02-30'),
        "year nought": edit(data, b'"awardedDate":"2026', b'"awardedDate":"0000'),
        "line end": edit(data, b'Z","credentialSchema"', b'Z\\n","credentialSchema"'),
        "half a character": edit(data, b"Ada", b"\\ud800"),
        "not utf-8": edit(data, b"Ada", b"\xff"),
        "byte order mark": b"\xef\xbb\xbf" + data,
        "trailing": data + b"x",
        "trailing space": data + b" \n",
        "stump": data[:-1],
        "png": png,
        "svg": svg,
        "png checksum": edit(png, b"Ada", b"Eve"),
        "png pixel": png[:-30] + bytes([png[-30] ^ 1]) + png[-29:],
        "svg colour": edit(svg, b"#0b1c36", b"#ffffff"),
        "svg stump": svg[: len(svg) // 2],
        "nothing": b"",
        "text": b"hello",
        "list": b"[]",
        "deep": b'{"a":' * 500 + b'"b"' + b"}" * 500,
        "zeros": bytes(1000),
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_that_is_chosen_is_shown_as_valid(page, site, form):
    """The file input: verdict, reason and what the badge says appear, and the result has the focus."""
    page.clock.set_fixed_time(ISSUED)
    page.set_input_files("#file", [])
    page.evaluate("part('result').blur(); part('verdict').textContent = ''; part('says').textContent = ''")
    page.set_input_files("#file", site[0].learner_file("ada", form))
    page.locator("#result:focus").wait_for()

    assert page.inner_text("#verdict") == "Valid"
    assert "Ada Lovelace" in page.inner_text("#says")


def test_a_badge_can_be_dropped(page, site):
    """Drag and drop does the same as choosing."""
    page.clock.set_fixed_time(ISSUED)
    data = list(site[0].learner_file("bob", "png").read_bytes())
    page.evaluate(
        """data => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(data)], "badge.png"));
          document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
        }""",
        data,
    )
    page.get_by_text("Its issuer has revoked it.").wait_for()

    assert page.inner_text("#verdict") == "Not valid"


def test_the_page_gives_the_commands_verdicts(page, site):
    """Whole, changed, damaged, revoked, foreign: of each file command and page say the same."""
    store, known = site
    files = twisted(store)
    by_command = {name: said_by_command(data, known) for name, data in files.items()}
    by_page = {name: ask(page, data) for name, data in files.items()}

    assert by_page == by_command
    assert sorted(name for name, verdict in by_page.items() if verdict == "valid") == [
        "as issued",
        "escaped",
        "png",
        "pretty",
        "svg",
        "trailing space",
    ]


@pytest.mark.parametrize("which", ["badge", "proof", "list", "proof of the list"])
def test_the_page_canonicalises_as_pyld_does(page, site, which):
    """The N-Quads that the page writes for a badge, a list and their proofs are PyLD's, byte for byte."""
    store, known = site
    source = store.learner_file("ada", "json").read_bytes() if "list" not in which else known.status_lists[0]
    document = json.loads(source)
    options = {**document["proof"][0], "@context": document["@context"]}
    wanted = options if "proof" in which else document
    wanted = {key: value for key, value in wanted.items() if key not in ("proof", "proofValue")}

    assert page.evaluate("wanted => nQuads(wanted)", wanted) == n_quads(wanted).decode()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(texts=st.lists(st.text(LETTERS, min_size=1), min_size=3, max_size=3))
def test_any_text_is_canonicalised_alike(page, site, texts):
    """Quotes, backslashes, line ends and rare letters: N-Quads and JCS of the page are those of the command."""
    document = json.loads(site[0].learner_file("ada", "json").read_bytes())
    del document["proof"]
    subject = document["credentialSubject"]
    subject["name"], document["name"] = texts[:2]
    subject["achievement"]["criteria"]["narrative"] = "\n".join(texts)

    found = page.evaluate("async (wanted) => [await nQuads(wanted), canonical(wanted)]", document)

    assert found == [n_quads(document).decode(), jcs(document).decode()]


@pytest.mark.parametrize("days", [-1, 0, 29, 31])
def test_the_page_knows_the_same_time(page, site, days):
    """Not yet valid, valid, and with a status list out of date."""
    store, known = site
    data, now = store.learner_file("ada", "json").read_bytes(), ISSUED + timedelta(days=days)

    assert ask(page, data, at=now) == said_by_command(data, replace(known, now=now))


@pytest.mark.parametrize("email", ["ada@example.org", " ADA@Example.org ", "bob@example.org"])
def test_the_page_compares_the_email_as_the_command_does(page, site, email):
    """The holder's address, in any case, and another one."""
    store, known = site
    data = store.learner_file("ada", "json").read_bytes()

    assert ask(page, data, email=email) == said_by_command(data, replace(known, email=email))


@pytest.mark.parametrize("notebook", [b"ada 01_training 16.5", b"ada 01_training 16.6"])
def test_the_page_compares_a_notebook_as_the_command_does(page, site, notebook):
    """A notebook that was graded, and one that was not."""
    store, known = site
    data = store.learner_file("ada", "json").read_bytes()

    assert ask(page, data, notebook=notebook) == said_by_command(data, replace(known, evidence=notebook))


def test_a_stranger_is_unknown_to_the_page(page, site, tmp_path):
    """A badge of another issuer, who gives the same name."""
    other = make_class(tmp_path)
    make_issuer_key(other.settings, clock=lambda: ISSUED)
    other.pass_all("eve")
    issue_due(other.settings, actor="tester", clock=lambda: ISSUED)
    data = BadgeStore(other.settings).learner_file("eve", "png").read_bytes()

    assert ask(page, data) == said_by_command(data, site[1]) == "unknown issuer"


def test_the_page_may_load_nothing(site):
    """The policy allows one script and one style by their hashes, and no connection."""
    text = (site[0].site / "verify.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]

    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert not {"'unsafe-inline'", "'unsafe-eval'", "http:", "https:"} & set(policy.split())


PAGES = {"verify": "verify.html", "profile": "profiles/*/index.html"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_the_screen_and_can_be_read(browser, site, name, width, scheme):
    """On phone and desk, light and dark: no sideways scrolling, and text with enough contrast."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(next(site[0].site.glob(PAGES[name])).as_uri())
    wide = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    weak = opened.evaluate(CONTRASTS)
    pictures = opened.evaluate("[...document.images].map(image => image.naturalWidth > 0 && image.alt.length > 40)")
    context.close()

    assert (wide, weak, pictures) == (0, [], [True])


CONTRASTS = """() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll("main *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const pair = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) weak.push([element.textContent.trim().slice(0, 40), ratio]);
  }
  return weak;
}"""


STATES = {  # page and verdict -> whose badge it is given
    "verify": None,
    "verify, valid": "ada",
    "verify, revoked": "bob",
    "profile": None,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, site, state, width, scheme):
    """On phone and desk, light and dark, before and after a verdict: no violation of any of axe-core's rules."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened = context.new_page()
    opened.clock.set_fixed_time(ISSUED)
    opened.goto(next(site[0].site.glob(PAGES[state.split(",")[0]])).as_uri())
    if STATES[state]:
        opened.set_input_files("#file", site[0].learner_file(STATES[state], "json"))
        opened.locator("#result:focus").wait_for()
    found = Axe().run(opened).response
    violations = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]
    looked = len(found["passes"])
    context.close()

    assert violations == []
    assert looked > 10


def test_the_printed_profile_leads_back(browser, site):
    """On paper the profile shows a QR code, which decodes to its address, and no buttons."""
    context = browser.new_context(viewport={"width": 800, "height": 1000})
    opened = context.new_page()
    opened.goto(next(site[0].site.glob("profiles/*/index.html")).as_uri())
    opened.emulate_media(media="print")
    shown = [opened.is_visible(".paper svg"), opened.is_visible("ul.links")]
    with Image.open(io.BytesIO(opened.locator(".paper svg").screenshot())) as code:
        read = [each.text for each in zxingcpp.read_barcodes(code.convert("L"))]
    context.close()

    assert shown == [True, False]
    assert read == [f"{ADDRESS}/profiles/{site[0].ledger().latest_of('ada').id[9:]}/"]
