"""
Hand in a unit from its notebook, and show the receipt and the grade.

Decides whether the file on disk is what the learner has just run. It grades nothing itself: the command of the course
does, in a process of its own, on the file. Under a grader it does nothing.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from exercises import content, environment, hook
from exercises.cards import Card, Table, show
from exercises.cells import defined_names
from exercises.errors import ContentError

SUBMIT_SECONDS = 900.0  # real time; a class hand-in takes a second, grading a few
RESULTS = {"passed": "\u2713 passed", "partial": "\u25d0 in part", "not attempted": "\u25cb not started"}
NOT_YET = "\u2192 not yet"
LIMITS = frozenset({"time", "memory", "output", "killed", "not run", "platform fault"})


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """The verdict on one check, as the command prints it."""

    check: str
    exercise: str
    title: str
    outcome: str
    earned: float
    points: float
    message: str
    misconception: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the command says about one submission."""

    state: str  # "graded", "handed in" or "refused"
    reason: str
    unit: str
    learner: str
    submitted_at: str
    sha256: str
    earned: float
    points: float
    passed: bool
    checks: tuple[CheckLine, ...]
    repairs: tuple[str, ...]
    badge: str = ""  # what to say about a badge that this submission earned


def submit(unit: str | int | None = None) -> None:
    """
    Hand in the exercises of a unit and show the grade.

    Args:
        unit: Its number or name, for example "01"; None for the unit of this notebook.
    """
    if environment.grading():
        return
    name = _unit_name(unit)
    if name is None:
        _say("Which unit?", 'This notebook lies in no unit\'s folder. Name the unit: `submit("01")`.')
        return
    problem = _unsaved(name)
    if problem:
        _say("Save the notebook first (Ctrl+S)", problem)
        return
    print(f"Handing in unit {name} ...", flush=True)
    try:
        reply = ask_server(name) or run_command(name)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        _say(
            "Not handed in", f"{error} Your notebook is untouched. Run `course doctor` in a terminal to find the cause."
        )
        return
    for card in reply_cards(reply):
        show(card)


def ask_server(unit: str) -> Reply | None:
    """
    Hand in through the course's running server, whose judge is warm; None if no server answers.

    Raises:
        ValueError: If it answers something unreadable.
        OSError: If it hangs up after it was asked: the submission may be in, so the command is not run as well.
    """
    path = environment.judge_socket()
    if path is None:
        return None
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(SUBMIT_SECONDS)
        try:
            line.connect(str(path))
        except OSError:
            return None  # left by a server that is gone
        line.sendall(json.dumps({"unit": unit}).encode() + b"\n")
        with line.makefile("r", encoding="utf-8") as answer:
            return read_reply(answer.readline())


def run_command(unit: str) -> Reply:
    """
    Run `course submit UNIT --json` of this environment.

    Raises:
        ValueError: If it ended without a readable reply; the text ends with what it said.
        subprocess.TimeoutExpired: If it took longer than 15 minutes.
    """
    root = environment.course_root()
    ended = subprocess.run(
        [sys.executable, "-m", "autograder", "submit", unit, "--json"],
        cwd=root,
        env=environment.command_environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SUBMIT_SECONDS,
        check=False,
    )
    try:
        return read_reply(ended.stdout)
    except ValueError:
        said = (ended.stderr.strip() or ended.stdout.strip() or "it said nothing").splitlines()[-1]
        raise ValueError(f"The command ended with code {ended.returncode}: {said}") from None


def read_reply(text: str) -> Reply:
    """
    Read what the command printed: one JSON object, on the last line or alone.

    Raises:
        ValueError: If it is not that.
    """
    start = text.find("{")
    try:
        table = json.loads(text[start:])
        receipt = table.get("receipt") or {}
        return Reply(
            state=str(table["state"]),
            reason=str(table.get("reason") or ""),
            unit=str(receipt.get("unit") or ""),
            learner=str(receipt.get("learner") or ""),
            submitted_at=str(receipt.get("submitted_at") or ""),
            sha256=str(receipt.get("sha256") or ""),
            earned=float(table.get("earned") or 0.0),
            points=float(table.get("points") or 0.0),
            passed=table.get("passed") is True,
            checks=tuple(_line(row) for row in table.get("checks") or ()),
            repairs=tuple(str(line) for line in table.get("repairs") or ()),
            badge=str(table.get("badge") or ""),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"the reply lacks a field ({error!r})") from error


def unsaved_answers(notebook: Mapping[str, Any], executed: Sequence[tuple[str | None, str]]) -> tuple[str, ...]:
    """
    Find the answers on disk that differ from what was last run.

    Args:
        notebook: The file, as JSON.
        executed: (cell id, source) of every cell that this kernel ran, in order. Front ends that send other ids, or
            none, are matched by the functions and classes that a cell defines.

    Returns:
        Names of the answer cells to save; answers that were never run count as saved.
    """
    cells = [cell for cell in notebook.get("cells", ()) if cell.get("cell_type") == "code"]
    ids = {cell.get("id") for cell in cells}
    last = {key: source for key, source in executed if key in ids and key is not None}
    strangers = [source for key, source in executed if key not in ids or key is None]
    differing = []
    for cell in cells:
        tags = cell.get("metadata", {}).get("nbgrader", {})
        if not tags.get("solution"):
            continue
        saved = _text(cell.get("source", ""))
        names = defined_names(saved)
        ran = last.get(cell.get("id")) or next(
            (source for source in reversed(strangers) if names and names <= defined_names(source)), None
        )
        if ran is not None and ran.strip() != saved.strip():
            differing.append(str(tags.get("grade_id", "an answer")))
    return tuple(differing)


