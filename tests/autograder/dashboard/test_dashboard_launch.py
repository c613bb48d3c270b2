"""How the server is started: what it loads, what it never asks, what it never fetches."""

import json
import subprocess
import sys

from autograder.dashboard.launch import EXTENSIONS, LAB_SETTINGS, server_config

STOPPED_IN_A_REQUEST = """
import asyncio, anyio.to_thread
from autograder.dashboard.launch import give_up_requests

loop = asyncio.new_event_loop()

async def request():
    await anyio.to_thread.run_sync(int)
    loop.stop()
    await asyncio.Event().wait()  # never answered

task = loop.create_task(request())
loop.run_forever()
give_up_requests(loop)
print(task.cancelled())
"""


def test_a_request_without_an_answer_keeps_no_stopped_server_alive():
    """The thread that read a file for it ends with it, or the process would wait for it for ever."""
    program = [sys.executable, "-c", STOPPED_IN_A_REQUEST]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, timeout=300)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")


def test_the_learners_copies_are_the_root(course):
    """No solution lies below JupyterLab's folder."""
    assert server_config(course).ServerApp.root_dir == str(course.work)


def test_the_course_page_comes_first(course):
    """Or the page of the unit that was asked for."""
    urls = [server_config(course, unit=unit).CourseApp.default_url for unit in (None, "07_made_up")]

    assert urls == ["/course", "/course/units/07_made_up"]


def test_the_instructors_pages_come_first_where_they_are_asked_for(course):
    """The demonstration opens them, on the settings of its own class."""
    config = server_config(course, grading=True).CourseApp

    assert (config.default_url, config.given) == ("/course/grading", course)


def test_a_port_in_use_is_passed_over(course):
    """Jupyter tries the next ones."""
    assert server_config(course, port=9000).ServerApp.port_retries >= 10


def test_nothing_is_asked_of_other_hosts(course):
    """No news, no update check, no list of extensions."""
    lab = server_config(course).LabApp

    assert (lab.news_url, lab.check_for_updates_class, lab.extension_manager) == (
        None,
        "jupyterlab.NeverCheckForUpdate",
        "readonly",
    )


def test_instructors_menus_are_not_loaded():
    """Neither nbgrader's server extensions nor its menus."""
    disabled = json.loads((LAB_SETTINGS / "page_config.json").read_text(encoding="utf-8"))["disabledExtensions"]

    assert ([name for name in EXTENSIONS if "nbgrader" in name], disabled["@jupyter/nbgrader"]) == ([], True)


def test_the_news_pop_up_is_off():
    """JupyterLab does not ask."""
    overrides = json.loads((LAB_SETTINGS / "overrides.json").read_text(encoding="utf-8"))

    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_long_lines_of_code_wrap():
    """No check has to be scrolled sideways, however narrow the window is."""
    overrides = json.loads((LAB_SETTINGS / "overrides.json").read_text(encoding="utf-8"))

    assert overrides["@jupyterlab/notebook-extension:tracker"]["codeCellConfig"] == {"lineWrap": True}
