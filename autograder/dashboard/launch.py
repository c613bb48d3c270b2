"""
Start JupyterLab on the learner's working copies, with the course page in front.

Decides the server's configuration: what it loads, where it keeps its state, what it never asks. It loads the named
extensions only, so that nothing else on the machine shows in the learner's menus.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado.httputil import url_concat
from tornado.platform.asyncio import BaseAsyncIOLoop
from traitlets.config import Config

from autograder.dashboard.views import Places
from autograder.errors import PlatformError
from autograder.learner import workcopy
from autograder.settings import Settings

LAB_SETTINGS = Path(__file__).resolve().parent / "lab"  # no news, no update check, no instructors' menus
EXTENSIONS = {  # the whole list: neither formgrader nor assignment list, nor a second notebook interface
    "autograder.dashboard": True,
    "jupyterlab": True,
    "jupyter_server_terminals": True,
}
PORTS_TRIED = 50
LAST_SECONDS = 10.0  # for requests that the end of the server interrupts


def server_config(
    settings: Settings,
    *,
    unit: str | None = None,
    grading: bool = False,
    browser: bool = True,
    port: int = 8888,
    ip: str = "127.0.0.1",
) -> Config:
    """
    Write down how the server is to run.

    Args:
        settings: The course.
        unit: Unit whose page is opened; the course page if None.
        grading: Whether the instructors' pages are opened instead.
        browser: Whether a browser is opened.
        port: Port to try first; one in use is passed over.
        ip: Address to listen on.
    """
    places = Places()
    config = Config()
    config.ServerApp.root_dir = str(settings.work)
    config.ServerApp.ip = ip
    config.ServerApp.port = port
    config.ServerApp.port_retries = PORTS_TRIED
    config.ServerApp.open_browser = browser
    config.ServerApp.allow_root = True  # in a container there may be nobody else
    config.ServerApp.answer_yes = True  # one Ctrl+C stops it
    for application in (config.ServerApp, config.CourseApp, config.LabApp):
        application.log_level = "WARN"
    config.CourseApp.given = settings
    config.CourseApp.warm_up = True
    config.CourseApp.default_url = (
        f"{places.course}/grading" if grading else places.unit(unit) if unit else places.course
    )
    config.CourseApp.open_browser = browser
    config.LabApp.news_url = None
    config.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    config.LabApp.extension_manager = "readonly"  # the other one asks a registry
    config.LabApp.app_settings_dir = str(LAB_SETTINGS)
    config.LabApp.extra_labextensions_path = [str(LAB_SETTINGS / "extensions")]  # the way back to the course page
    config.LabApp.workspaces_dir = str(settings.work / workcopy.STATE_FOLDER / "workspaces")
    config.MultiKernelManager.default_kernel_name = "python3"
    return config


def start(
    settings: Settings,
    *,
    unit: str | None = None,
    grading: bool = False,
    browser: bool = True,
    port: int = 8888,
    ip: str = "127.0.0.1",
) -> int:
    """
    Prepare the working copies, serve until stopped, and print the address of the course page.

    Returns:
        Exit status: 0 once the learner has stopped the server.
    """
    for path in workcopy.prepare(settings):
        print(f"New in {settings.work}: {path.relative_to(settings.work)}")
    for notice in workcopy.notices(settings):
        print(notice)
    server = make_server(server_config(settings, unit=unit, grading=grading, browser=browser, port=port, ip=ip))
    if server.port != port:
        print(f"Port {port} is in use, so the course takes {server.port}.")
    print(f"The course is open at {address(server)}\nStop it with Ctrl+C.", flush=True)
    server.identity_provider.token_generated = False  # the address stands above; Jupyter would print it again
    server.start()
    if isinstance(server.io_loop, BaseAsyncIOLoop):  # it always is one; the type does not say so
        give_up_requests(server.io_loop.asyncio_loop)
    return 0


def give_up_requests(loop: asyncio.AbstractEventLoop) -> None:
    """End what a stopped loop had in work: the threads of a request that was never answered keep the process alive."""
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.wait(pending, timeout=LAST_SECONDS))
        loop.run_until_complete(asyncio.sleep(0))  # what follows the end of a task comes in the next round


def make_server(config: Config) -> ServerApp:
    """
    Make the server, with its port found, its token chosen and its extensions loaded.

    Raises:
        PlatformError: If the course page is not among them.
    """
    server: ServerApp = ServerApp.instance(config=config, jpserver_extensions=dict(EXTENSIONS))
    server.initialize(argv=[], find_extensions=False, starter_extension="course")
    if "course_settings" not in server.web_app.settings:  # Jupyter only logs an extension that did not load
        raise PlatformError("the course page could not be loaded; the lines above say why, `course doctor` the rest")
    return server


def address(server: ServerApp) -> str:
    """Write the address of the first page, with the token that lets the learner in."""
    page = url_path_join(server.connection_url, server.default_url.removeprefix(server.base_url))
    token = server.identity_provider.token
    return str(url_concat(page, {"token": token}) if token else page)
