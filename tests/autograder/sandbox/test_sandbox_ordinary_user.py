"""The whole path as an ordinary user without any privilege, as instructors and learners have."""

import json
import os
from pathlib import Path

import pytest
from sandbox_cases import least_threads, may_bind, most_threads, run_as_ordinary_user

pytestmark = pytest.mark.skipif(
    os.geteuid() == 0 and not may_bind(), reason="as root in a container that forbids mounts nobody else can be tried"
)

SCRIPT = """
import json, os, sys
sys.path.insert(0, {tests!r})
import sandbox_cases
from autograder.sandbox import modes
tried = {{}}
for offer in modes.describe():
    tried[offer.mode] = [offer.works, offer.reason]
    if not offer.works or offer.mode == "M0":
        continue
    with sandbox_cases.start(offer.mode) as keeper:
        tried[offer.mode] += [
            sandbox_cases.attack(keeper, "import os; result = os.getuid()")[0],
            sandbox_cases.attack(keeper, "while True: pass")[1].cause,
            sandbox_cases.attack(keeper, sandbox_cases.GREEDY + sandbox_cases.LET_GO)[0],
            sandbox_cases.attack(keeper, "bytearray(1 << 40)")[0],
        ]
print(json.dumps([os.getuid(), tried]))
"""


def root_is_a_mount():
    """Tell whether "/" is a mount of its own; in a chroot it is not, and nothing can be staged below it."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return any(line.split()[4] == "/" for line in lines)


@pytest.mark.skipif(not root_is_a_mount(), reason="this root is no mount point, as in a chroot: nothing can be staged")
def test_every_mode_that_works_holds_for_an_ordinary_user():
    """Canaries, user, processor time, threads and memory, in each mode; one that does not work says why."""
    ended = run_as_ordinary_user(SCRIPT.format(tests=str(Path(__file__).parent)))
    assert ended.returncode == 0, ended.stderr
    user, tried = json.loads(ended.stdout)
    assert user != 0
    for mode in ("M1", "M2", "M3"):
        works, reason, *seen = tried[mode]
        if works:
            who, cause, threads, memory = seen
            assert (who, cause, memory) == ({"result": user}, "cpu", {"error": "MemoryError: "}), mode
            assert least_threads(mode) <= threads["result"] <= most_threads(mode), mode
        else:
            assert reason

    if not any(tried[mode][0] for mode in ("M1", "M2", "M3")):
        pytest.skip(f"no mode works here for an ordinary user: {tried}")
