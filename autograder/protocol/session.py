"""
The judge's side: asks the learner's process and believes nothing that it says.

Decides when a session is over: at the first sign that the process is dead, late or lying, by a SessionLost that no
`except Exception` swallows; every later request raises it again. It decides no verdict.
"""

from __future__ import annotations

import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from autograder.protocol.cells import CellReport
from autograder.protocol.changes import read_changes, write_into
from autograder.protocol.codec import DEFAULT_LIMITS, Codec, read_all
from autograder.protocol.decoder import Decoder, Reader
from autograder.protocol.encoder import Encoder, Spans
from autograder.protocol.errors import CannotCross, ProtocolError, SessionLost
from autograder.protocol.failures import read_failure, write_failure
from autograder.protocol.framing import Channel
from autograder.protocol.given import Given
from autograder.protocol.limits import HANDLES, Limits
from autograder.protocol.messages import ABILITIES, HANDLE, REVERSE, TITLE_CHARS, Kind, Message, Op, Status
from autograder.protocol.proxies import EXHAUSTED, RemoteProxy, make_proxy
from autograder.protocol.records import Registry

MAX_NUMBER = 0xFFFF_FFFF
Finish = Callable[[Decoder, Spans], tuple[Any, list[tuple[Any, Any]]]]


class Session:
    """
    A line to one learner's process.

    Args:
        end: The judge's end of a stream socket; the session owns it.
        registry: The records and exceptions that both sides know.
        limits: Ceilings in bytes, objects and seconds; the total begins now.
    """

    def __init__(self, end: socket.socket, registry: Registry, limits: Limits = DEFAULT_LIMITS) -> None:
        self._channel = Channel(end, limits.frame_bytes)
        self._limits = limits
        self._registry = registry
        self._codec = Codec(
            registry,
            limits=limits,
            opaque=self._write_opaque,
            opaque_readers={HANDLE: Reader(self._read_handle, work=8), REVERSE: Reader(self._read_given, work=4)},
            posix_path=PurePosixPath,
        )
        self._given = Given(self._codec, registry)
        self._proxies: dict[int, weakref.ref[RemoteProxy]] = {}
        self._released: list[int] = []
        self._thread = threading.get_ident()
        self._deadlines = [time.monotonic() + limits.total_seconds]
        self._open: list[Spans] = []  # arguments of the calls that the learner's process is serving
        self._number = 0
        self._reverse_number = 0
        self._decoding = False
        self.handles_read = 0  # ever; tells whether an answer was wholly by value
        self.lost: SessionLost | None = None

    # What a judge asks for

    def execute(self, name: str, source: str) -> CellReport:
        """Run one cell of the learner; how it ended is in the report."""
        with self.limited(self._limits.cell_seconds):
            try:
                report = self._ask(Op.EXECUTE, 0, (name, source), seconds=self._limits.cell_seconds)
            except Exception as error:  # noqa: BLE001 - a cell's exception stands in its report
                raise self._lose("lying", f"running a cell raised {type(error).__name__}") from None
        if type(report) is not CellReport or not _is_report(report) or report.name != name:
            raise self._lose("lying", "a cell's report that is none, or another cell's")
        return report

    def get(self, name: str) -> Any:
        """
        Return what a name means in the learner's process, by value or as a proxy.

        Raises:
            NameError: If no cell has defined it.
        """
        try:
            return self._ask(Op.NAME, 0, (name,))
        except NameError:
            raise
        except Exception as error:  # noqa: BLE001 - nothing else may come of it
            raise self._lose("lying", f"looking up a name raised {type(error).__name__}") from None

    def bind(self, names: Iterable[str]) -> dict[str, Any]:
        """Return those of *names* that the learner's cells have defined."""
        found = {}
        for name in names:
            try:
                found[name] = self.get(name)
            except NameError:
                continue
        return found

    def workspace(self) -> RemoteProxy:
        """Make an empty folder in the learner's private files; see `stand_ins` for what a test gets of it."""
        made = self._ask(Op.WORKSPACE, 0, ())
        if not isinstance(made, RemoteProxy):
            raise self._lose("lying", "a workspace that is none")
        return made

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Give all that is asked inside at most so many seconds together."""
        depth = len(self._deadlines)
        try:
            self._deadlines.append(min(self._deadlines[-1], time.monotonic() + seconds))
            yield
        finally:
            del self._deadlines[depth:]

    def put_off(self, seconds: float) -> None:
        """Put off every limit of time, also those of `limited`: so long it was not the answer that was waited for."""
        self._deadlines[:] = [deadline + seconds for deadline in self._deadlines]

    def request(self, op: Op, number: int, *operands: Any) -> Any:
        """Ask for one thing of an object by its handle: what proxies call."""
        return self._ask(op, number, operands)

    def close(self) -> None:
        """Hang up; the session is over."""
        if self.lost is None:
            self.lost = SessionLost("dead", "the session was closed")
        self._channel.close()

    # Asking and waiting

    def _ask(self, op: Op, target: int, operands: tuple[Any, ...], seconds: float | None = None) -> Any:
        self._check_ready()
        encoder = self._codec.encoder()
        released, self._released = self._released, []
        encoder.count(len(released))
        for number in released:
            encoder.count(number)
        encoder.count(target)
        try:
            self._write_operands(encoder, op, operands)
        except BaseException:
            self._released += released
            raise
        deadline = min(self._deadlines[-1], time.monotonic() + (seconds or self._limits.call_seconds))
        return self._exchange(op, encoder, deadline)

    def _write_operands(self, encoder: Encoder, op: Op, operands: tuple[Any, ...]) -> None:
        if op is Op.EXIT:
            (error,) = operands
            encoder.count(error is not None)
            if error is not None:
                write_failure(encoder, self._registry, error, self._given.remember(error))
            return
        for operand in operands:
            encoder.value(operand)

    def _exchange(self, op: Op, encoder: Encoder, deadline: float) -> Any:
        self._number += 1
        number = self._number
        depth, limits = len(self._open), len(self._deadlines)  # an alarm may strike between any two lines
        try:
            self._open.append(encoder.spans)
            self._deadlines.append(deadline)
            if not self._channel.silent():
                raise ProtocolError("it spoke without being asked")
            self._channel.send(Kind.REQUEST, op, number & MAX_NUMBER, encoder.pieces(), deadline)
            message = self._wait_for_reply(number, deadline)
            status, value, error = self._read_reply(op, message, encoder.spans)
        except ProtocolError as problem:
            raise self._lose("lying", str(problem)) from None
        except SessionLost as lost:
            raise self._over(lost) from None
        except BaseException as problem:
            self._over(SessionLost("dead", f"the test was interrupted by {type(problem).__name__}: {problem}"))
            raise
        finally:
            del self._open[depth:]
            del self._deadlines[limits:]
            if not depth:
                self._given.forget_raised()
        if error is not None:
            raise error
        return EXHAUSTED if status == Status.EXHAUSTED else value

    def _wait_for_reply(self, number: int, deadline: float) -> Message:
        while True:
            message = self._channel.receive(deadline)
            if message.kind == Kind.REPLY:
                if message.number != number & MAX_NUMBER:
                    raise ProtocolError(f"a reply to request {message.number}, while {number} is open")
                return message
            self._serve(message, deadline)

    def _serve(self, message: Message, deadline: float) -> None:
        """Answer one reverse request."""
        self._reverse_number += 1
        if message.number != self._reverse_number:
            raise ProtocolError(f"reverse request {message.number} instead of {self._reverse_number}")
        spans = self._open[-1]
        decoder = self._codec.decoder(message.body, list(zip(spans.roots, spans.sizes, strict=True)))
        status, body = self._given.answer(message.code, decoder, self._decode)
        self._channel.send(Kind.REPLY, status, message.number, body, deadline)

    def _read_reply(self, op: Op, message: Message, spans: Spans) -> tuple[int, Any, BaseException | None]:
        if message.code not in tuple(Status) or (message.code == Status.EXHAUSTED and op is not Op.NEXT):
            raise ProtocolError(f"a reply of status {message.code} to {op.name}")
        decoder = self._codec.decoder(message.body)
        try:
            changes, value, failure = self._decode(decoder, lambda one: self._read_parts(one, message.code, spans))
        except CannotCross as problem:
            return Status.RAISED, None, problem
        error: BaseException | None = None
        if failure is not None:
            error = self._given.original(failure[1]) or failure[0]
            error.passed = failure[0].remote  # type: ignore[union-attr]  # where it came through the answer
        for target, new in changes:
            try:
                write_into(target, new)
            except (ValueError, TypeError) as problem:
                error = error or problem
        return message.code, value, error

    def _read_parts(self, decoder: Decoder, status: int, spans: Spans) -> tuple[Any, Any, tuple[Exception, int] | None]:
        changes, decoder.arguments = read_changes(self._codec, decoder, spans)
        if status == Status.VALUE:
            return changes, decoder.value(), None
        if status == Status.RAISED:
            return changes, None, read_failure(decoder, self._registry)
        return changes, None, None

    def _decode(self, decoder: Decoder, read: Callable[[Decoder], Any]) -> Any:
        self._decoding = True
        try:
            return read_all(decoder, read)
        finally:
            self._decoding = False

    def _check_ready(self) -> None:
        if self.lost is not None:
            raise SessionLost(self.lost.reason, str(self.lost))
        if threading.get_ident() != self._thread:
            raise RuntimeError("an object of the answer was used from another thread; a test uses one thread")
        if self._decoding:
            raise ProtocolError("an answer asked for another one while it was being read")

    def _lose(self, reason: Any, text: str) -> SessionLost:
        return self._over(SessionLost(reason, text))

    def _over(self, lost: SessionLost) -> SessionLost:
        """End the session."""
        if self.lost is None:
            self.lost = lost
            self._channel.close()
        return lost

    # Objects that are no values

    def _write_opaque(self, encoder: Encoder, value: Any) -> None:
        if isinstance(value, RemoteProxy):
            self._write_handle(encoder, value)
        else:
            self._given.write(encoder, value)

    def _write_handle(self, encoder: Encoder, proxy: RemoteProxy) -> None:
        inside: Callable[[str], Any] = lambda name: object.__getattribute__(proxy, name)  # noqa: E731
        if inside("_session") is not self:
            raise CannotCross(f"{proxy!r} belongs to a process that is no longer asked")
        encoder.out.append(HANDLE)
        encoder.count(inside("_number"))
        encoder.count(inside("_abilities"))
        encoder.text(inside("_title"))

    def _read_handle(self, decoder: Decoder) -> RemoteProxy:
        number, abilities, title = decoder.count(), decoder.count(), decoder.text()
        if abilities > ABILITIES or len(title) > TITLE_CHARS or number > MAX_NUMBER:
            raise ProtocolError("a handle of unknown form")
        self.handles_read += 1
        reference = self._proxies.get(number)
        proxy = None if reference is None else reference()
        if proxy is None:
            proxy = self._new_proxy(number, abilities, title)
        return proxy

    def _new_proxy(self, number: int, abilities: int, title: str) -> RemoteProxy:
        if len(self._proxies) >= HANDLES:
            raise ProtocolError(f"more than {HANDLES} handles at one time")
        printable = "".join(char if char.isprintable() else "?" for char in title)
        proxy = make_proxy(self, number, abilities, printable)
        proxies = self._proxies

        def gone(reference: weakref.ref[RemoteProxy]) -> None:
            if proxies.get(number) is reference:
                del proxies[number]
                self._released.append(number)

        if number in self._released:
            self._released.remove(number)
        self._proxies[number] = weakref.ref(proxy, gone)
        return proxy

    def _read_given(self, decoder: Decoder) -> Any:
        number = decoder.count()
        decoder.count()
        decoder.text()
        return self._given.find(number)


def _is_report(report: CellReport) -> bool:
    return (
        type(report.name) is str
        and type(report.error_name) in (str, type(None))
        and type(report.error_text) is str
        and type(report.error_line) in (int, type(None))
        and type(report.output) is bytes
        and type(report.errors) is bytes
        and _are_pairs_of_text(report.shown)
        and type(report.cut) is bool
    )


def _are_pairs_of_text(shown: object) -> bool:
    return type(shown) is tuple and all(
        type(pair) is tuple and len(pair) == 2 and type(pair[0]) is str and type(pair[1]) is str for pair in shown
    )
