"""Peers that lie, stall, die and flood: the session ends, the judge stays, and no test can swallow it."""

import os
import resource
import signal
import socket
import tracemalloc
from contextlib import suppress
from dataclasses import replace

import pytest

from autograder.protocol import given, plain, session
from autograder.protocol.cells import CellReport
from autograder.protocol.codec import Codec
from autograder.protocol.encoder import ARGUMENT
from autograder.protocol.errors import SessionLost
from autograder.protocol.limits import Limits
from autograder.protocol.messages import HANDLE, HEADER, PICKLE, REVERSE, Kind, Op, Status
from autograder.protocol.records import Registry
from autograder.protocol.session import Session

CODEC = Codec(Registry.of())
SHORT = Limits(call_seconds=0.3, cell_seconds=0.3, total_seconds=20.0)
LONG = Limits(call_seconds=120.0, cell_seconds=120.0, total_seconds=600.0)
NO_CHANGES = b"\x00"
NONE = bytes([plain.NONE])


def reply(body, status=Status.VALUE, number=None, kind=Kind.REPLY):
    """Answer whatever was asked."""
    return lambda message: HEADER.pack(kind, status, message.number if number is None else number, len(body)) + body


def value(body):
    return reply(NO_CHANGES + body)


def reverse(op, body, number=1):
    """Ask the judge instead of answering."""
    return lambda _: HEADER.pack(Kind.REQUEST, op, number, len(body)) + body


def text(content):
    return bytes([plain.TEXT, len(content)]) + content


FUNCTION = value(bytes([HANDLE, 1, 1, 1]) + b"f")
EXCEPTION = b"\x00" + bytes([0, 0, 0])  # no arguments, no origin, no trace

