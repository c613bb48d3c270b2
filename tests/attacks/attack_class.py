"""
A class of attackers and honest learners, graded together by the real intake, judge and gradebook.

Reads the attacks, hands each in under its own name, plants secrets where a learner must not look, and tells what became
of all of it. Decides nothing about right and wrong: the tests do.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import hashlib
import json
import os
import re
import secrets
import shutil
import time
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
import psutil

from autograder.classroom.grade_class import ClassReport, grade_class
from autograder.gradebook.queries import AttemptView, Queries
from autograder.gradebook.writer import utc_now
from autograder.judge.cells import defined_names
from autograder.judge.grading import grade
from autograder.judge.judges import Judges
from autograder.judge.pair import Pair
from autograder.judge.seed import hidden_seed
from autograder.model import Grade, Outcome, Submission
from autograder.sandbox import plan
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.keeper import SPARES
from autograder.settings import Settings, load_settings
from autograder.submission.intake import read_submission
from autograder.workflows import Material, load_material

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
AIMS = ("score", "leak", "write", "resource", "escape", "protocol", "notebook", "after")
UNIT = "01_training"
HEAD = re.compile(r"\A# /// attack\n(?P<toml>(?:#(?: .*)?\n)+?)# ///\n", re.MULTILINE)
KEYS = {"answer", "says", "refused", "endless"}
JOBS = 6
# what time shall end, ends soon; for all else there is so much time that no machine's speed decides how it ends
LIMITS = Limits(wall_seconds=20.0, cpu_seconds=3, call_seconds=3.0, memory_bytes=384 << 20)
AMPLE = replace(LIMITS, wall_seconds=600.0, cpu_seconds=200, call_seconds=200.0)
CELL_SECONDS, AMPLE_CELL_SECONDS = 4.0, 200.0
PATIENCE_SECONDS = 120.0  # until what was killed is buried
OPEN_FOLDER, OPEN_FILE = 0o777, 0o666  # so that the jail alone can refuse
STAMP = "2026-03-01 12:00:00 UTC"
HONEST = ("honest-reference", "honest-blank")
SECRET = re.compile(r"CANARY-[a-z]+-[0-9a-f]{16}")
WRONG = "def answer(*_, **__):\n    return None"
WON = "WON:"  # what an attack prints or raises when it got what it wanted
REMEMBERING = """
_won = []


def print(*values, _print=print, **how):
    if values and str(values[0]).startswith("WON:"):
        _won.append(" ".join(map(str, values))[:2000])
    _print(*values, **how)


