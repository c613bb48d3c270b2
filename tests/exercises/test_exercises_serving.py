"""The service of lesson 02: a real port, a client on schedule, and a way through memory where no port opens."""

import asyncio
import socket

import pytest

from exercises import callers, serving
from exercises.callers import Reply, percentile
from exercises.errors import ExerciseError
from exercises.serving import Service, free_listener, resident_bytes


async def echo(scope, receive, send):
    """Answer every question with itself; "/broken" raises."""
    if scope["path"] == "/broken":
        raise RuntimeError("out of order")
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message.get("more_body", False)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(params=["port", "memory"])
def service(request, monkeypatch):
    if request.param == "memory":
        monkeypatch.setattr(serving, "free_listener", lambda: None)
    with Service(echo) as started:
        yield started


def test_serving_answers_a_question(service):
    """A question comes back with its status and its body, through a port and through memory alike."""
    reply = service.ask("/any", {"hour": 9})

    assert (reply.status, reply.body) == (200, {"hour": 9})
    assert reply.finished >= reply.sent >= reply.planned == 0.0


def test_serving_answers_keep_the_order_of_the_questions(service):
    """Replies stand in the order of the questions, whatever their moments."""
    replies = service.open_loop("/any", [{"n": n} for n in range(5)], [0.04, 0.03, 0.02, 0.01, 0.0])

    assert [reply.body["n"] for reply in replies] == [0, 1, 2, 3, 4]
    assert all(reply.sent >= reply.planned for reply in replies)


def test_serving_counts_an_error_as_a_reply(service):
    """A service that raises gives status 500 and an empty body, and serves on."""
    assert (service.ask("/broken", {}).status, service.ask("/broken", {}).body) == (500, {})
    assert service.ask("/any", {}).status == 200


def test_serving_says_where_it_listens(service):
    """Only loopback addresses are opened, and a service through memory says so."""
    assert service.in_memory == (service.address == "http://in-memory")
    assert service.in_memory or service.address.startswith("http://127.0.0.1:")
    assert service.address in repr(service)


def test_serving_stops_and_starts_again():
    """A stopped service has closed its port, and can be started and stopped as often as wanted."""
    service = Service(echo).start()
    port = int(service.address.rsplit(":", 1)[1])
    assert service.start() is service
    service.stop()
    service.stop()

    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    with service:
        assert service.ask("/any", {}).status == 200


def test_serving_runs_two_side_by_side():
    """Each service gets a free port of its own."""
    with Service(echo) as first, Service(echo) as second:
        assert first.address != second.address


def test_serving_needs_a_start():
    """A service that was not started says so, instead of waiting."""
    with pytest.raises(ExerciseError, match="not started"):
        Service(echo).ask("/any", {})


def test_serving_survives_a_lost_connection(monkeypatch):
    """A service that is gone gives a reply without status."""
    monkeypatch.setattr(callers, "REPLY_SECONDS", 2.0)
    with Service(echo) as service:
        address = service.address
    gone = Service(echo)
    gone.address = address

    assert (gone.ask("/any", {}).status, gone.open_loop("/any", [{}], [0.0])[0].status) == (None, None)


def test_serving_answers_at_once():
    """No connection lets the operating system keep a small answer until a packet is full (40 ms a time)."""
    at_once = []

    async def look(scope, receive, send):
        for connection in service._server.server_state.connections:
            own = connection.transport.get_extra_info("socket")
            at_once.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await echo(scope, receive, send)

    with Service(look) as service:
        if service.in_memory:
            pytest.skip("this machine opens no loopback port")
        replies = [service.ask("/any", {}), *service.open_loop("/any", [{}] * 3, [0.0] * 3)]

    assert [reply.status for reply in replies] == [200] * 4
    assert set(at_once) == {1}


def test_serving_says_when_the_callers_stop_early():
    """Without an address the callers' process ends, and the message says so."""
    with pytest.raises(ExerciseError, match="callers' process ended early"):
        callers.send_from_outside(None, "/any", [{}], [0.0])


def test_serving_works_where_a_loop_runs_already():
    """A notebook has a running event loop; asking from within one works."""

    async def as_in_a_notebook():
        with Service(echo) as service:
            return service.ask("/any", {"n": 1}).body

    assert asyncio.run(as_in_a_notebook()) == {"n": 1}


def test_serving_measures_from_the_planned_moment():
    """A question that was sent late has waited since it was due."""
    reply = Reply(planned=1.0, sent=1.5, finished=1.75, status=200, body={})

    assert reply.waited_ms == 750.0


def test_serving_without_a_port_goes_through_memory(monkeypatch):
    """A machine that opens no loopback port gives no listener."""
    monkeypatch.setattr(serving, "LOOPBACK", "192.0.2.1")  # an address that no machine has

    assert free_listener() is None


def test_serving_with_an_unreachable_port_goes_through_memory(monkeypatch):
    """A port that opens but cannot be reached counts as none, and is closed again."""

    def refuse(*_args, **_kwargs):
        raise OSError("blocked")

    monkeypatch.setattr(socket, "create_connection", refuse)

    assert free_listener() is None


def test_serving_refuses_questions_without_moments(service):
    """Each question needs a moment."""
    with pytest.raises(ValueError, match="2 questions but 1 moments"):
        service.open_loop("/any", [{}, {}], [0.0])


def test_serving_percentile_is_the_nearest_rank():
    """The 99th percentile of 1 to 100 is 99, of one value that value; nothing has none."""
    values = [float(n) for n in range(100, 0, -1)]

    assert tuple(percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)) == (50.0, 95.0, 99.0, 100.0)
    assert percentile([7.0], 0.01) == 7.0
    for none, share in (([], 0.5), ([1.0], 0.0), ([1.0], 1.1)):
        with pytest.raises(ValueError, match="percentile"):
            percentile(none, share)


def test_serving_measures_the_memory_of_a_process():
    """A process that holds 50 MB more is seen to hold about that much more."""
    small, large = resident_bytes("pass"), resident_bytes("held = bytearray(50_000_000)")

    assert 40_000_000 < large - small < 60_000_000


def test_serving_says_when_the_measured_program_stops():
    """A program that stops early gives its last line, not a number."""
    with pytest.raises(ExerciseError, match="no_such_name"):
        resident_bytes("no_such_name")
