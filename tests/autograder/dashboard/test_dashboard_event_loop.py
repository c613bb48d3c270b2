"""What keeps the server answering others: nothing slow on its event loop, and no lock while a page is read."""

import sqlite3
import subprocess
import sys
import threading

import pytest
from dashboard_class import name_of

from autograder.dashboard.handlers import PageHandler
from autograder.gradebook.queries import Queries

UNIT = "07_made_up"
PAGES = [
    "course",
    f"course/units/{UNIT}",
    "course/profile",
    "course/grading",
    f"course/grading/units/{UNIT}",
    f"course/grading/units/{UNIT}/checks/late_and_early",
    "course/grading/learners",
    f"course/grading/learners/{name_of(0)}",
    "course/grading/submissions",
    "course/grading/submissions/4",
    "course/grading/queue",
    "course/grading/runs",
    "course/grading/runs/1",
    "course/grading/runs/1/progress",
    "course/grading/badges",
    "course/grading/audit",
    "course/grading/export/grades.csv",
]


@pytest.fixture
def threads_of(monkeypatch):
    """Note in which threads a method was called."""

    def watch(owner, name):
        seen = []
        really = getattr(owner, name)

        def noted(self, *arguments, **named):
            seen.append(threading.current_thread())
            return really(self, *arguments, **named)

        monkeypatch.setattr(owner, name, noted)
        return seen

    return watch


@pytest.mark.parametrize("page", PAGES)
async def test_the_gradebook_is_read_and_a_page_written_beside_the_event_loop(
    graded, submissions, jp_fetch, threads_of, page
):
    """Whoever else asks the server something need not wait for a table."""
    rendered, read = threads_of(PageHandler, "rendered"), threads_of(Queries, "_connection")
    await jp_fetch(*page.split("/"))

    assert read
    assert threading.main_thread() not in {*rendered, *read}


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_waits_for_no_writer(graded, submissions, jp_fetch, page):
    """A grading run that writes just now holds nobody up: readers see what was there before."""
    with sqlite3.connect(graded.db_url.removeprefix("sqlite:///"), isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE course_attempts SET reason = 'half written'")
        answer = await jp_fetch(*page.split("/"))
        writer.execute("ROLLBACK")

    assert (answer.code, b"half written" in answer.body) == (200, False)


def test_the_server_loads_neither_nbgrader_nor_what_grading_needs():
    """Their import would keep everybody waiting for seconds; a run's own process loads them."""
    program = "import sys, autograder.dashboard.extension as e; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert not {name for name in ("nbgrader", "sklearn", "pandas", "pyarrow") if f"'{name}'" in loaded}