def reply_cards(reply: Reply) -> tuple[Card, ...]:
    """Draw the receipt and, where there is one, the grade."""
    if reply.state == "refused":
        lines = tuple(f"Repaired: {line}" for line in reply.repairs)
        return (Card(kind="not_yet", head="Not accepted", text=reply.reason, lines=lines, label="Submission"),)
    receipt = Card(
        kind="passed",
        head="Handed in",
        text=f"unit {reply.unit}, {moment(reply.submitted_at)}, by {reply.learner}",
        lines=(f"SHA-256 of the notebook: `{reply.sha256}`", *([reply.reason] if reply.reason else [])),
        label="Receipt",
        record={"receipt": reply.sha256},
    )
    if reply.state != "graded":
        return (receipt,)
    news = (Card(kind="passed", head="Badge", text=reply.badge, label="Badge"),) if reply.badge else ()
    return (receipt, grade_card(reply), *news)


def grade_card(reply: Reply) -> Card:
    """Draw the grade: every check with its result, what it says, one next step, and its points."""
    held = sum(line.outcome == "passed" for line in reply.checks)
    advice = [_advice(line) for line in reply.checks]
    rows = tuple(
        (
            f"{line.exercise}: {line.title or line.check}",
            result_word(line.outcome),
            shown,
            f"{line.earned:g} of {line.points:g}",
        )
        for line, shown in zip(reply.checks, _without_repeats(advice), strict=True)
    )
    return Card(
        kind="passed" if reply.passed else "not_yet",
        head="Unit passed" if reply.passed else "Not yet passed",
        text=f"{reply.earned:g} of {reply.points:g} points",
        lines=tuple(f"Repaired before grading: {line}" for line in reply.repairs),
        table=Table(
            caption=f"{held} of {len(reply.checks)} checks passed",
            columns=("Check", "Result", "What we saw, and the next step", "Points"),
            rows=rows,
        ),
        foot="You may improve your answers and submit again; the course page keeps every grade.",
        label=f"Grade of unit {reply.unit}",
        record={"earned": reply.earned, "points": reply.points, "passed": reply.passed},
    )


def result_word(outcome: str) -> str:
    """Say a check's result in a word with an icon; limits and faults keep their own name."""
    if outcome in LIMITS:
        return f"{NOT_YET} ({outcome})"
    return RESULTS.get(outcome, NOT_YET)


def _advice(line: CheckLine) -> str:
    known = f"Known mistake: {line.misconception.replace('_', ' ')}." if line.misconception else ""
    following = f"Next: {line.next_step}" if line.next_step and line.outcome != "passed" else ""
    return "\n".join(text for text in (line.message, known, following) if text)


def _without_repeats(texts: Sequence[str]) -> list[str]:
    """Say once what several checks in a row would say: a blank exercise is one piece of news, not six."""
    pairs = zip(["", *texts], texts, strict=False)
    return ["As above." if text and text == before else text for before, text in pairs]


def moment(text: str) -> str:
    """Write an ISO time as people read it, in UTC; what is no time stays as it is."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{given.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if given.tzinfo else text


def _line(row: Mapping[str, Any]) -> CheckLine:
    return CheckLine(
        check=str(row["check"]),
        exercise=str(row["exercise"]),
        title=str(row.get("title") or ""),
        outcome=str(row["outcome"]),
        earned=float(row["earned"]),
        points=float(row["points"]),
        message=str(row.get("message") or ""),
        misconception=str(row.get("misconception") or ""),
        next_step=str(row.get("next_step") or ""),
    )


def _unit_name(unit: str | int | None) -> str | None:
    if unit is None:
        return environment.unit_name()
    text = f"{int(unit):02d}" if str(unit).isdigit() else str(unit)
    try:
        built = [row.unit for row in content.load()]
    except ContentError:  # the command says what it thinks of the name
        built = []
    return next((name for name in built if name == text or name[:2] == text), text)


def _unsaved(unit: str) -> str:
    """Say what is not saved; empty if the file may be handed in."""
    path = environment.assignment_path(unit)
    if path is None or not path.is_file():
        return f"There is no {path or environment.ASSIGNMENT} yet; `course start` makes it."
    running = hook.installed()
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        names = unsaved_answers(table, () if running is None else running.executed)
    except (OSError, ValueError, AttributeError) as error:
        return f"{path} cannot be read ({error})."
    if not names:
        return ""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"The file on disk differs from what you last ran in {listed}. Run each of them, save, then submit again."


def _text(source: str | Sequence[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _say(head: str, text: str) -> None:
    show(Card(kind="not_yet", head=head, text=text, label="Submission"))
