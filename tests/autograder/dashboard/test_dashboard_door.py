"""The socket through which a notebook reaches the server's warm judge."""

import asyncio
import json
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.dashboard.door import door_path, open_door
from autograder.errors import SubmissionError
from autograder.settings import Settings, UnitSetting


@dataclass(frozen=True)
class Told:
    unit: str

    def to_json(self):
        return {"state": "graded", "unit": self.unit}


@pytest.fixture
def settings():
    """Give a course in a folder whose path is short enough for a socket, wherever else temporary files lie."""
    with tempfile.TemporaryDirectory(prefix="course-door-", dir="/tmp") as folder:
        yield Settings(root=Path(folder), units=(UnitSetting(name="01_training"),))


def ask(settings, submit, *lines):
    """Open the door, send lines one connection each, and return the answers."""

    async def talk():
        door = await open_door(settings, {"course_submit": submit, "course_grading": asyncio.Lock()})
        if door is None:
            return None
        answers = []
        async with door:
            for line in lines:
                reader, writer = await asyncio.open_unix_connection(door_path(settings))
                writer.write(line)
                answers.append(json.loads(await reader.readline()))
                writer.close()
            modes = [stat.S_IMODE(path.stat().st_mode) for path in (door_path(settings), door_path(settings).parent)]
        return answers, modes

    return asyncio.run(talk())


def test_a_unit_is_handed_in_by_its_number(settings):
    """The answer is what the command would print."""
    taken = []
    answers, _ = ask(settings, lambda _, unit: taken.append(unit) or Told(unit), b'{"unit": "1"}\n')

    assert taken == ["01_training"]
    assert answers == [{"state": "graded", "unit": "01_training"}]


def test_nobody_else_can_open_it(settings):
    """Mode 0600, in a folder of mode 0700."""
    _, modes = ask(settings, lambda _, unit: Told(unit))

    assert modes == [0o600, 0o700]


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b"{}\n", b'{"unit": "99"}\n', b"\xff\xfe\n", b'{"unit": ["01"]}\n'])
def test_a_request_that_is_none_is_refused_and_the_next_one_served(settings, line):
    """Whatever a notebook sends, the server lives on."""
    answers, _ = ask(settings, lambda _, unit: Told(unit), line, b'{"unit": "01"}\n')

    assert [answer["state"] for answer in answers] == ["refused", "graded"]
    assert answers[0]["reason"]


def test_a_refused_submission_says_why(settings):
    """The learner reads the reason."""

    def refuse(_settings, _unit):
        raise SubmissionError("the notebook is empty")

    answers, _ = ask(settings, refuse, b'{"unit": "01"}\n')

    assert answers == [{"state": "refused", "reason": "the notebook is empty"}]


def test_a_socket_left_behind_is_replaced(settings):
    """A server that was killed leaves its socket; the next one takes its place."""
    door_path(settings).parent.mkdir(parents=True)
    door_path(settings).touch()

    answers, _ = ask(settings, lambda _, unit: Told(unit), b'{"unit": "01"}\n')

    assert answers[0]["state"] == "graded"


def test_a_path_that_is_too_long_for_a_socket_opens_none(tmp_path):
    """Then `submit()` starts a process of its own."""
    settings = Settings(root=tmp_path, var_folder=Path(tmp_path, "x" * 100))

    assert ask(settings, lambda _, unit: Told(unit), b"\n") is None
