"""Turn records into rows of our tables and back. Pure: no connection, no clock, nothing of nbgrader."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from autograder.gradebook.class_numbers import cluster_of
from autograder.model import CheckResult, Grade, Outcome, Refusal

RESULT_FIELDS = (
    "exercise",
    "earned",
    "points",
    "message",
    "masked_message",
    "misconception",
    "next_step",
    "cpu_seconds",
    "wall_seconds",
    "peak_bytes",
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What goes into nbgrader's rows for one submission."""

    learner: str
    unit: str
    submitted_at: datetime
    earned: Mapping[str, float]  # graded test cell -> points
    attempted: Mapping[str, bool]  # answer cell -> differs from the released stub


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What nbgrader's rows say after the writing."""

    score: float  # overrides and extra credit in, before late penalty
    max_score: float
    late_seconds: float
    late_penalty: float


def graded_row(grade: Grade, scores: Scores, *, passed: bool, graded_at: datetime) -> dict[str, Any]:
    """Make the row of a graded attempt."""
    submission = grade.submission
    return {
        "learner": submission.learner,
        "unit": submission.unit,
        "submitted_at": submission.submitted_at,
        "received_at": submission.received_at,
        "graded_at": graded_at,
        "sha256": submission.sha256,
        "size_bytes": len(submission.notebook),
        "state": "graded",
        "reason": "",
        "score": grade.earned,
        "final_score": scores.score,
        "max_score": scores.max_score,
        "passed": passed,
        "late_seconds": scores.late_seconds,
        "late_penalty": scores.late_penalty,
        "outcomes": dict(Counter(result.outcome.value for result in grade.results)),
        "answers": {answer.name: answer.attempted for answer in grade.answers},
        "repairs": list(grade.repairs),
        "cpu_seconds": grade.cpu_seconds,
        "wall_seconds": grade.wall_seconds,
        "peak_bytes": grade.peak_bytes,
        "mode": grade.mode,
        "grader_version": grade.grader_version,
        "suite_digest": grade.suite_digest,
    }


def verdict_of(grade: Grade) -> Verdict:
    """Take out of a grade what nbgrader's rows hold."""
    return Verdict(
        learner=grade.submission.learner,
        unit=grade.submission.unit,
        submitted_at=grade.submission.submitted_at,
        earned={result.check: result.earned for result in grade.results},
        attempted={answer.name: answer.attempted for answer in grade.answers},
    )


def refused_row(refusal: Refusal, *, grader_version: str, graded_at: datetime) -> dict[str, Any]:
    """Make the row of a submission that was not graded: the learner's matter, or a fault of ours."""
    return {
        "learner": refusal.learner,
        "unit": refusal.unit,
        "submitted_at": refusal.submitted_at or refusal.received_at,
        "received_at": refusal.received_at,
        "graded_at": graded_at,
        "sha256": refusal.sha256,
        "size_bytes": len(refusal.notebook),
        "state": "fault" if refusal.fault else "refused",
        "reason": refusal.reason,
        "score": 0.0,
        "final_score": 0.0,
        "max_score": 0.0,
        "passed": False,
        "late_seconds": 0.0,
        "late_penalty": 0.0,
        "outcomes": {},
        "answers": {},
        "repairs": [],
        "cpu_seconds": 0.0,
        "wall_seconds": 0.0,
        "peak_bytes": 0,
        "mode": "",
        "grader_version": grader_version,
        "suite_digest": "",
    }


def result_rows(attempt: int, results: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """Make the rows of an attempt's check results, in notebook order."""
    return [
        {"attempt": attempt, "position": position, "check_name": result.check, "outcome": result.outcome.value}
        | {"cluster": _cluster(result)}
        | {name: getattr(result, name) for name in RESULT_FIELDS}
        for position, result in enumerate(results)
    ]


def _cluster(result: CheckResult) -> str:
    return cluster_of(result.outcome.value, result.masked_message) if result.earned < result.points else ""


def result_of(row: RowMapping) -> CheckResult:
    """Read one check result back."""
    fields = {name: row[name] for name in RESULT_FIELDS}
    return CheckResult(check=row["check_name"], outcome=Outcome(row["outcome"]), **fields)


def packed(data: bytes) -> bytes:
    """Compress a notebook for its row."""
    return zlib.compress(data, 6)


def unpacked(data: bytes) -> bytes:
    """Give a notebook of a row back."""
    return zlib.decompress(data)
