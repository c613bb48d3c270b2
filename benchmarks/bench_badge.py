"""
Issue badges for a made-up class of 1,000, issue again, and check one badge by the command.

The class is written straight into a gradebook of its own, in a folder that is removed afterwards; nothing is graded.
Prints the figures and one line for each goal.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "autograder" / "badge"))

from badge_class import BadgeClass, make_class  # noqa: E402  # the class of the tests

from autograder.badge.issuing import IssueReport, issue_due, make_issuer_key  # noqa: E402
from autograder.badge.publish import publish_site  # noqa: E402
from autograder.badge.store import BadgeStore  # noqa: E402
from autograder.badge.view import issued_page, profile_view  # noqa: E402

REPEAT = 5
GOALS = {"1,000 badges (s)": 60.0, "verify, warm (s)": 1.0, "verify, command cold (s)": 1.0, "profile view (ms)": 20.0}


def seconds(work: Callable[[], object]) -> float:
    """Measure the real time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def best(work: Callable[[], object]) -> float:
    """Measure the best of some calls: others may be busy."""
    return min(seconds(work) for _ in range(REPEAT))


def verify_cold(made: BadgeClass, learner: str) -> None:
    """Check a badge as anybody would, in a new process."""
    store = BadgeStore(made.settings)
    known = ["--trust", str(store.site / "trust.json"), "--status-dir", str(store.site / "status")]
    badge = str(store.learner_file(learner, "png"))
    command = [sys.executable, "-m", "autograder", "badge", "verify", badge, *known]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)})


def verify_warm(made: BadgeClass, learner: str) -> None:
    """Check a badge in this process."""
    from autograder.badge.checking import check_file

    store = BadgeStore(made.settings)
    checked = check_file(
        store.learner_file(learner, "png").read_bytes(),
        trust=[store.site / "trust.json"],
        status_dir=store.site / "status",
    )
    assert checked.verdict == 0, checked.reason


def main() -> None:
    """Measure, and print the figures and goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=1000)
    learners = parser.parse_args().learners
    with tempfile.TemporaryDirectory(prefix="bench-badge-") as folder:
        made = make_class(Path(folder))
        for number in range(learners):
            made.pass_all(f"learner{number:05}")
        make_issuer_key(made.settings)
        reports: list[IssueReport] = []
        issue = seconds(lambda: reports.append(issue_due(made.settings, actor="benchmark")))
        again = seconds(lambda: reports.append(issue_due(made.settings, actor="benchmark")))
        assert (len(reports[0].issued), reports[1].unchanged) == (learners, learners)
        publish = seconds(lambda: publish_site(made.settings))
        found = {
            "1,000 badges (s)": issue * 1000 / learners,
            "verify, warm (s)": best(lambda: verify_warm(made, "learner00007")),
            "verify, command cold (s)": best(lambda: verify_cold(made, "learner00007")),
            "profile view (ms)": 1000 * best(lambda: profile_view(made.settings, "learner00007")),
        }
        table = best(lambda: issued_page(made.settings, first=0, count=50))
    print(f"{learners} badges: {issue:.1f} s; issued again: {again:.2f} s; published: {publish:.2f} s")
    print(f"instructor's list, 50 of {learners} badges: {1000 * table:.0f} ms")
    for name, value in found.items():
        wanted = GOALS[name]
        print(f"goal {name}: {value:.2f} (wanted {wanted:g}) {'met' if value <= wanted else 'short'}")


if __name__ == "__main__":
    main()