LIES = {
    "raw bytes": b"\x00" * 64,
    "text": b"HTTP/1.1 200 OK\r\n\r\n",
    "unknown kind": reply(b"", kind=7),
    "a message of four gigabytes": lambda message: HEADER.pack(Kind.REPLY, 1, message.number, 0xFFFF_FFFF),
    "a reply to another call": reply(NO_CHANGES + NONE, number=99),
    "a reply to the call before": lambda message: reply(NO_CHANGES + NONE, number=message.number - 1)(message),
    "an unknown status": reply(NO_CHANGES + NONE, status=9),
    "the end of an iteration that is none": reply(NO_CHANGES, status=Status.EXHAUSTED),
    "an empty reply": reply(b""),
    "two values": value(NONE + NONE),
    "a pickle": value(bytes([PICKLE, 3]) + b"N.\n"),
    "an object of the judge never given": value(bytes([REVERSE, 9, 1, 0])),
    "an argument never passed": value(bytes([ARGUMENT, 5])),
    "a handle that can too much": value(bytes([HANDLE, 2, 0xFF, 0x7F, 0])),
    "a handle of a long name": value(bytes([HANDLE, 2, 1]) + bytes([100]) + b"x" * 100),
    "a change of no argument": reply(b"\x01\x07\x01" + NONE + NONE),
    "an exception that ends programs": reply(NO_CHANGES + b"\x0aSystemExit" + EXCEPTION, status=Status.RAISED),
    "an exception that ends iterations": reply(NO_CHANGES + b"\x0dStopIteration" + EXCEPTION, status=Status.RAISED),
    "an exception of the protocol": reply(NO_CHANGES + b"\x0bSessionLost" + EXCEPTION, status=Status.RAISED),
    "an exception never raised": reply(NO_CHANGES + b"\x08KeyError\x00\x05\x00\x00\x00", status=Status.RAISED),
    "a reverse call of nothing given": reverse(Op.CALL, b"\x03" + bytes([plain.TUPLE, 0, plain.DICT, 0])),
    "a reverse call of a text": reverse(Op.ATTRIBUTE, text(b"{0}") + text(b"format")),
    "an unknown reverse request": reverse(77, b"\x00"),
    "a request that only a judge makes": reverse(Op.EXECUTE, b"\x00" + text(b"x") + text(b"x")),
    "a reverse request out of order": reverse(Op.TRUTH, b"\x00", number=5),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_ends_the_session(liar, lie):
    """At the first message that may not be, as a BaseException, and for good."""
    line = liar(FUNCTION, lie)
    function = line.get("f")

    with pytest.raises(SessionLost) as caught:
        function(1, [2])
    assert caught.value.reason == "lying"
    assert not isinstance(caught.value, Exception)
    with pytest.raises(SessionLost):
        function(1)
    assert line.lost is not None


def test_a_reverse_call_reaches_only_what_was_given(liar):
    """With one function given, number 1 does not exist."""
    line = liar(FUNCTION, reverse(Op.CALL, b"\x01" + bytes([plain.TUPLE, 0, plain.DICT, 0])))
    called = []

    with pytest.raises(SessionLost, match="never given"):
        line.get("f")(lambda: called.append(1))
    assert called == []


@pytest.mark.parametrize(
    "arguments",
    [NONE + bytes([plain.DICT, 0]), bytes([plain.TUPLE, 0, plain.DICT, 1, plain.INT, 1, 1]) + NONE],
    ids=["args", "kwargs"],
)
def test_a_reverse_call_with_arguments_that_are_none_is_a_lie(liar, arguments):
    """A call has a tuple and names."""
    line = liar(FUNCTION, reverse(Op.CALL, b"\x00" + arguments))

    with pytest.raises(SessionLost, match="arguments"):
        line.get("f")(lambda: 1)


def test_a_change_of_another_type_is_a_lie(liar):
    """A list of the test cannot become a dict."""
    line = liar(FUNCTION, reply(b"\x01\x00\x02" + bytes([plain.DICT, 0]) + NONE))
    items = [1]

    with pytest.raises(SessionLost, match="type"):
        line.get("f")(items)
    assert items == [1]


def test_a_value_said_before_it_was_asked_is_a_lie(liar):
    """A reply that lies ready is no reply."""
    ready = value(CODEC.encode(42))
    line = liar(lambda message: FUNCTION(message) + HEADER.pack(Kind.REPLY, 1, 2, 1) + b"\x00", ready)
    function = line.get("f")

    with pytest.raises(SessionLost, match="without being asked"):
        function()


@pytest.mark.parametrize(
    "answer",
    [NONE, CODEC.encode(1), CODEC.encode(-1), CODEC.encode(True), CODEC.encode("yes")],
    ids=["None", "1", "-1", "True", "text"],
)
def test_answers_of_another_type_are_checked(liar, answer):
    """len() is a whole number, comparisons and `in` are True or False: all else is an error."""
    line = liar(value(bytes([HANDLE, 1, 0xBF, 1, 1]) + b"f"), *[value(answer)] * 3)
    thing = line.get("f")
    kind = CODEC.decode(answer)

    for ask, wanted in ((lambda: thing == thing, bool), (lambda: 1 in thing, bool), (lambda: len(thing), int)):
        if type(kind) is wanted and kind != -1:
            assert ask() == kind
        else:
            with pytest.raises(TypeError):
                ask()


def test_a_report_that_is_none_is_a_lie(liar):
    """A cell's report has checked fields."""
    line = liar(value(CODEC.encode({"error_name": None})))

    with pytest.raises(SessionLost, match="report"):
        line.execute("cell", "x = 1")


def test_a_report_of_another_cell_is_a_lie(liar):
    """It could bear the name of a check, and say that the check passed."""
    line = liar(value(CODEC.encode(CellReport(name="check"))))

    with pytest.raises(SessionLost, match="another cell"):
        line.execute("cell", "x = 1")


def test_a_long_range_is_a_lie(liar):
    """It costs no bytes on the way, and all memory once a test makes a list of it."""
    line = liar(value(CODEC.encode(range(5)).replace(CODEC.encode(5), CODEC.encode(1 << 40))))

    with pytest.raises(SessionLost, match="range"):
        line.get("x")


@pytest.mark.parametrize("name", ["execute", "get"])
def test_running_a_cell_and_looking_up_a_name_never_raise(liar, name):
    """An exception there could end up in the judge's own code."""
    raised = reply(NO_CHANGES + b"\x08KeyError" + EXCEPTION + b"\x00", status=Status.RAISED)
    line = liar(raised)

    with pytest.raises(SessionLost):
        line.execute("c", "") if name == "execute" else line.get("x")


def test_silence_is_late(liar):
    """No answer within the limit of a call."""
    line = liar(b"", limits=SHORT)

    with pytest.raises(SessionLost, match="in time") as caught:
        line.get("f")
    assert caught.value.reason == "late"


def test_an_announced_message_that_never_comes_is_late_and_costs_nothing(liar):
    """Memory grows with what is received, not with what is announced."""
    line = liar(lambda message: HEADER.pack(Kind.REPLY, 1, message.number, 60 << 20) + b"x", limits=SHORT)
    tracemalloc.start()

    with pytest.raises(SessionLost, match="in time"):
        line.get("f")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1 << 20


def test_a_peer_that_does_not_read_is_late():
    """A judge that sends much does not wait for ever."""
    mine, theirs = socket.socketpair()
    line = Session(mine, Registry.of(), SHORT)

    with theirs, pytest.raises(SessionLost, match="does not read") as caught:
        line.execute("cell", "x" * (4 << 20))
    assert caught.value.reason == "late"


def ask_very_often(function):
    for _ in range(10**6):
        function()


ENDINGS = {
    "exit": ("import os\ndef f(): os._exit(0)", "dead"),
    "kill": ("import os\ndef f(): os.kill(os.getpid(), 9)", "dead"),
    "crash": ("import ctypes\ndef f(): ctypes.string_at(0)", "dead"),
    "closed line": ("import os\ndef f(): os.closerange(3, 64)", "dead"),
    "endless loop": ("def f():\n    while True: pass", "late"),
    "sleep": ("import time\ndef f(): time.sleep(600)", "late"),
    "ignored interrupts": (
        "def f():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "late",
    ),
    "raw bytes on the line": (
        "import os\ndef f():\n    for fd in range(3, 64):\n"
        "        try: os.write(fd, b'\\x02\\x01' + b'x' * 90)\n        except OSError: pass",
        "lying",
    ),
}


@pytest.mark.parametrize(("source", "reason"), ENDINGS.values(), ids=ENDINGS)
def test_a_process_that_ends_or_hangs_is_told_apart(function, source, reason):
    """Dead, late or lying."""
    f = function(source)
    line = object.__getattribute__(f, "_session")

    with pytest.raises(SessionLost) as caught, line.limited(0.5 if reason == "late" else 120.0):
        f()
    assert caught.value.reason == reason


def test_a_process_that_ends_between_two_calls_is_dead(function):
    """Its silence is no lie."""
    f = function("import os\ndef f(): return os.getpid()")
    os.kill(f(), signal.SIGKILL)
    line = object.__getattribute__(f, "_session")
    line._channel._readable.poll(120_000)

    with pytest.raises(SessionLost) as caught:
        f()
    assert caught.value.reason == "dead"


def test_a_lost_session_cannot_be_swallowed(function):
    """`except Exception` and the next assert do not make it good."""
    f = function("import os\ndef f(): os._exit(0)")
    reached = []

    def careless():
        try:
            f()
        except Exception:  # noqa: BLE001 - what a careless test writes
            reached.append(True)

    with pytest.raises(SessionLost):
        careless()
    assert reached == []


def test_a_cell_has_its_own_limit(open_session):
    """An endless cell is late, whatever a call may take."""
    line = open_session(replace(LONG, cell_seconds=0.3))

    with pytest.raises(SessionLost, match="in time"):
        line.execute("c", "while True: pass")


def test_all_calls_of_a_test_cell_together_have_a_limit(function):
    """Many short calls cross it as one long call does."""
    f = function("def f(): return 1")
    line = object.__getattribute__(f, "_session")

    with pytest.raises(SessionLost) as caught, line.limited(0.2):
        ask_very_often(f)
    assert caught.value.reason == "late"


def test_a_session_has_a_limit(open_session):
    """The total counts from the start."""
    line = open_session(replace(LONG, total_seconds=0.5))

    with pytest.raises(SessionLost) as caught:
        ask_very_often(lambda: line.execute("answer", "1"))
    assert caught.value.reason == "late"


def test_endless_reverse_calls_end_the_session(function, monkeypatch):
    """At the limit, whether the answer catches what it likes or not."""
    monkeypatch.setattr(given, "REVERSE_CALLS", 50)
    f = function("def f(call):\n    while True:\n        try: call()\n        except BaseException: pass")
    called = []

    with pytest.raises(SessionLost, match="reverse calls"):
        f(lambda: called.append(1))
    assert len(called) == 50


def test_endless_handles_end_the_session(function, monkeypatch):
    """The judge keeps a limited number alive."""
    monkeypatch.setattr(session, "HANDLES", 50)
    f = function("def f(): return [object() for _ in range(60)]")

    with pytest.raises(SessionLost, match="handles"):
        f()


@pytest.mark.parametrize(
    "body",
    [
        "def __len__(self): return -1",
        "def __len__(self): return 10**30",
        "def __len__(self): return 'x'",
        "def __contains__(self, x): raise SystemExit",
        "def __getitem__(self, k): raise KeyboardInterrupt",
        "def __iter__(self): return 5",
        "def __array__(self, *a, **k): return 1/0",
    ],
)
def test_lying_methods_are_errors_of_the_test(function, body):
    """An exception, never an end of the judge; the session goes on."""
    thing = function(f"class T:\n    {body}\nthing = T()", "thing")

    for ask in (len, iter, lambda t: 1 in t, lambda t: t[0], lambda t: t == t, list, bool, sorted):
        with suppress(TypeError, ValueError, OverflowError, RuntimeError, KeyError):
            ask(thing)
    assert object.__getattribute__(thing, "_session").lost is None


def test_a_test_that_is_interrupted_in_a_callback_ends_the_session(function):
    """The line is then in the middle of a call; nobody may go on with it."""
    f = function("def f(call):\n    try: call()\n    except BaseException: return 1")

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        f(interrupt)
    with pytest.raises(SessionLost):
        f(interrupt)


def test_recursion_in_the_answer_is_an_error(function):
    """Deep recursion arrives as RecursionError; the session goes on."""
    f = function("def f(n): return f(n + 1) if n else 1")

    with pytest.raises(RecursionError):
        f(1)
    assert f(0) == 1


def test_memory_of_the_answer_is_no_memory_of_the_judge(function):
    """A huge result is refused over there."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    f = function("import numpy as np\ndef f(): return np.zeros(10 ** 8)")

    with pytest.raises(TypeError, match="cannot cross"):
        f()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
