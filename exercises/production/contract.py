"""
What a delay service must look like, so that a simulator can drive it through a year: the whole system, and below it
the parts that learners build unit by unit. Shapes and units only; decides nothing and computes nothing.

Times are UTC Timestamps, durations Timedeltas, probabilities are of a late arrival. An unknown number is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas as pd

    from exercises.records import BatchScore, Drift, Hit, Mismatch, Miss, Response, TrainSpec

Source = Literal["schedule", "weather", "labels"]
AlarmKind = Literal["unit", "stale", "duplicate", "schema", "outage", "model", "latency", "labels", "loop"]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """
    Rows that a source sent.

    Attributes:
        source: "schedule", "weather" or "labels".
        received_at: When it arrived.
        sequence: Number that the source gave it, from 1; a repeated number is a repeated delivery.
        rows: What it holds; checked by nobody yet.
    """

    source: Source
    received_at: pd.Timestamp
    sequence: int
    rows: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """
    What becomes of a delivery.

    Attributes:
        action: "accept" (without `bad_rows`), "quarantine" (kept apart, never learned from) or "hold" (asked again).
        bad_rows: Positions of the rows to leave out, from 0.
        alarm: What is suspected; None if nothing is.
    """

    action: Literal["accept", "quarantine", "hold"]
    bad_rows: tuple[int, ...] = ()
    alarm: AlarmKind | None = None


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """
    The answer to one request.

    Attributes:
        request_id: The request's own name.
        probability: 0.0 to 1.0.
        source: Who answered: "model", "cache" or "fallback".
        model_version: Version of the model behind it; None for a fallback.
        degraded: True if the service knows that the answer is worse than usual.
    """

    request_id: str
    probability: float
    source: Literal["model", "cache", "fallback"]
    model_version: str | None
    degraded: bool = False


@dataclass(frozen=True, kw_only=True)
class Health:
    """
    What the service's own dials show, once an hour.

    Attributes:
        p99_ms: Milliseconds within which 99 of 100 answers came.
        error_share: Share of requests without an answer, 0.0 to 1.0.
        null_share: Share of features that were missing, 0.0 to 1.0.
        mean_probability: Mean of the answers; None if nobody asked.
        label_rate: Share of late flights among the newest labels; None if there are none.
        label_age: Age of the newest label; None if there is none.
        current_version: Version of the model that serves; None before the first.
    """

    p99_ms: float
    error_share: float
    null_share: float
    mean_probability: float | None
    label_rate: float | None
    label_age: pd.Timedelta | None
    current_version: str | None


@dataclass(frozen=True, kw_only=True)
class Action:
    """
    What the service does about what it sees.

    Attributes:
        kind: "alarm", "rollback" (to the version before), "use_fallback" or "use_model".
        alarm: What is suspected; None only for other kinds than "alarm".
    """

    kind: Literal["alarm", "rollback", "use_fallback", "use_model"]
    alarm: AlarmKind | None = None


class Model(Protocol):
    """A trained model."""

    @property
    def version(self) -> str:
        """Name that no other model has."""

    def predict(self, features: Mapping[str, Any]) -> float:
        """Return the probability of one request."""


class View(Protocol):
    """The accepted deliveries, as known at one moment; nothing later can be seen."""

    @property
    def now(self) -> pd.Timestamp:
        """The moment of the view."""

    def rows(self, source: Source) -> pd.DataFrame:
        """Return all accepted rows of a source, oldest first."""


class Promotion(Protocol):
    """The part of a gate's decision that the simulator reads."""

    @property
    def promote(self) -> bool:
        """Whether the candidate may serve."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not; empty if it may."""


class System(Protocol):
    """A whole delay service. State lives in it; time comes only from `now`."""

    def validate(self, now: pd.Timestamp, delivery: Delivery) -> Verdict:
        """Judge a delivery on arrival."""

    def train(self, now: pd.Timestamp, accepted: View) -> Model | None:
        """Train at night, from accepted deliveries only; None keeps the current model."""

    def gate(self, now: pd.Timestamp, current: Model, candidate: Model, accepted: View) -> Promotion:
        """Decide whether a candidate, one's own or a delivered one, may serve."""

    def predict(self, now: pd.Timestamp, requests: pd.DataFrame) -> list[Prediction]:
        """Answer requests two hours before departure: one prediction each, in the same order."""

    def on_incident(self, now: pd.Timestamp, health: Health) -> list[Action]:
        """Look at the dials, hourly; no incident is named."""