"""
TELLING = "print(*_won, sep='\\n')"  # what is printed in the calls of checks is counted, not kept


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One file: what it tries, where it stands, and what must be seen of it."""

    path: Path
    aim: str
    text: str
    answer: str = "retrain_plan"  # the answer cell that holds it
    says: tuple[str, ...] = ()  # parts of messages or outputs; one of them shows that it ran and how it ended
    refused: str = ""  # part of the reason, if it is not graded at all
    endless: bool = False  # a limit of time ends it, or another one where it is quick: its limits of time are tight

    @property
    def name(self) -> str:
        """The file's name, and the learner's."""
        return self.path.stem


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the gradebook holds of one learner after the run."""

    attempt: AttemptView
    text: str  # all that was kept of what its process said: outputs, messages, repairs, reason


@dataclass(kw_only=True)
class ClassRun:
    """One run of a class in one mode."""

    mode: str
    material: Material
    settings: Settings
    secrets: dict[str, str]
    report: ClassReport
    seen: dict[str, Seen]
    outside_before: dict[str, str]
    outside_after: dict[str, str]
    processes_before: int
    processes_after: int
    left_over: list[str] = field(default_factory=list)  # processes that outlived the servers
    afterwards: tuple[float, ...] = ()  # points of a reference, by each pair of servers that graded on after all this


def read_attacks(aims: tuple[str, ...] = AIMS) -> list[Attack]:
    """Read every attack, by aim and name."""
    return [read_attack(path) for aim in aims for path in sorted((HERE / aim).glob("*.py"))]


def read_attack(path: Path) -> Attack:
    """Read one file; a header that is missing or unknown is an error."""
    text = path.read_text(encoding="utf-8")
    found = HEAD.match(text)
    if found is None:
        raise ValueError(f"{path}: begins without '# /// attack'")
    head = tomllib.loads(re.sub(r"^# ?", "", found["toml"], flags=re.MULTILINE))
    if unknown := set(head) - KEYS:
        raise ValueError(f"{path}: unknown {unknown}")
    if isinstance(says := head.pop("says", []), str):
        says = [says]  # a list only where the machine's speed decides which of two right ends comes first
    head["says"] = tuple(filter(None, says))
    return Attack(path=path, aim=path.parent.name, text=text[found.end() :], **head)


def notebook_of(attack: Attack, released: Any, paths: dict[str, str], folder: Path) -> None:
    """Write what the attacker hands in into *folder*."""
    notebook: dict[str, Any] = json.loads(nbformat.writes(released))
    answers = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    if attack.aim == "notebook":
        for cell in answers:  # written, but not right, so that the checks run
            cell["source"] = f"{WRONG}\n\n\nanswer.__name__ = {cell['metadata']['nbgrader']['grade_id']!r}\n" + "".join(
                f"{name} = answer\n" for name in defined_names(_text(cell))
            )
        space: dict[str, Any] = {"PATHS": paths}
        exec(compile(attack.text, str(attack.path), "exec"), space)  # its edit of the notebook, our own code
        made = space["hand_in"](notebook, folder)
        if made is None:
            return
        data = made if isinstance(made, bytes) else json.dumps(made).encode()
    else:
        prelude = f"PATHS = {paths!r}\n" if "PATHS" in attack.text else ""
        if WON in attack.text:
            prelude += REMEMBERING
            notebook["cells"].append(json.loads(json.dumps(nbformat.v4.new_code_cell(TELLING, id="telling"))))
        cell = next(cell for cell in answers if cell["metadata"]["nbgrader"]["grade_id"] == attack.answer)
        cell["source"] = prelude + attack.text
        data = json.dumps(notebook).encode()
    (folder / "assignment.ipynb").write_bytes(data)


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


class School:
    """
    A course's root of its own with planted secrets, outside of every temporary folder that a sandbox replaces.

    Args:
        folder: Empty; on a file system that a job could see if the jail let it.
        unit: What is handed in.
    """

    def __init__(self, folder: Path, unit: str) -> None:
        self.folder = folder
        self.unit = unit
        self.secrets = {place: f"CANARY-{place}-{secrets.token_hex(8)}" for place in PLACES}
        root = folder / "root"
        root.mkdir()
        for name in ("course.toml", "nbgrader_config.py"):
            shutil.copy(ROOT / name, root / name)
        for name in ("source", "course"):
            shutil.copytree(ROOT / name, root / name)
        self.settings = load_settings(
            root,
            {"COURSE_VAR": str(folder / "var"), "COURSE_SECRET": self.secrets["seed"], "COURSE_LEARNER": "teacher"},
        )
        self.material = load_material(self.settings, unit)
        self.marker = folder / "marker.txt"
        self.marker.write_text(self.secrets["marker"])
        (root / "source" / "private.txt").write_text(self.secrets["source"])
        self.paths = {
            "root": str(root),
            "config": str(root / "course.toml"),
            "source": str(root / "source"),
            "hidden": str(root / "source" / "private.txt"),
            "marker": str(self.marker),
            "gradebook": str(folder / "var" / "gradebook.db"),
            "submitted": str(self.settings.submitted),
            "classmate": str(self.settings.submitted / HONEST[0] / unit / "assignment.ipynb"),
            "packages": plan.site_folders()[0],
            "code": str(plan.code_folder()),
        }

    def hand_in(self, attacks: list[Attack]) -> None:
        """Hand in every attack and the honest ones."""
        for attack in attacks:
            notebook_of(attack, self.material.released, self.paths, self._folder_of(attack.name))
        reference = copy.deepcopy(self.material.source)
        reference.cells.append(nbformat.v4.new_code_cell(f"# {self.secrets['classmate']}"))
        for learner, notebook in zip(HONEST, (reference, self.material.released), strict=True):
            nbformat.write(notebook, self._folder_of(learner) / "assignment.ipynb")
        self.open_to_all()

    def _folder_of(self, learner: str) -> Path:
        folder = self.settings.submitted / learner / self.unit
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(STAMP)
        return folder

    def open_to_all(self) -> None:
        """Let every user read and write everything here: only a sandbox can refuse then."""
        for folder, _, names in os.walk(self.folder):
            Path(folder).chmod(OPEN_FOLDER)
            for name in names:
                if (path := Path(folder, name)).is_file() and not path.is_symlink():
                    path.chmod(OPEN_FILE)

    def outside(self) -> dict[str, str]:
        """Digest what no attack may change: bytes, mode and time of files, names in folders."""
        found = {}
        places = [
            self.folder / "root",
            self.marker,
            self.settings.submitted,
            Path(plan.site_folders()[0], "numpy", "_core"),
        ]
        for place in places:
            for path in [place, *place.rglob("*")]:
                if "__pycache__" in path.parts:
                    continue
                status = path.lstat()
                content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
                told = f"{status.st_mode} {status.st_mtime_ns} {hashlib.sha256(content).hexdigest()}"
                found[str(path)] = told
        return found


def gains(attack: Attack, seen: Seen) -> list[str]:
    """Name what an attack got that it must not get, or how it ended otherwise than it says; empty if all is well."""
    problems = [
        ("points", seen.attempt.score != 0),
        ("a secret", SECRET.search(seen.text) is not None),
        ("what it wanted", WON in seen.text),
        ("a platform fault", any(result.outcome is Outcome.PLATFORM_FAULT for result in seen.attempt.results)),
        ("another end", bool(attack.says) and not any(said in seen.text for said in attack.says)),
        ("another state", seen.attempt.state != ("refused" if attack.refused else "graded")),
        ("another reason", attack.refused not in seen.attempt.reason),
    ]
    return [what for what, found in problems if found]


PLACES = ("seed", "marker", "source", "classmate", "gradebook")


def run_class(
    mode: str,
    folder: Path,
    attacks: list[Attack],
    *,
    unit: str = UNIT,
    cell_seconds: float = AMPLE_CELL_SECONDS,
    limits: Limits = AMPLE,
) -> ClassRun:
    """Grade all attacks and the honest submissions of one class in one mode, then look around."""
    elsewhere = set(psutil.Process().children(recursive=True))  # of other tests
    school = School(folder, unit)
    school.hand_in(attacks)
    settings, material = school.settings, school.material
    endless = {attack.name for attack in attacks if attack.endless}
    with contextlib.ExitStack() as servers:
        pairs = {False: _pair(settings, material, mode, limits, cell_seconds)}
        servers.callback(pairs[False].close)
        if endless:
            pairs[True] = _pair(settings, material, mode, LIMITS, CELL_SECONDS)
            servers.callback(pairs[True].close)
        graders = {tight: _grader(material, pair) for tight, pair in pairs.items()}
        run = functools.partial(
            grade_class,
            settings,
            unit,
            grade=lambda submission: graders[submission.learner in endless](submission),
            jobs=JOBS,
            new_executor=_threads,
        )
        run(learners=[HONEST[1]])  # the gradebook exists, and can be attacked
        _add_secret(settings, school)
        again = _again(settings, unit)
        for grader in graders.values():
            grader(again)  # now every server that a right answer needs has started
        outside_before, before = school.outside(), _settled(pairs.values(), elsewhere)
        report = run(learners=[*(attack.name for attack in attacks), *HONEST])
        outside_after, after = school.outside(), _settled(pairs.values(), elsewhere, len(before))
        afterwards = tuple(_points(grader(again), tight=tight) for tight, grader in graders.items())
    _, alive = psutil.wait_procs(before + after, timeout=PATIENCE_SECONDS)
    return ClassRun(
        mode=mode,
        material=material,
        settings=settings,
        secrets=school.secrets,
        report=report,
        seen=_look(settings, unit),
        outside_before=outside_before,
        outside_after=outside_after,
        processes_before=len(before),
        processes_after=len(after),
        left_over=[str(process) for process in alive],
        afterwards=afterwards,
    )


def _points(graded: Grade, *, tight: bool) -> float:
    """Add up what was earned; if a tight limit of time ended a check, the machine is slow and all counts as earned."""
    if tight and any(result.outcome is Outcome.TIME for result in graded.results):
        return sum(result.points for result in graded.results)
    return sum(result.earned for result in graded.results)


def _pair(settings: Settings, material: Material, mode: str, limits: Limits, cell_seconds: float) -> Pair:
    judges = Judges(material.source, hidden_seed=hidden_seed(settings.secret, material.unit))
    return Pair(material.source, judges, mode=mode, limits=limits, cell_seconds=cell_seconds)


def _grader(material: Material, pair: Pair) -> Callable[[Submission], Grade]:
    return functools.partial(
        grade, unit=material.unit, source=material.source, released=material.released, executor=pair
    )


def _threads(jobs: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(jobs, thread_name_prefix="grading")


def _add_secret(settings: Settings, school: School) -> None:
    """Put a secret beside the gradebook's own bytes, in a file that an attacker would take along."""
    place = settings.var / "gradebook.csv"
    place.write_text(school.secrets["gradebook"])
    school.open_to_all()


