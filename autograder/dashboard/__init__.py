"""The course page: an extension of the Jupyter server. Pages are functions from rows to text."""


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    """Tell the Jupyter server where the extension is."""
    from autograder.dashboard.extension import CourseApp

    return [{"module": "autograder.dashboard.extension", "app": CourseApp}]
