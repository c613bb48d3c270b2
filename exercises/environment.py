"""
The one door to the environment: variables, the running shell, and the folders of the course.

It decides where things are. It never creates a folder, never changes a variable and never imports IPython.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

COURSE_FILE = "course.toml"
PUBLIC_SEED = "public"  # self-study: hidden inputs can be recomputed by anybody, and the course says so
UNIT_NAME = re.compile(r"\d\d_[a-z0-9_]+")
ASSIGNMENT = "assignment.ipynb"
STATE_FOLDER = ".course"  # below the working copies; hidden in JupyterLab's list of files
JUDGE_SOCKET = "judge.sock"  # in it, while the course's server runs


def grading() -> bool:
    """Tell whether a grader runs this notebook; then nothing is shown, recorded or handed in."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def hidden_seed() -> str:
    """Return the text that hidden inputs are drawn from: the instructor's secret, or the public default."""
    return os.environ.get("COURSE_HIDDEN_SEED") or PUBLIC_SEED


def shell() -> Any | None:
    """Return the running IPython shell, or None outside IPython."""
    module = sys.modules.get("IPython")
    find = getattr(module, "get_ipython", None)
    return find() if find is not None else None


def in_jupyter() -> bool:
    """Tell whether a Jupyter server started this kernel, so that a live page with widgets looks at it."""
    return bool(os.environ.get("JPY_SESSION_NAME")) and hasattr(shell(), "kernel")


def notebook_path() -> Path | None:
    """Find the notebook file that this kernel belongs to: Jupyter's session, or VS Code's variable."""
    running = shell()
    spaces = running.user_ns if running is not None else {}
    for name in (os.environ.get("JPY_SESSION_NAME"), spaces.get("__vsc_ipynb_file__")):
        if isinstance(name, str) and name.endswith(".ipynb"):
            return Path.cwd() / name
    return None


def unit_name() -> str | None:
    """Find the unit of the notebook, or else of the working folder, by the name of a folder such as 01_training."""
    notebook = notebook_path()
    starts = [Path.cwd()] if notebook is None else [notebook.parent, Path.cwd()]
    for start in starts:
        for folder in (start, *start.parents):
            if UNIT_NAME.fullmatch(folder.name):
                return folder.name
    return None


def course_root() -> Path | None:
    """Find the folder of course.toml: COURSE_ROOT, or above the notebook, the working folder or this package."""
    given = os.environ.get("COURSE_ROOT")
    if given:
        return Path(given)
    notebook = notebook_path()
    starts = [Path.cwd(), Path(__file__).resolve().parent]
    for start in starts if notebook is None else [notebook.parent, *starts]:
        for folder in (start, *start.parents):
            if (folder / COURSE_FILE).is_file():
                return folder
    return None


def self_study() -> bool:
    """Tell whether the course runs without an instructor; a course.toml that cannot be read counts as a class."""
    root = course_root()
    if root is None:
        return True
    try:
        table = tomllib.loads((root / COURSE_FILE).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return False
    return bool(table.get("mode", "self-study") == "self-study")


def content_folder() -> Path:
    """Return the folder of the built hints and questions."""
    given = os.environ.get("COURSE_CONTENT")
    return Path(given) if given else Path(__file__).resolve().parent / "content"


def work_folder() -> Path | None:
    """Return the folder of the learner's copies, in COURSE_VAR or the course's own var/; None outside a course."""
    root = course_root()
    if root is None:
        return None
    return Path(os.environ.get("COURSE_VAR") or root / "var") / "work"


def progress_path() -> Path | None:
    """Return the file of the learner's progress; None if this is not a course's folder."""
    given = os.environ.get("COURSE_PROGRESS")
    if given:
        return Path(given)
    work = work_folder()
    return None if work is None else work / STATE_FOLDER / "progress.sqlite"


def judge_socket() -> Path | None:
    """Return the socket of the course's running server; None if there is none."""
    work = work_folder()
    path = None if work is None else work / STATE_FOLDER / JUDGE_SOCKET
    return path if path is not None and path.is_socket() else None


def assignment_path(unit: str) -> Path | None:
    """Return the learner's own copy of a unit's exercises: the open notebook, or the one in the work folder."""
    notebook = notebook_path()
    if notebook is not None and notebook.name == ASSIGNMENT and notebook.parent.name == unit:
        return notebook
    work = work_folder()
    return None if work is None else work / unit / ASSIGNMENT


def command_environ() -> dict[str, str]:
    """Return the environment for the course's own command: this process's, without what belongs to the kernel."""
    root = course_root()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JPY_")}
    return kept if root is None else kept | {"COURSE_ROOT": str(root)}


def fresh_environ(hash_seed: int) -> dict[str, str]:
    """Return the environment of a fresh interpreter that hashes text by *hash_seed* and plays no learner."""
    return command_environ() | {"PYTHONHASHSEED": str(hash_seed), "NBGRADER_EXECUTION": "fresh", "MPLBACKEND": "Agg"}
