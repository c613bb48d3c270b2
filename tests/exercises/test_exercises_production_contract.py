"""The interfaces of a service: records are frozen, and the parts that learners build fit them."""

import dataclasses
import inspect
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from autograder.authoring.percent import ASSIGNMENT_TAGS, read_document
from exercises.production import contract
from exercises.testing import FakeClock

COURSE = Path(__file__).resolve().parents[2] / "course"
RECORDS = [kind for kind in vars(contract).values() if dataclasses.is_dataclass(kind)]
PARTS = [
    ("01_training", "DriftMonitor"),
    ("02_inference", "PredictionStore"),
    ("02_inference", "OnlineService"),
    ("03_transformation", "TransformArtifact"),
]
FUNCTIONS = [
    ("01_training", "retrain_plan", contract.RetrainPlan),
    ("01_training", "prequential", contract.Prequential),
    ("02_inference", "check_parity", contract.CheckParity),
    ("03_transformation", "asof_join", contract.AsofJoin),
    ("03_transformation", "skew_report", contract.SkewReport),
    ("03_transformation", "materialize", contract.Materialize),
]
MOMENT = pd.Timestamp("2013-07-01T07:00Z")


def reference(unit: str) -> dict:
    """Run set-up and reference answers of a unit; return their namespace."""
    namespace: dict = {"__name__": "__main__"}
    for cell in read_document(COURSE / unit / "assignment.py", ASSIGNMENT_TAGS).cells:
        if cell.kind in {"setup", "answer"}:
            exec(compile(cell.source, cell.where, "exec"), namespace)
    return namespace


def methods(protocol: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(getattr(protocol, name))
        for name, value in vars(protocol).items()
        if _is_public_method(name, value)
    }


def _is_public_method(name: str, value: object) -> bool:
    return (inspect.isfunction(value) or isinstance(value, classmethod)) and not name.startswith("_")


def shape(signature: inspect.Signature) -> list[tuple]:
    return [(each.name, each.kind, each.default) for each in signature.parameters.values()]


@pytest.mark.parametrize("record", RECORDS, ids=lambda kind: kind.__name__)
def test_records_are_frozen_and_named_only(record):
    """A record cannot change behind the simulator's back, and each value is given by name."""
    parameters = vars(record)["__dataclass_params__"]

    assert parameters.frozen
    assert all(field.kw_only for field in dataclasses.fields(record))


@pytest.mark.parametrize("record", RECORDS, ids=lambda kind: kind.__name__)
def test_each_field_is_explained(record):
    """Every field stands in the docstring, where its unit is said."""
    assert [field.name for field in dataclasses.fields(record) if f"{field.name}:" not in record.__doc__] == []


@pytest.mark.parametrize(("unit", "part"), PARTS)
def test_a_reference_fits_its_interface(unit, part):
    """Each method of the interface exists, with the same parameters and defaults."""
    built = reference(unit)[part]
    wanted = {name: shape(signature) for name, signature in methods(getattr(contract, part)).items()}

    assert wanted
    assert {name: shape(inspect.signature(getattr(built, name))) for name in wanted} == wanted


@pytest.mark.parametrize(("unit", "name", "protocol"), FUNCTIONS)
def test_a_reference_function_fits_its_interface(unit, name, protocol):
    """A function is called as its interface says, after the interface's own `self`."""
    assert shape(inspect.signature(reference(unit)[name])) == shape(inspect.signature(protocol.__call__))[1:]


def test_the_fake_clock_is_a_clock():
    """The clock of the checks has what an online service asks of one."""
    wanted = {name: shape(signature) for name, signature in methods(contract.Clock).items()}

    assert {name: shape(inspect.signature(getattr(FakeClock, name))) for name in wanted} == wanted


def test_a_system_is_driven_through_five_methods():
    """What the simulator calls, and what it gives: time comes first, and no incident is ever named."""
    assert {name: list(signature.parameters)[1:] for name, signature in methods(contract.System).items()} == {
        "validate": ["now", "delivery"],
        "train": ["now", "accepted"],
        "gate": ["now", "current", "candidate", "accepted"],
        "predict": ["now", "requests"],
        "on_incident": ["now", "health"],
    }


def test_nine_kinds_of_alarm_match_nine_incidents():
    """An alarm names its kind, because a detection counts only with the right one."""
    assert len(get_args(contract.AlarmKind)) == 9


def test_a_store_and_a_service_work_together():
    """The two parts of unit 02 make one service: what the model said is published, and looked up later."""
    names = reference("02_inference")

    class June:
        version = "june"

        def predict(self, features):
            return features["temp"] / 200

    entries: list = []
    clock = FakeClock(MOMENT)
    service: contract.OnlineService = names["OnlineService"](
        June(), fallback=lambda _: 0.2, clock=clock, log=entries.append
    )
    store: contract.PredictionStore = names["PredictionStore"](":memory:", ttl=pd.Timedelta(hours=6))
    response = service.predict({"distance": 1400, "hour": 17, "temp": 88}, pd.Timedelta(seconds=1))
    key = names["feature_hash"](entries[0]["features"])

    assert store.publish({key: response.probability}, "june", clock.now())
    assert store.get(key, clock.now(), model_version="june").probability == 0.44
