"""On a real JupyterHub: a learner's own server, and the course's service for a group."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from dashboard_class import fill, name_of
from journey_course import copy_course, own_environment
from playwright.sync_api import expect

from autograder.gradebook.class_queries import ClassQueries
from autograder.settings import load_settings

pytest.importorskip("jupyterhub", reason="JupyterHub is not installed; it is needed for this journey only")

pytestmark = [pytest.mark.browser, pytest.mark.deep]

UNIT = "01_training"
BIN = Path(sys.executable).parent
START_SECONDS = 300
PATIENCE = 120_000  # milliseconds for a server that the hub starts
HUB = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.command = ["{bin}/configurable-http-proxy"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser", "--config={folder}/user.py", "--allow-root"]
c.Spawner.environment = {{**{environment}, "COURSE_VAR": "{folder}/own"}}
c.Spawner.default_url = "/course"

# what docs/for-instructors.md shows
c.JupyterHub.load_groups = {{"instructors": {{"users": ["grace"]}}, "learners": {{"users": ["{learner}"]}}}}
c.JupyterHub.load_roles = [
    {{"name": "course", "scopes": ["access:services!service=course"], "groups": ["instructors", "learners"]}}
]
c.JupyterHub.services = [
    {{
        "name": "course",
        "url": "http://127.0.0.1:{service_port}",
        "command": ["{bin}/jupyterhub-singleuser", "--config={folder}/service.py", "--allow-root"],
        "environment": {environment},
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": ["read:users:groups!user"],
    }}
]
"""
EXTENSION = 'c = get_config()\nc.ServerApp.jpserver_extensions = {"autograder.dashboard": True}\n'


def free_ports(count):
    """Find ports that nobody listens on."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = copy_course(tmp_path_factory.mktemp("hub"))
    settings = load_settings(root, {"USER": "grader"})
    fill(settings, UNIT, learners=12)
    return settings


@pytest.fixture(scope="module")
def hub(settings):
    """Run a hub with the service until the end; gives its address."""
    folder = settings.root.parent
    port, hub_port, proxy_port, service_port = free_ports(4)
    (folder / "home").mkdir()
    environment = {"COURSE_ROOT": str(settings.root), "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp"}
    (folder / "user.py").write_text(EXTENSION)
    (folder / "service.py").write_text(f'{EXTENSION}c.CourseApp.instructors = "instructors"\n')
    (folder / "hub.py").write_text(
        HUB.format(
            port=port,
            hub_port=hub_port,
            proxy_port=proxy_port,
            service_port=service_port,
            bin=BIN,
            folder=folder,
            environment=environment,
            learner=name_of(2),
        )
    )
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [BIN / "jupyterhub", "-f", folder / "hub.py"],
            cwd=folder,
            env=own_environment(settings.root, folder / "home") | {"PATH": f"{BIN}:{os.environ['PATH']}"},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/hub/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=120)


def wait_for(address, process):
    """Ask until the hub answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urlopen(address, timeout=60) as answer:
            if answer.status == 200:
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
    raise AssertionError("the hub did not start; its log stands beside its configuration")


@pytest.fixture
def signed_in(chromium, hub):
    """Open windows of people who have signed in at the hub."""
    with contextlib.ExitStack() as opened:

        def sign_in(name):
            context = opened.enter_context(contextlib.closing(chromium.new_context()))
            page = context.new_page()
            page.goto(f"{hub}/hub/login?next=/hub/home")
            page.fill("#username_input", name)
            page.fill("#password_input", "any")
            page.click("#login_submit")
            return page

        yield sign_in


def test_an_instructor_works_in_the_service(signed_in, hub, settings):
    """Pages, a form and the progress of a run, below the service's address, also where a proxy keeps streams back."""
    from test_journey_dashboard import a_run

    page = signed_in("grace")
    page.goto(f"{hub}/services/course/course/grading/submissions/4")
    page.get_by_label("Reason to grade it again").fill("a better test")
    page.get_by_role("button", name="Mark it for the next run").click()
    expect(page.get_by_role("status")).to_contain_text("Marked")
    with ClassQueries(settings) as book:
        assert [row.actor for row in book.audit_log().rows if row.reason == "a better test"] == ["grace"]

    with a_run(settings) as (run, process):
        page.goto(f"{hub}/services/course/course/grading/runs/{run}")
        expect(page.locator(".run .state")).to_have_text("Running")
        process.kill()
        process.wait(timeout=120)
        expect(page.locator(".run .state")).to_have_text("Interrupted", timeout=PATIENCE)


def test_the_stream_is_open_to_who_has_the_token_of_the_page(signed_in, hub):
    """The hub asks for it in each request that no navigation made; without it a browser would connect for ever."""
    page = signed_in("grace")
    page.goto(f"{hub}/services/course/course/grading/runs")
    token = page.locator('input[name="_xsrf"]').first.get_attribute("value")
    fetch = """address => fetch(address).then(answer => [answer.status, answer.headers.get("content-type")])
                                        .catch(() => "led in a circle")"""
    events = f"{hub}/services/course/course/grading/runs/1/events"

    assert page.evaluate(fetch, f"{events}?_xsrf={quote(token)}") == [200, "text/event-stream"]
    assert page.evaluate(fetch, events) == "led in a circle"


def test_a_learner_gets_403_in_the_service_and_sees_the_own_rows(signed_in, hub):
    """The dashboard and the server behind are closed."""
    page = signed_in(name_of(2))
    own = page.goto(f"{hub}/services/course/course/units/{UNIT}")
    expect(page.locator(".verdict")).to_be_visible()
    closed = ["course/grading", "course/grading/submissions/1", "api/contents", "api/kernels", "api/terminals", "lab"]
    codes = {place: page.goto(f"{hub}/services/course/{place}").status for place in closed}

    assert (own.status, codes) == (200, dict.fromkeys(closed, 403))


def test_somebody_outside_the_groups_is_turned_away_by_the_hub(signed_in, hub):
    """Before any page of ours is asked."""
    page = signed_in("mallory")

    assert page.goto(f"{hub}/services/course/course").status == 403


def test_a_learners_own_server_has_the_course_and_no_dashboard(signed_in, hub):
    """Below /user/NAME/ all links and forms lead back there."""
    page = signed_in(name_of(2))
    page.goto(f"{hub}/hub/spawn")
    page.wait_for_url(f"**/user/{name_of(2)}/course*", timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()
    page.locator(f"#unit-{UNIT} h3 a").click()
    expect(page.get_by_role("button", name="Submit the exercises")).to_be_visible()

    assert page.goto(f"{hub}/user/{name_of(2)}/course/grading").status == 403