class Clock(Protocol):
    """The only door to time: `FakeClock` of `exercises.testing` fits, and so does a real one."""

    def now(self) -> pd.Timestamp:
        """Return the moment, which may jump when a machine sets its clock."""

    def monotonic(self) -> float:
        """Return seconds that only grow; differences are durations."""


class RetrainPlan(Protocol):
    """Unit 01: says for each period which model serves it, and what that model was trained on."""

    def __call__(
        self,
        rows_per_period: Sequence[int],
        policy: str,
        *,
        window: int | None = None,
        alarms: Sequence[int] = (),
        label_delay: int = 0,
    ) -> list[TrainSpec]:
        """Return one line for each served period, in order."""


class Prequential(Protocol):
    """Unit 01: scores each batch before its labels can be learned; losses in nats."""

    def __call__(
        self,
        make_model: Callable[[], Any],
        batches: Sequence[tuple[Any, Any]],
        *,
        label_delay: int = 0,
        classes: Sequence[int] = (0, 1),
    ) -> list[BatchScore]:
        """Return one score for each batch, in order."""


class DriftMonitor(Protocol):
    """Unit 01: tells how far each feature has moved from its reference."""

    def check(self, current: pd.DataFrame) -> dict[str, Drift]:
        """Return one Drift for each feature of the reference."""


class CheckParity(Protocol):
    """Unit 02: finds the rows that get another answer in a batch than alone; `atol` is absolute."""

    def __call__(
        self,
        predict_one: Callable[[Mapping[str, Any]], float],
        predict_batch: Callable[[pd.DataFrame], Any],
        rows: pd.DataFrame,
        atol: float,
    ) -> list[Mismatch]:
        """Return one mismatch for each row and variant that disagree."""


class PredictionStore(Protocol):
    """Unit 02: predictions computed ahead, which live for a while."""

    def publish(
        self,
        batch: Mapping[str, float],
        model_version: str,
        as_of: pd.Timestamp,
        *,
        verify: Callable[[Mapping[str, float]], bool] | None = None,
    ) -> bool:
        """Make a batch visible, all of it or nothing; False if `verify` refused it."""

    def get(self, key: str, now: pd.Timestamp, *, model_version: str) -> Hit | Miss:
        """Look up what a version said of a key, unless that is too old."""


class OnlineService(Protocol):
    """Unit 02: answers one request at a time, in time."""

    def predict(self, request: Mapping[str, Any], deadline: pd.Timedelta) -> Response:
        """Answer within `deadline`, or say that a fallback did; refuse a request that cannot be."""


class TransformArtifact(Protocol):
    """Unit 03: a transformation that learned from the training rows once, and is frozen from then on."""

    def fit(self, frame: pd.DataFrame, train: pd.Series[bool]) -> TransformArtifact:
        """Learn from the rows where `train` is True, and from no others; return itself."""

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return one row of numbers for each row, the same alone as in any company."""

    def save(self, path: str | PathLike[str]) -> None:
        """Write all that was learned into one file."""

    @classmethod
    def load(cls, path: str | PathLike[str]) -> TransformArtifact:
        """Read such a file, in any process."""

    def fingerprint(self) -> str:
        """Name what was learned: the same text for the same, another one for anything else."""


class AsofJoin(Protocol):
    """Unit 03: joins to each row the newest observation that was known at its decision."""

    def __call__(
        self,
        left: pd.DataFrame,
        right: pd.DataFrame,
        *,
        on: str,
        by: str,
        lead: pd.Timedelta,
        max_age: pd.Timedelta,
        known_at: str | None = None,
    ) -> pd.DataFrame:
        """Return left's rows, order and index with right's values and their `age`; missing where nothing fits."""


class SkewReport(Protocol):
    """Unit 03: compares the features that served with those that training would compute."""

    def __call__(
        self,
        serve_log: pd.DataFrame,
        raw: pd.DataFrame,
        transform: Callable[[pd.DataFrame], pd.DataFrame],
        key: str,
    ) -> pd.DataFrame:
        """Return one row for each feature: rows, only_in_log, only_in_raw, mismatch_rate, psi, example_key."""


class Materialize(Protocol):
    """Unit 03: transforms a table once for each content, version of the code and parameters."""

    def __call__(
        self,
        raw: pd.DataFrame,
        transform: Callable[..., pd.DataFrame],
        directory: str | PathLike[str],
        *,
        code_version: str,
        params: Mapping[str, Any],
    ) -> Path:
        """Return the file that holds the features, made now or earlier; never half of one."""
