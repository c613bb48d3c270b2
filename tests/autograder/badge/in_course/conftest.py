"""A Jupyter server in this process: a folder of its own, because a browser's tests bear no running event loop."""

from pytest_jupyter.jupyter_server import *  # noqa: F403 - its fixtures, for this folder only
