"""
Warm pairs of servers, one a unit, for a process that grades more than once.

Decides the sandbox mode: the strongest that this machine offers, and never one below what the course accepts. A pair
whose server has ended, or whose unit was built anew, is replaced.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

import nbformat
from nbformat import NotebookNode

from autograder.authoring.units import load_source, load_unit
from autograder.judge.executor import Observed
from autograder.judge.judges import Judges
from autograder.judge.pair import Pair
from autograder.judge.seed import hidden_seed
from autograder.model import Unit
from autograder.sandbox import modes
from autograder.sandbox.inside.limits import Limits
from autograder.settings import Settings


class Standing:
    """
    The executor of one unit for as long as its pool is open, whatever becomes of its servers.

    A submission whose server dies is a PlatformError still; the next one meets a new pair. May be used from several
    threads.
    """

    def __init__(self, pool: Pool, unit: Unit, source: NotebookNode, *, own_work: bool) -> None:
        self._renew = functools.partial(pool.pair, unit, source, own_work=own_work)
        self._pair = self._renew()

    @property
    def mode(self) -> str:
        """Sandbox mode."""
        return self._pair.mode

    def run(self, notebook: NotebookNode) -> Observed:
        """Bring a rebuilt notebook before a judge; as `Pair.run`."""
        if self._pair.gone:
            self._pair = self._renew()
        return self._pair.run(notebook)


class Pool:
    """Starts pairs when they are first needed and keeps them until it is closed; may be used from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pairs: dict[str, tuple[str, Pair]] = {}  # unit -> (digest of its notebook, its pair)
        self._lock = threading.Lock()
        self._ahead: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Use it as a context: its servers end with it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End all servers."""
        self.close()

    def pair(self, unit: Unit, source: NotebookNode, *, own_work: bool) -> Pair:
        """
        Return the pair of a unit, started if need be.

        Args:
            unit: The unit.
            source: Its notebook, with the test cells that are to run.
            own_work: Only the owner's own answers are run; without a sandbox if the machine offers none.

        Raises:
            PlatformError: If other people's work is to be graded and no sandbox that the course accepts works here.
        """
        weakest = modes.OWN_WORK if own_work else self._settings.grading.sandbox
        digest = hashlib.sha256(nbformat.writes(source).encode()).hexdigest()
        with self._lock:
            known, pair = self._pairs.get(unit.name, ("", None))
            if pair is not None and (known, pair.mode) == (digest, modes.strongest(weakest)) and not pair.gone:
                return pair
            if pair is not None:
                pair.close()
                del self._pairs[unit.name]
            started = self._start(unit, source, weakest)
            self._pairs[unit.name] = (digest, started)
            return started

    def start_ahead(self, name: str, *, own_work: bool) -> None:
        """
        Start the pair of a unit in the background, so that its caller may load meanwhile what the rest needs.

        Whatever goes wrong is told by `pair`, which tries again.
        """
        thread = threading.Thread(target=self._try_ahead, args=(name, own_work), daemon=True, name=f"ahead-{name}")
        self._ahead.append(thread)
        thread.start()

    def _try_ahead(self, name: str, own_work: bool) -> None:
        with suppress(Exception):  # a full disk, say, is no GraderError
            source = load_source(self._settings, name)
            self.pair(load_unit(self._settings, name), source, own_work=own_work)

    def _start(self, unit: Unit, source: NotebookNode, weakest: str) -> Pair:
        judges = Judges(source, hidden_seed=hidden_seed(self._settings.secret, unit))
        try:
            mode = modes.strongest(weakest)  # tries the sandbox, while the judges' server makes itself ready
        except BaseException:
            judges.close()
            raise
        cell_seconds = self._settings.grading.cell_seconds
        return Pair(source, judges, mode=mode, limits=Limits(), cell_seconds=cell_seconds)

    def close(self) -> None:
        """End all servers, those too that are still being started."""
        for thread in self._ahead:
            thread.join()
        with self._lock:
            for _, pair in self._pairs.values():
                pair.close()
            self._pairs.clear()
