"""A small course of its own: content, source, progress, and a shell that keeps what it shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from exercises import hook, journal, ladder

CONTENT = {
    "unit": "01_training",
    "exercises": {
        "prequential": {
            "title": "Score before you learn",
            "minutes": 15,
            "answers": ["prequential", "queue_of"],
            "checks": [
                {"name": "plain_case", "title": "is it right at all?", "points": 2, "visible": True},
                {"name": "labels_late", "title": "are labels late?", "points": 2, "visible": True},
                {"name": "weights", "title": "does each row weigh the same?", "points": 2, "visible": False},
            ],
        },
        "retrain_plan": {"title": "Plan", "minutes": 10, "checks": []},
    },
    "hints": {
        "prequential": ["Draw the queue.", "Compare `k` with the delay.", "Learn, then score."],
        "retrain_plan": [],
    },
    "quiz": {
        "predict_july": {
            "question": "Which mean probability?",
            "options": [
                {"key": "a", "text": "about .31", "feedback": "It learned January's meaning.", "right": False},
                {"key": "b", "text": "about .06", "feedback": "A line goes on for ever.", "right": True},
            ],
        }
    },
}
ANSWER = "def prequential(rows):\n    ### BEGIN SOLUTION\n    return len(rows)\n    ### END SOLUTION"


def _source_cell(kind: str, exercise: str, source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {"course": {"kind": kind, "exercise": exercise}}, "source": source}


@pytest.fixture
def small_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a course's folder with one unit and go to its work folder; returns the root."""
    root = tmp_path / "course"
    for folder in ("content", "source/01_training", "var/work/01_training"):
        (root / folder).mkdir(parents=True)
    (root / "course.toml").write_text('mode = "self-study"\n')
    (root / "content" / "01_training.json").write_text(json.dumps(CONTENT))
    cells = [_source_cell("setup", "prequential", "import math"), _source_cell("answer", "prequential", ANSWER)]
    (root / "source/01_training/assignment.ipynb").write_text(json.dumps({"cells": cells}))
    for name in ("NBGRADER_EXECUTION", "COURSE_HIDDEN_SEED", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_ROOT", str(root))
    monkeypatch.setenv("COURSE_CONTENT", str(root / "content"))
    monkeypatch.setenv("COURSE_PROGRESS", str(root / "progress.sqlite"))
    monkeypatch.chdir(root / "var/work/01_training")
    monkeypatch.setattr(ladder, "_shown", {})
    monkeypatch.setattr(journal, "_told", set())
    return root


@pytest.fixture
def bare_shell(small_course: Path) -> Iterator[InteractiveShell]:
    """A real IPython shell without the hook; history stays in memory."""
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    yield shell
    hook.uninstall()
    InteractiveShell.clear_instance()


@pytest.fixture
def shell(bare_shell: InteractiveShell) -> InteractiveShell:
    """A real IPython shell with the hook."""
    hook.install()
    return bare_shell


@pytest.fixture
def shown(bare_shell: InteractiveShell) -> Callable[[], list[str]]:
    """Return the plain texts of all cards shown so far."""
    return lambda: [output["data"]["text/plain"] for output in bare_shell.display_pub.outputs]
