"""submit() asks the running server first."""

import json
import socket
import tempfile
import threading
from pathlib import Path

import pytest

from exercises import handin

REPLY = {"state": "graded", "earned": 2.0, "points": 4.0, "passed": False, "checks": [], "repairs": []}


@pytest.fixture
def course(monkeypatch):
    """Make an empty course, its path short enough for a socket, and give where its server's socket stands."""
    with tempfile.TemporaryDirectory(prefix="course-socket-", dir="/tmp") as root:
        Path(root, "course.toml").write_text("[units]\n", encoding="utf-8")
        monkeypatch.setenv("COURSE_ROOT", root)
        monkeypatch.delenv("COURSE_VAR", raising=False)
        folder = Path(root, "var", "work", ".course")
        folder.mkdir(parents=True)
        yield folder / "judge.sock"


@pytest.fixture
def server(course):
    """Answer one request with what a test says; what was asked is kept."""
    asked = []
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(course))
    listener.listen()

    def serve(answer):
        def run():
            line, _ = listener.accept()
            with line:
                asked.append(json.loads(line.recv(4096)))
                line.sendall(answer)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    yield serve, asked
    listener.close()


def test_a_running_server_grades(server):
    """The reply is read as the command's would be."""
    serve, asked = server
    thread = serve(json.dumps(REPLY).encode() + b"\n")
    reply = handin.ask_server("01_training")
    thread.join()

    assert asked == [{"unit": "01_training"}]
    assert (reply.state, reply.earned, reply.points) == ("graded", 2.0, 4.0)


def test_without_a_server_nothing_is_asked(course):
    """Then the command does the work."""
    assert handin.ask_server("01_training") is None


def test_a_socket_that_nobody_listens_to_counts_as_none(course):
    """A server that was killed leaves its socket behind."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(course))

    assert handin.ask_server("01_training") is None


def test_an_unreadable_answer_is_told(server):
    """It is never taken for a grade."""
    serve, _ = server
    thread = serve(b"hello\n")
    with pytest.raises(ValueError, match=r"\S"):
        handin.ask_server("01_training")
    thread.join()
