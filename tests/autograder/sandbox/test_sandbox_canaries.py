"""The canaries: closed jails pass, each open door is seen, and nothing is graded then."""

import json

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
