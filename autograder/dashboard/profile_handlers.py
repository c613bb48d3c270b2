"""The learner's profile: the badge, what it needs, and its files. Shows the signed-in learner's own, nobody else's."""

from __future__ import annotations

from tornado import web

from autograder.badge.links import qr_svg
from autograder.badge.verify_page import policy
from autograder.badge.view import ProfileView, badge_file, profile_view
from autograder.dashboard.handlers import PageHandler

KINDS = {"json": "application/ld+json", "png": "image/png", "svg": "image/svg+xml"}
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a picture that is opened by itself runs nothing
)


class ProfileHandler(PageHandler):
    """The badge, or what is missing for it."""

    @web.authenticated
    async def get(self) -> None:
        """Show the profile."""
        view: ProfileView = await self.aside(profile_view, self.course_settings, self.viewer.learner)
        self.set_header("X-Robots-Tag", "noindex")
        await self.page("profile.html", view=view, code=qr_svg(view.badge.qr_text) if view.badge else "")


class QrHandler(PageHandler):
    """The code on the printed profile, which leads whoever reads the paper to the badge."""

    @web.authenticated
    async def get(self) -> None:
        """Draw it."""
        view: ProfileView = await self.aside(profile_view, self.course_settings, self.viewer.learner)
        if view.badge is None or view.state != "earned":
            raise web.HTTPError(404)
        self.set_header("Content-Type", "image/svg+xml")
        self.set_header("Content-Security-Policy", FILE_POLICY)
        self.finish(await self.aside(qr_svg, view.badge.qr_text))


class BadgeFileHandler(PageHandler):
    """The badge as a file."""

    @web.authenticated
    async def get(self, form: str) -> None:
        """Send the badge: to look at in the page, or to keep."""
        content = await self.aside(badge_file, self.course_settings, self.viewer.learner, form)
        if content is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", KINDS[form])
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", FILE_POLICY)
        if self.get_query_argument("save", "") == "yes":
            self.set_header("Content-Disposition", f'attachment; filename="production-ml-badge.{form}"')
        self.finish(content)


class VerifyPageHandler(PageHandler):
    """The page that checks a badge: a file of its own, with a policy of its own, which loads nothing."""

    @property
    def content_security_policy(self) -> str:
        """Let the page run its one script, and nothing else."""
        return f"{policy()}; frame-ancestors 'none'"

    @web.authenticated
    async def get(self) -> None:
        """Send the page as it would be published now."""
        self.finish(await self.aside(self._current))

    def _current(self) -> str:
        from autograder.badge.publish import current_verify_page  # cryptography loads with it

        return current_verify_page(self.course_settings)
