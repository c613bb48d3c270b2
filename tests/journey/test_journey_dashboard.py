"""The instructors' dashboard in a browser: by keyboard alone, without JavaScript, in the dark, on a phone."""

import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest
from dashboard_class import fill, name_of
from journey_course import Loads, copy_course, own_environment, serve
from journey_lab import PATIENCE
from playwright.sync_api import expect

from autograder.errors import PlatformError
from autograder.gradebook.class_queries import ClassQueries
from autograder.grading_run import NICER
from autograder.sandbox.modes import strongest
from autograder.settings import load_settings

pytestmark = pytest.mark.browser

UNIT = "01_training"
LEARNERS = 60  # two pages
DYING_SECONDS = 120  # until what was killed is buried
GRADING = "course/grading"
PAGES = {
    "overview": "",
    "unit": f"/units/{UNIT}",
    "check": f"/units/{UNIT}/checks/plain_plans",
    "learners": "/learners?search=learner&at_risk=yes",
    "learner": f"/learners/{name_of(3)}",
    "submissions": "/submissions?state=graded",
    "submission": "/submissions/4",
    "refused": f"/submissions/{LEARNERS}",
    "queue": "/queue",
    "runs": "/runs",
    "run": "/runs/1",
    "badges": "/badges",
    "audit": "/audit",
    "export": "/export",
}
LOOKS = [("light", 1280), ("dark", 1280), ("light", 375), ("dark", 375), ("light", 320)]
HOLD_A_RUN = """
import sys, time
from pathlib import Path
from autograder.gradebook.writer import Writer
from autograder.settings import load_settings
with Writer(load_settings(Path(sys.argv[1]), {"USER": "grader"})) as writer:
    print(writer.start_run(sys.argv[2], actor="grace", total=40), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """Serve a copy of the course with a graded class of sixty, whose words are scripts."""
    folder = tmp_path_factory.mktemp("dashboard")
    root = copy_course(folder)
    fill(load_settings(root, {"USER": "grader"}), UNIT, learners=LEARNERS, message="<b>Batch 3</b> scored 0.4.")
    home = folder / "home"
    home.mkdir()
    with serve(root, home) as course:
        yield course


@pytest.fixture
def loads():
    """Note every address that is loaded."""
    return Loads()


@pytest.fixture
def window(chromium, taught, loads):
    """Open pages of the dashboard in windows of their own."""
    with contextlib.ExitStack() as opened:

        def open_page(path="", **options):
            context = opened.enter_context(contextlib.closing(chromium.new_context(**options)))
            loads.watch(context)
            page = context.new_page()
            page.goto(taught.address)  # with the token: lets this window in
            page.goto(f"{taught.origin}/{GRADING}{path}")
            return page

        yield open_page


@pytest.fixture
def settings(taught):
    return load_settings(taught.root, {"USER": "grader"})


def tab_to(page, target):
    """Press Tab until *target* has the focus."""
    for _ in range(150):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def axe_violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_is_accessible_and_loads_nothing_from_elsewhere(window, taught, loads, scheme, width):
    """axe-core finds nothing, nothing is wider than the screen, no page has more than 3,000 elements."""
    page = window(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    for name, path in PAGES.items():
        page.goto(f"{taught.origin}/{GRADING}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        many = page.evaluate("document.querySelectorAll('*').length") > 3000

        assert (name, axe_violations(page), wide, many) == (name, [], False, False)
    assert loads.foreign(taught.origin) == []


def test_headings_do_not_jump(window, taught):
    """One h1 a page, and no level is left out on the way down."""
    page = window()
    jumps = {}
    for name, path in PAGES.items():
        page.goto(f"{taught.origin}/{GRADING}{path}")
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))")
        jumps[name] = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
        assert (name, levels[0], levels.count(1)) == (name, 1, 1)
    jumps.pop("submission")  # a learner's own headings may jump
    assert not any(jumps.values()), jumps


def test_no_script_of_a_learner_runs(window, taught):
    """Outputs, markdown, messages and metadata are text; the browser refuses nothing, because nothing is tried."""
    page = window()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    for path in PAGES.values():
        page.goto(f"{taught.origin}/{GRADING}{path}")
        assert page.title() != "owned"
    assert refused == []


def test_the_policy_stops_what_would_slip_through(window):
    """An inline script that somebody forgot to escape does not run."""
    page = window()
    page.evaluate(
        """() => new Promise(done => {
             document.body.insertAdjacentHTML("beforeend", '<img src="/nowhere" onerror="document.title = 1">');
             document.body.lastChild.addEventListener("error", done);
           })"""
    )

    expect(page).not_to_have_title("1")


def test_the_keyboard_alone_sorts_filters_and_turns_pages(window):
    """Tab and Enter, nothing else."""
    page = window("/learners")
    tab_to(page, page.get_by_role("link", name="Passed"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Passed")).to_have_attribute("aria-sort", "descending")

    tab_to(page, page.get_by_role("link", name="Next"))
    page.keyboard.press("Enter")
    expect(page.locator(".pager [aria-current]")).to_have_text("Page 2 of 2")

    tab_to(page, page.get_by_label("Name or id"))
    page.keyboard.type(name_of(7))
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_keyboard_alone_overrides_and_marks_for_grading_again(window, settings):
    """Points and reason are typed, the change is audited."""
    page = window("/submissions/6")
    tab_to(page, page.locator(".verdicts summary").first)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("0.5")
    page.keyboard.press("Tab")
    page.keyboard.type("half of it is there")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("given by hand")

    tab_to(page, page.get_by_label("Reason to grade it again"))
    page.keyboard.type("a better test")
    tab_to(page, page.get_by_role("button", name="Mark it for the next run"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Marked")
    with ClassQueries(settings) as book:
        assert {"half of it is there", "a better test"} <= {row.reason for row in book.audit_log().rows}


def test_everything_works_without_javascript(window):
    """Lists, pages, forms, and a way to see how far a run is."""
    page = window("/learners", java_script_enabled=False)
    page.get_by_label("Name or id").fill(name_of(9))
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=name_of(9)).click()
    page.get_by_label("Note").fill("wrote on Monday")
    page.get_by_role("button", name="Note it").click()

    expect(page.get_by_role("status")).to_have_text("Noted.")
    expect(page.get_by_role("main")).to_contain_text("wrote on Monday")


@contextlib.contextmanager
def a_run(settings):
    """Hold a run in a process of its own; gives its id and the process."""
    environment = own_environment(settings.root, settings.root)
    command = [sys.executable, "-c", HOLD_A_RUN, str(settings.root), UNIT]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=Path.cwd()
    )
    try:
        yield int(process.stdout.readline()), process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=DYING_SECONDS)
        process.stdin.close()
        process.stdout.close()


def test_a_run_that_was_killed_is_told_while_one_looks(window, settings):
    """The page follows by the stream, says that the run is interrupted, and offers to go on."""
    with a_run(settings) as (run, process):
        page = window(f"/runs/{run}")
        expect(page.locator(".run .state")).to_have_text("Running")
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=DYING_SECONDS)

        expect(page.locator(".run .state")).to_have_text("Interrupted", timeout=PATIENCE)
        expect(page.get_by_role("button", name="Go on grading")).to_be_visible()


def test_where_streams_are_kept_back_the_page_asks_again_and_again(window, settings):
    """A proxy may break a stream off."""
    with a_run(settings) as (run, process):
        page = window()
        page.route("**/events?*", lambda route: route.abort())
        page.goto(f"{page.url}/runs/{run}")
        with page.expect_response("**/progress?*"):
            pass
        process.stdin.close()  # the holder ends; nobody finished the run
        process.wait(timeout=DYING_SECONDS)

        expect(page.locator(".run .state")).to_have_text("Interrupted", timeout=PATIENCE)


def folder_of(course, learner):
    """Name where a learner's submission stands."""
    return course.root / "var" / "submitted" / learner / UNIT


