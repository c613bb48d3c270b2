"""A Jupyter server with the course page, in this process, on a course of two units."""

import urllib.parse
from http.cookies import SimpleCookie

import pytest
from dashboard_class import fill
from pytest_jupyter.jupyter_server import *  # noqa: F403 - its fixtures, for this folder only
from pytest_jupyter.jupyter_server import jp_fetch as hasty_fetch  # noqa: F401 - a fixture under another name

from autograder.authoring.build import build
from autograder.authoring.scaffold import new_unit
from autograder.learner import workcopy
from autograder.settings import load_settings

UNIT = "07_made_up"
PATIENCE_SECONDS = 300  # for one answer, on a busy machine; the fixture's own 20 seconds ask for speed


@pytest.fixture
def course(tmp_path):
    """Give the settings of a built course with working copies."""
    environ = {"COURSE_LEARNER": "ada", "USER": "ada"}
    root = tmp_path / "made-up course"
    root.mkdir()
    (root / "course.toml").write_text('title = "A <made-up> course"\n\n[units]\n', encoding="utf-8")
    new_unit(load_settings(root, environ), UNIT)
    settings = load_settings(root, environ)
    build(settings)
    workcopy.prepare(settings)
    return settings


@pytest.fixture
def jp_fetch(hasty_fetch):  # noqa: F811 - the fixture of this name, with patience
    """Ask the server, and wait as long as it takes."""

    async def fetch(*path, **options):
        return await hasty_fetch(
            *path, **{"request_timeout": PATIENCE_SECONDS, "connect_timeout": PATIENCE_SECONDS} | options
        )

    return fetch


@pytest.fixture
def jp_server_config(course):
    """Load the course page alone."""
    return {
        "ServerApp": {"jpserver_extensions": {"autograder.dashboard": True}},
        "CourseApp": {"root": str(course.root)},
    }


@pytest.fixture
def graded(course):
    """Give the course a graded class of eight before its server starts."""
    fill(course, UNIT)
    return course


@pytest.fixture
def submissions(jp_serverapp, course):
    """Replace the grading workflow; collects the units that were submitted."""
    jp_serverapp.web_app.settings["course_settings"] = course
    taken = []
    jp_serverapp.web_app.settings["course_submit"] = lambda _settings, unit: taken.append(unit)
    return taken


@pytest.fixture
def post(jp_fetch, jp_base_url):
    """Post a form as a browser does: with the cookie, and the token of the page, if *with_token*."""

    async def send(*path, with_token=True, **fields):
        page = await jp_fetch("course", "units", UNIT)
        jar = SimpleCookie()
        for header in page.headers.get_list("Set-Cookie"):
            jar.load(header)
        token = jar["_xsrf"].value
        headers = {
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items()),
            "Authorization": "",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urllib.parse.urlencode(({"_xsrf": token} if with_token else {}) | fields)
        return await jp_fetch(
            *path, method="POST", headers=headers, body=body, follow_redirects=False, raise_error=False
        )

    return send
