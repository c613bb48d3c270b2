"""The canaries: closed jails pass, each open door is seen, and nothing is graded then."""

import json
from types import SimpleNamespace

import pytest
from sandbox_cases import CANARY, start

from autograder.errors import PlatformError
from autograder.sandbox import canaries, modes
from autograder.sandbox.inside.limits import Limits

SEEN_WITHOUT_A_JAIL = [
    canary for canary in canaries.CANARIES if canary.aim not in {"takes_all_memory", "makes_a_namespace"}
]


def test_there_are_ten():
    """Each has an aim of its own."""
    assert len({canary.aim for canary in canaries.CANARIES}) == 10


def test_every_attack_fails_in_a_closed_jail(mode):
    """The real path, as at the start of grading."""
    canaries.examine(mode)


@pytest.mark.parametrize("canary", SEEN_WITHOUT_A_JAIL, ids=lambda canary: canary.aim)
def test_each_canary_sees_an_open_jail(canary, tmp_path):
    """Without a jail each of these comes through, and is noticed."""
    marker = tmp_path / "marker"
    marker.write_text("seen")
    with start("M0", limits=Limits(), spares=0) as keeper:
        surprise = canaries.attack(keeper, canary, {"marker": str(marker), "memory": 1 << 40})

    assert canary.aim in surprise


def test_a_memory_limit_that_is_missing_is_seen():
    """The canary that takes memory gets some where there is enough."""
    canary = next(canary for canary in canaries.CANARIES if canary.aim == "takes_all_memory")
    with start("M0", limits=Limits(), spares=0) as keeper:
        assert canary.aim in canaries.attack(keeper, canary, {"marker": "", "memory": 1 << 20})


def test_an_open_jail_grades_nothing():
    """A mode without a jail does not pass for one."""
    with pytest.raises(PlatformError):
        canaries.examine("M0")


class Machine:
    """A machine whose trials are counted; `fault` is what the next ones end in, `now` its clock."""

    def __init__(self) -> None:
        self.fault, self.missing, self.now, self.trials = "", "", 1000.0, 0

    def examine(self, mode: str) -> None:
        self.trials += 1
        if self.fault:
            raise PlatformError(f"sandbox {mode}: {self.fault}")


@pytest.fixture
def machine(monkeypatch) -> Machine:
    """Nothing was tried yet on this one."""
    made = Machine()
    monkeypatch.setattr(modes, "_tried", {})
    monkeypatch.setattr(modes, "_missing", lambda _mode: made.missing)
    monkeypatch.setattr(modes.canaries, "examine", made.examine)
    monkeypatch.setattr(modes, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_a_mode_that_was_refused_is_tried_again_after_a_while(machine):
    """A machine that was busy once gets its sandbox back without a restart, but is not asked at each request."""
    machine.fault = "the server was not ready within 60 s"
    refused = modes.try_mode("M1")
    machine.fault = ""
    machine.now += modes.KEEP_REFUSAL_SECONDS - 1
    soon = modes.try_mode("M1")
    machine.now += 1
    later = modes.try_mode("M1")

    assert (refused.works, soon, later.works) == (False, refused, True)
    assert machine.trials == 2


def test_a_mode_that_worked_is_not_tried_again(machine):
    """The kernel of a running process stays the same."""
    modes.try_mode("M1")
    machine.now += 1e6
    machine.fault = "busy"

    assert modes.try_mode("M1").works
    assert machine.trials == 1


def test_what_was_missing_may_be_installed_meanwhile(machine):
    """Looking for it costs nothing, so it is looked for each time."""
    machine.missing = "bubblewrap is not installed"
    refused = modes.try_mode("M2")
    machine.missing = ""

    assert (refused.reason, modes.try_mode("M2").works) == ("bubblewrap is not installed", True)


@pytest.fixture
def offers(monkeypatch):
    """Let the machine offer what a test says."""

    def offer(*working: str) -> None:
        monkeypatch.setattr(
            modes, "try_mode", lambda mode: modes.Offer(mode=mode, works=mode in working, reason="not here")
        )

    return offer


def test_the_strongest_mode_is_taken(offers):
    """Weaker ones are not even tried when a stronger one works."""
    offers("M1", "M2", "M3")

    assert modes.strongest("M3") == "M1"


def test_a_mode_below_the_course_is_refused(offers):
    """Other people's work is never graded without what the course asks for; the message says why and what to do."""
    offers("M3")

    with pytest.raises(PlatformError, match=r"wants M2 or stronger, this machine offers M3 .*bubblewrap"):
        modes.strongest("M2")


def test_no_mode_at_all_is_refused_with_every_reason(offers):
    """Unless the course says that it is one's own work."""
    offers()

    assert modes.strongest("M0") == "M0"
    with pytest.raises(PlatformError, match="M1: not here; M2: not here; M3: not here"):
        modes.strongest("M3")


def test_all_modes_are_described():
    """For the doctor: strongest first, each with what it is."""
    described = modes.describe()

    assert [offer.mode for offer in described] == ["M1", "M2", "M3", "M0"]
    assert all(offer.works or offer.reason for offer in described)
    assert all(offer.title for offer in described)


def test_a_canary_protects_nothing_itself():
    """Its worker runs whatever it is sent: only the jail stands between."""
    with start("M0", worker=CANARY, unit={"kept": 5}, spares=0) as keeper, keeper.job() as job:
        job.channel.sendall(b"result = kept")

        assert json.loads(job.channel.recv(1 << 16)) == {"result": 5}
