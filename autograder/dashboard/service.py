"""
What the course's service on JupyterHub answers: the course's pages, and nothing else that a Jupyter server can do.

Every learner may open the service, and it runs beside the gradebook. A kernel, a terminal or a file of it in a
learner's hand would be the end of all secrets. So this is a list of what is let through, whatever else was installed.
"""

from __future__ import annotations

import re
from typing import Any

from tornado import web
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule

OPEN = r"(?:|course(?:/.*)?|static/course/[^/]+|oauth_callback|login|logout)"  # below the base address


class Elsewhere(Matcher):
    """Matches every address that is not on the list."""

    def __init__(self, base_url: str) -> None:
        self._open = re.compile(re.escape(base_url) + OPEN)

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Say whether the guard takes the request."""
        return None if self._open.fullmatch(request.path) else {}


class ClosedHandler(web.RequestHandler):
    """Answers for everything that is not on the list."""

    def prepare(self) -> None:
        """Refuse, whatever the method and whoever asks."""
        raise web.HTTPError(403)

    def check_xsrf_cookie(self) -> None:
        """Leave it to `prepare`: nothing is done anyway."""


def close_all_but_the_course(application: web.Application, base_url: str) -> None:
    """Put the guard in front of every handler of a server."""
    router = application.default_router
    router.rules.insert(0, router.process_rule(Rule(Elsewhere(base_url), ClosedHandler)))
