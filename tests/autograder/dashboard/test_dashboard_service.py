"""The course's service on a hub: learners see their own rows and nothing of the server behind."""

import pytest
from dashboard_class import name_of
from jupyter_server.auth.identity import User

UNIT = "07_made_up"
CLOSED = ["api/contents", "api/kernels", "api/terminals", "api/status", "api/me", "files/gradebook.db", "tree", "lab"]
CLOSED += ["terminals/1", "static/base/x.js", "courses", "nbconvert/html/x.ipynb", "view/x", "course%2f..%2fapi"]


@pytest.fixture
def jp_server_config(graded):
    """Serve as the service of the group "teachers"."""
    return {
        "ServerApp": {"jpserver_extensions": {"autograder.dashboard": True, "jupyter_server_terminals": True}},
        "CourseApp": {"root": str(graded.root), "instructors": "teachers"},
    }


@pytest.fixture
def sign_in(jp_serverapp, graded, monkeypatch):
    """Sign somebody of the hub in."""
    jp_serverapp.web_app.settings["course_settings"] = graded

    def as_user(name, *groups):
        user = User(username=name)
        user.hub_user = {"name": name, "groups": list(groups)}  # as JupyterHub's own identity provider does
        monkeypatch.setattr(type(jp_serverapp.identity_provider), "get_user", lambda *_: user)

    return as_user


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_nothing_of_the_server_is_open_but_the_course(jp_fetch, jp_serverapp, method):
    """No kernel, no terminal, no file, whatever the method; even with the server's own token."""
    body = "{}" if method in {"POST", "PUT"} else None
    answers = [
        await jp_fetch(*path.split("/"), method=method, body=body, raise_error=False, follow_redirects=False)
        for path in CLOSED
    ]

    assert {path: answer.code for path, answer in zip(CLOSED, answers, strict=True)} == dict.fromkeys(CLOSED, 403)


async def test_the_group_sees_the_dashboard(jp_fetch, sign_in):
    """Signed with the name at the hub."""
    sign_in("grace", "teachers")

    assert "Signed in as grace" in (await jp_fetch("course", "grading")).body.decode()


async def test_a_learner_sees_the_own_feedback_only(jp_fetch, sign_in):
    """The rows of the name at the hub, no dashboard, no notebook of the service's account."""
    sign_in(name_of(0))
    own = (await jp_fetch("course", "units", UNIT)).body.decode()
    grading = await jp_fetch("course", "grading", raise_error=False)

    assert ("Passed with 3 of 3" in own, "Open the exercises" in own, "JupyterLab" in own) == (True, False, False)
    assert grading.code == 403


async def test_nobody_hands_in_the_files_of_the_service(jp_fetch, sign_in, submissions, post):
    """They are not the viewer's."""
    sign_in(name_of(0))

    assert ((await post("course", "units", UNIT, "submit")).code, submissions) == (404, [])


async def test_a_name_that_is_no_learners_sees_nothing(jp_fetch, sign_in):
    """It could be a path."""
    sign_in("../ada")

    assert (await jp_fetch("course", raise_error=False)).code == 404