def _again(settings: Settings, unit: str) -> Any:
    return read_submission(
        settings.submitted / HONEST[0] / unit / "assignment.ipynb",
        learner=HONEST[0],
        unit=unit,
        submitted_at=utc_now(),
        received_at=utc_now(),
        max_bytes=settings.grading.max_notebook_bytes,
    )


def _settled(pairs: Iterable[Pair], elsewhere: set[psutil.Process], wanted: int = 0) -> list[psutil.Process]:
    """Wait until every server has its spare jobs and what was killed is buried, if *wanted* says how many may live."""
    until = time.monotonic() + PATIENCE_SECONDS
    keepers = [keeper for pair in pairs for keeper in pair._keepers.values()]
    living: list[psutil.Process] = []
    while time.monotonic() < until:
        has_spares = all(keeper._ready.qsize() >= SPARES for keeper in keepers)
        living = [process for process in psutil.Process().children(recursive=True) if process not in elsewhere]
        if has_spares and (not wanted or len(living) <= wanted):
            break
        psutil.wait_procs(living, timeout=0.25)
    return living


def _look(settings: Settings, unit: str) -> dict[str, Seen]:
    seen = {}
    with Queries(settings) as queries:
        for learner, attempt in queries.current_attempts(unit).items():
            full = queries.attempt(attempt.id)
            assert full is not None
            kept = [*_outputs(queries.autograded(attempt.id)), full.reason, *full.repairs]
            kept += [f"{result.message} {result.next_step}" for result in full.results]
            seen[learner] = Seen(attempt=full, text="\n".join(kept))
    return seen


def _outputs(notebook: bytes | None) -> list[str]:
    """Take the texts of all outputs of a notebook that ran."""
    cells = json.loads(notebook)["cells"] if notebook else []
    return [json.dumps(output, ensure_ascii=False) for cell in cells for output in cell.get("outputs", ())]
