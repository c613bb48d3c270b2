"""
The judge's fork server: imports once, runs the released set-up cells once, then forks one judge a submission.

It is trusted and not confined; the judge it forks reads hostile bytes, and dies with its one submission. It never runs
a line of a learner's code. Its only argument is the number of the socket to the grader.
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from autograder.errors import CourseError
from autograder.judge.cells import Cell, imported_modules
from autograder.judge.trial import Process, Trial, Witnessed
from autograder.judge.wire import Wire
from autograder.model import Outcome
from autograder.protocol.limits import Limits
from autograder.protocol.records import Registry
from autograder.sandbox.inside import linux, warm
from autograder.sandbox.inside.limits import address_space_bytes
from autograder.sandbox.inside.shell import Shell, plain_code

MEMORY_BYTES = 2 << 30  # address space of a judge over its server's: a test makes large things of a hostile answer
SPARE_SECONDS = 30  # of processor time over a submission's real time; then a judge that is caught in one call dies
LOOKS_FOR_CYCLES_AFTER = 10_000  # new objects; a judge lives too short for Python's usual 700
OUTPUT_BYTES = 8 << 20  # of all test cells of one submission; they are the course's own


def main() -> None:
    """Prepare as the grader says, then fork judges until it hangs up."""
    control = Wire(socket.socket(fileno=int(sys.argv[1])))
    try:
        order, _ = control.receive()
        shell = Shell(OUTPUT_BYTES)
        for name, source in order["setup"]:
            ran = shell.run(name, source)
            if ran.error is not None:
                raise CourseError(f"the set-up cell {name} stops with {type(ran.error).__name__}: {ran.error}")
        registry = Registry.of()
        for name, source in order["tests"]:
            plain_code(name, source)  # compiled once for all judges
        for module in imported_modules(source for _, source in order["tests"]):
            with suppress(ImportError):  # then its check says so
                importlib.import_module(module)
        warm.up()
        warm.up_protocol(registry)
        if not linux.is_alone():
            raise CourseError(
                "a set-up cell, or a module that a check imports, starts a thread; a judge could then hang"
            )
    except CourseError as error:
        control.send({"course_error": str(error)})
        return
    except BaseException:
        control.send({"fault": traceback.format_exc()})
        raise
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOKS_FOR_CYCLES_AFTER)
    control.send({"ready": True})
    _loop(control, shell, registry)


def _loop(control: Wire, shell: Shell, registry: Registry) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries dead judges; their lines tell of their end
    while True:
        select.select([control.fileno()], [], [])
        try:
            _, descriptors = control.receive()
        except EOFError:
            return
        (end,) = descriptors
        if os.fork() == 0:
            _become_judge(control, end, shell, registry)
        os.close(end)


def _become_judge(control: Wire, end: int, shell: Shell, registry: Registry) -> None:
    """Hear one submission, tell what was seen, and end; never returns."""
    status = 1
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if sys.platform == "linux":
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        line = Wire(socket.socket(fileno=end))
        try:
            line.send(_hear(line, shell, registry))
        except CourseError as error:
            line.send({"course_error": str(error)})
        except BaseException:  # noqa: BLE001 - whatever it is, the grader must hear of it
            line.send({"fault": traceback.format_exc()})
        status = 0
    finally:
        os._exit(status)


def _hear(line: Wire, shell: Shell, registry: Registry) -> dict[str, Any]:
    plan, _ = line.receive()
    limits = Limits(**plan["limits"])
    _restrict(limits)

    def ask(question: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
        line.send(question)
        return line.receive()

    def open_process(hash_seed: int | None) -> Process:
        told, descriptors = ask({"need": "process", "hash_seed": hash_seed})
        end = socket.socket(fileno=descriptors[0])

        def ended(hung_up: bool) -> Outcome:
            return Outcome(ask({"need": "end", "process": told["process"], "hung_up": hung_up})[0]["limit"])

        return Process(end=end, pid=told["pid"], ended=ended)

    trial = Trial(
        shell,
        open_process,
        cell_seconds=plan["cell_seconds"],
        limits=limits,
        registry=registry,
    )
    cells = [Cell(**{**cell, "defines": tuple(cell["defines"])}) for cell in plan["cells"]]
    witnessed = trial.hear(cells)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "witnessed": [_plain(one) for one in witnessed],
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }


def _restrict(limits: Limits) -> None:
    """Bound this judge: a list of a learner's range, say, is made in one call, which no alarm interrupts."""
    seconds = int(limits.total_seconds) + SPARE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":
        size = address_space_bytes() + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _plain(witnessed: Witnessed) -> dict[str, Any]:
    return {"run": asdict(witnessed.run), "outputs": list(witnessed.outputs)}


if __name__ == "__main__":
    main()