def hand_in(course, learner, more=""):
    """Put the reference answers into the folder of submissions, as a learner's; *more* stands in the first of them."""
    folder = folder_of(course, learner)
    folder.mkdir(parents=True)
    notebook = nbformat.read(course.work(UNIT), as_version=4)
    solutions = course.solutions(UNIT)
    for cell in notebook.cells:
        cell.source = solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    first = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    first.source += more
    nbformat.write(notebook, folder / "assignment.ipynb")


@pytest.fixture
def gradable(settings):
    """Skip where other people's work is refused."""
    try:
        strongest(settings.grading.sandbox)
    except PlatformError as error:
        pytest.skip(f"other people's work is not graded on this machine: {error}")


def run_process():
    """Find the process that grades for the server of this test."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended since
            if "autograder.grading_run" in process.cmdline():
                return process
    raise AssertionError("no process grades")


@pytest.mark.usefixtures("gradable")
def test_a_class_is_graded_from_the_page_and_the_server_goes_on(window, taught):
    """What waits is seen, a click grades it in a process of its own, the page follows until it is done."""
    for learner in ("zora", "zeno"):
        hand_in(taught, learner)
    page = window("/queue")
    page.get_by_role("button", name="Look for submissions now").click()
    page.get_by_role("button", name="Grade 01").click()
    expect(page.get_by_role("status").first).to_have_text("Started. It works in a process of its own.")
    assert page.request.get(f"{taught.origin}/api/status").ok

    expect(page.locator(".run .state")).to_have_text("Done", timeout=2 * PATIENCE)
    page.goto(f"{taught.origin}/{GRADING}/learners/zora")
    expect(page.get_by_role("main")).to_contain_text("18 of 18")


@pytest.mark.usefixtures("gradable")
def test_a_killed_run_goes_on_by_a_click(window, taught, settings):
    """What the dead run had graded stays, the rest is graded by the next one, and nobody has two attempts."""
    quick, endless, late = ["kill0", "kill1"], ["kill2", "kill3", "kill4"], "kill5"
    for learner in quick:
        hand_in(taught, learner, more=f"\n\n# {learner}")  # or one grade would answer all
    for learner in endless:
        hand_in(taught, learner, more="\n\nimport time\n\ntime.sleep(3600)")  # the run still goes on when it is killed
    page = window("/queue")
    page.get_by_role("button", name="Look for submissions now").click()
    page.get_by_role("button", name="Grade 01").click()
    expect(page.locator(".run .state")).to_have_text("Running", timeout=PATIENCE)
    expect(page.locator(".run [data-progress]")).to_have_text(re.compile(r"[1-9]\d* of "), timeout=PATIENCE)
    process = run_process()
    assert process.nice() >= min(19, process.parent().nice() + NICER)  # the server and the browser come first
    process.kill()
    expect(page.locator(".run .state")).to_have_text("Interrupted", timeout=PATIENCE)

    for learner in endless:
        shutil.rmtree(folder_of(taught, learner))
    hand_in(taught, late, more=f"\n\n# {late}")
    page.get_by_role("button", name="Go on grading").click()
    expect(page.locator(".run .state")).to_have_text("Done", timeout=2 * PATIENCE)
    with ClassQueries(settings) as book:
        found = {learner: [attempt.score for attempt in book.attempts(learner, UNIT)] for learner in [*quick, late]}
    assert found == {learner: [18.0] for learner in [*quick, late]}


def test_a_run_is_cancelled_from_its_page(window, settings):
    """The request is noted at once; the run ends when it looks next."""
    with a_run(settings) as (run, _):
        page = window(f"/runs/{run}")
        page.get_by_role("button", name="Cancel this run").click()
        expect(page.locator(".run .state")).to_have_text("Cancelling")

        with ClassQueries(settings) as book:
            assert book.run_state(run).phase == "cancelling"
