"""Learners' processes for the tests of the protocol: real ones, forked from one warm process; and lying ones."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.protocol.errors import SessionLost
from autograder.protocol.framing import Channel
from autograder.protocol.limits import Limits
from autograder.protocol.records import Registry
from autograder.protocol.session import Session

LIMITS = Limits(call_seconds=120.0, cell_seconds=120.0, total_seconds=600.0)
REGISTRY = Registry.of()


@pytest.fixture(scope="session")
def fork_server():
    mine, theirs = socket.socketpair()
    script = Path(__file__).with_name("learner_process.py")
    process = subprocess.Popen(
        [sys.executable, script, str(theirs.fileno())], pass_fds=[theirs.fileno()], start_new_session=True
    )
    theirs.close()
    yield mine
    mine.close()
    os.killpg(process.pid, signal.SIGKILL)  # some learners never end by themselves
    process.wait(timeout=120)


@pytest.fixture
def open_session(fork_server):
    """Open sessions with a learner's process of their own, which is ended with the test: it may be in a loop."""
    sessions, processes = [], []

    def start(limits=LIMITS):
        mine, theirs = socket.socketpair()
        socket.send_fds(fork_server, [b"x"], [theirs.fileno()])
        theirs.close()
        processes.extend(socket.recv_fds(fork_server, 1, 1)[1])
        session = Session(mine, REGISTRY, limits)
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.close()
    for process in processes:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
        os.close(process)


@pytest.fixture
def answer(open_session):
    """Run a learner's cell in a process of its own and return the session."""

    def start(source, limits=LIMITS):
        session = open_session(limits)
        report = session.execute("answer", source)
        assert report.error_name is None, report
        return session

    return start


@pytest.fixture
def function(answer):
    """Return one name that a learner's cell defines, as a test sees it."""
    return lambda source, name="f", limits=LIMITS: answer(source, limits).get(name)


class Liar(threading.Thread):
    """A peer that does what it is told after each message: sends raw bytes, or hangs up (None)."""

    def __init__(self, end, *actions):
        super().__init__(daemon=True)
        self._end = end
        self._channel = Channel(end, 64 << 20)
        self._actions = actions

    def run(self):
        try:
            for action in self._actions:
                message = self._channel.receive()
                said = action(message) if callable(action) else action
                if said is None:
                    break
                self._end.sendall(said)
            else:
                self._channel.receive()
        except (SessionLost, OSError):
            return
        finally:
            self._channel.close()


@pytest.fixture
def liar():
    """Open a session with a peer that sends the given bytes (or what a function of the message returns)."""
    opened = []

    def start(*actions, limits=LIMITS):
        mine, theirs = socket.socketpair()
        thread = Liar(theirs, *actions)
        thread.start()
        session = Session(mine, REGISTRY, limits)
        opened.append((session, thread))
        return session

    yield start
    for session, thread in opened:
        session.close()
        thread.join(timeout=120)
