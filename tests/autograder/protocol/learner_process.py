"""
A process that has imported the protocol and forks a learner's worker for every socket that it is sent.

It answers with a descriptor of the worker's process, where the system has them.
"""

import os
import resource
import signal
import socket
import sys

from autograder.protocol.cells import CellReport
from autograder.protocol.records import Registry
from autograder.protocol.worker import serve

CPU_SECONDS = 30


class PlainShell:
    """Runs cells with exec; the sandbox's shell is another matter."""

    def __init__(self):
        self.namespace = {"__name__": "__main__"}

    def execute(self, name, source):
        try:
            exec(compile(source, name, "exec"), self.namespace)
        except Exception as error:  # noqa: BLE001 - a cell's exception is its report
            line = error.__traceback__.tb_next.tb_lineno if error.__traceback__.tb_next else None
            return CellReport(name=name, error_name=type(error).__name__, error_text=str(error), error_line=line)
        return CellReport(name=name)


def main(end):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the workers
    registry = Registry.of()
    while True:
        _, ends, _, _ = socket.recv_fds(end, 1, 1)
        if not ends:
            return
        pid = os.fork()
        if pid == 0:
            end.close()
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))  # a test may leave it in a loop
            with socket.socket(fileno=ends[0]) as line:
                serve(line, PlainShell(), registry)
            os._exit(0)
        os.close(ends[0])
        tell(end, pid)


def tell(end, pid):
    try:
        process = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []
    except ProcessLookupError:  # it has ended already
        process = []
    socket.send_fds(end, [b"."], process)
    for descriptor in process:
        os.close(descriptor)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
