"""The helpers of test cells: messages, hidden inputs, numbers, files, clocks and stubs."""

from __future__ import annotations

import gc
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.records import Drift
from exercises.testing import (
    CountingStub,
    FakeClock,
    because,
    close,
    hidden_rng,
    rounded,
    split_misconception,
    workspace,
)

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
part = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)


@given(text=st.text(st.characters(blacklist_categories=["Cs"])).filter(lambda t: t == t.rstrip()), name=part)
def test_misconception_splits_off_again(text: str, name: str):
    """What `because` puts together, `split_misconception` takes apart."""
    assert split_misconception(because(name, text)) == (text, name)


@given(text=st.text())
def test_other_messages_stay_whole(text: str):
    """A message without a tag names no mistake and is not changed."""
    if not text.rstrip().endswith("]"):
        assert split_misconception(text) == (text, None)


def test_misconception_name_is_checked():
    """A name that could not be read back is refused when the test is written."""
    with pytest.raises(ValueError, match="small letters"):
        because("Train then test", "x")


def test_hidden_inputs_repeat_and_differ_by_label(monkeypatch: pytest.MonkeyPatch):
    """One secret and label always give the same numbers; another label or secret gives others."""
    monkeypatch.delenv("COURSE_HIDDEN_SEED", raising=False)
    july, again, june = (hidden_rng(label).random() for label in ("july", "july", "june"))
    monkeypatch.setenv("COURSE_HIDDEN_SEED", "secret")

    assert july == again
    assert len({july, june, hidden_rng("july").random()}) == 3


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.020000000000000018, "0.02"),
        (np.float64(1.2039728043259361), "1.204"),
        ([1.23456, None, float("nan"), 7, True], "[1.235, None, nan, 7, True]"),
        (pd.Series([0.1 + 0.2, 1e-9]), "[0.3, 0.0]"),
        ({"loss": (1 / 3,)}, "{'loss': [0.333]}"),
        (
            Drift(effect=0.17572, rows=9, alarm=False, reason="ok", worst_bin="bin 0"),
            "Drift(effect=0.176, rows=9, alarm=False, reason='ok', worst_bin='bin 0')",
        ),
        ("0.123456", "0.123456"),
        (None, "None"),
    ],
    ids=str,
)
def test_message_shows_no_tail_of_digits(value: object, shown: str):
    """Floats are rounded wherever they stand; what is none stays."""
    assert str(rounded(value)) == shown


@given(value=finite)
def test_a_number_is_close_to_itself_in_any_type(value: float):
    """Python's and NumPy's numbers compare by value."""
    assert close(value, np.float64(value))
    assert close([value], np.array([value]))
    assert close((value, None), [value, None])
    assert close(pd.Series([value]), (value,))


@given(a=finite, b=finite)
def test_close_is_symmetric(a: float, b: float):
    """The order of the two does not matter."""
    assert close(a, b, 1e-3) == close(b, a, 1e-3)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (None, 0.0),
        (0, None),
        (math.nan, math.nan),
        (1, True),
        (1.0, "1.0"),
        ([1, 2], [1]),
        ({"a": 1}, {"b": 1}),
        ([[1], 2], [1, 2]),
        (object(), 1.0),
        (10**400, 1.5),
        (1.0, 1.0 + 1e-6),
        (pd.DataFrame({"a": [1]}), 1),
    ],
)
def test_what_differs_is_not_close(a: object, b: object):
    """None, NaN, truth values, lengths, keys and foreign objects are told apart without an exception."""
    assert not close(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (None, None),
        (True, np.bool_(True)),
        (1e12, 1e12 + 1e-4),
        (math.inf, math.inf),
        ({"a": (1, 2)}, {"a": [1.0, 2.0]}),
        (range(3), [0, 1, 2]),
        (10**400, 10**400),
        ("x", "x"),
    ],
)
def test_what_is_equal_is_close(a: object, b: object):
    """Equal things of the kinds that exercises return are close."""
    assert close(a, b)


def test_an_object_equal_to_everything_is_close_to_nothing():
    """An object that claims equality with all numbers is not believed."""

    class Yes(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

    assert not close(Yes(3.0), 4.0)


@given(parts=st.lists(part, min_size=1, max_size=3), content=st.binary(max_size=50))
def test_workspace_gives_back_what_was_written(parts: list[str], content: bytes):
    """A file is read, listed, dated and removed under its own name."""
    space, name = workspace(), "/".join(parts)
    space.write(name, content)

    assert space.read(name) == content
    assert space.names() == (name,)
    assert space.mtime(name) == (space.path / name).stat().st_mtime_ns
    space.remove(name)
    assert space.names() == ()


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", ".", "a//b", "a\\b", "a\0", "a/"])
def test_names_cannot_leave_the_workspace(name: str):
    """A name that leads out, or is no plain relative name, is refused."""
    with pytest.raises(ValueError, match="workspace name"):
        workspace().write(name, "x")


def test_links_cannot_leave_the_workspace(tmp_path: Path):
    """A link that the answer made does not lead a test to other files."""
    space = workspace()
    (tmp_path / "secret").write_text("s")
    (space.path / "link").symlink_to(tmp_path)

    with pytest.raises(ValueError, match="through a link"):
        space.read("link/secret")


def test_workspace_vanishes_with_its_test():
    """Nothing is left on disk once no test holds the workspace."""
    space = workspace()
    space.write("a", "x")
    path = space.path
    del space
    gc.collect()

    assert not path.exists()


@given(steps=st.lists(st.integers(0, 10**6), max_size=20))
def test_clock_adds_up_exactly(steps: list[int]):
    """Many small steps are one large step, to the nanosecond."""
    small, large = FakeClock(), FakeClock()
    for milliseconds in steps:
        small.advance(milliseconds / 1000)
    large.advance(pd.Timedelta(milliseconds=sum(steps)))

    assert small.now() == large.now()
    assert small.monotonic() == large.monotonic()


def test_clock_shows_utc():
    """Any zone may be given; the clock answers in UTC."""
    clock = FakeClock("2013-07-01T00:00:00-04:00")
    clock.sleep(1.5)

    assert clock.now() == pd.Timestamp("2013-07-01T04:00:01.5Z")
    assert str(clock.now().tz) == "UTC"
    assert clock.slept == (1.5,)


@pytest.mark.parametrize("by", [-1, math.inf, math.nan, pd.Timedelta(seconds=-1)])
def test_clock_never_goes_back(by: float):
    """A clock refuses to move back or for ever."""
    with pytest.raises(ValueError, match="cannot move"):
        FakeClock().advance(by)


def test_clock_wants_a_zone():
    """A start without a zone is ambiguous and refused."""
    with pytest.raises(ValueError, match="needs a zone"):
        FakeClock("2013-07-01")


def test_stub_counts_and_remembers():
    """Every call is counted with its arguments and still works."""
    stub = CountingStub(lambda x, *, y=0: x + y)

    assert [stub(1), stub(2, y=3)] == [1, 5]
    assert stub.calls == 2
    assert stub.arguments == (((1,), {}), ((2,), {"y": 3}))


def test_stub_breaks_when_told():
    """After its healthy calls a stub raises, and counts that call too."""
    stub = CountingStub(len, raising=OSError("down"), healthy_calls=1)

    assert stub([1]) == 1
    with pytest.raises(OSError, match="down"):
        stub([1])
    assert stub.calls == 2
