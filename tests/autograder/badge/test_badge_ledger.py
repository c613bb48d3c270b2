"""The log: only ever added to, chained, and whole after any kill and any race."""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from badge_class import ISSUED

from autograder.badge.ledger import extend_ledger, read_ledger
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.verify import Verdict, verify
from autograder.errors import PlatformError

HERE = Path(__file__).parent


def log_of(made):
    return made.settings.var / "badges" / "log.jsonl"


def chain_holds(path):
    head = "0" * 64
    for line in path.read_bytes().splitlines():
        if json.loads(line)["prev"] != head:
            return False
        head = hashlib.sha256(line).hexdigest()
    return True


def test_each_line_names_the_line_before(some_class, issue):
    """Anybody can check the chain with a hash function."""
    some_class.pass_all("bob")
    issue(some_class)

    assert chain_holds(log_of(some_class))


def change_a_line(lines):
    lines[1] = lines[1].replace(b"ada", b"eve") if b"ada" in lines[1] else lines[1].replace(b"list", b"lisT", 1)


def remove_a_line(lines):
    del lines[1]


def insert_a_line(lines):
    lines.insert(1, lines[1])


@pytest.mark.parametrize("spoil", [change_a_line, remove_a_line, insert_a_line])
def test_a_log_that_was_changed_is_refused(some_class, issue, spoil):
    """A line changed, removed or put in: the message names the line."""
    issue(some_class)
    path = log_of(some_class)
    lines = path.read_bytes().splitlines(keepends=True)
    spoil(lines)
    changed = path.with_name("changed.jsonl")
    changed.write_bytes(b"".join(lines))

    with pytest.raises(PlatformError, match=r"line [23] is not what was written"):
        read_ledger(changed)


def test_a_torn_line_never_counted(some_class, issue):
    """A line without its end was written by a process that died; the next writer cuts it off."""
    path = log_of(some_class)
    with path.open("ab") as file:
        file.write(b'{"at": "2026-04-')
    issue(some_class)

    assert (chain_holds(path), b'"at": "2026-04-{' in path.read_bytes()) == (True, False)


def test_what_another_process_added_is_seen(tmp_path):
    """The log is read on from where this process stopped."""
    path = tmp_path / "log.jsonl"
    extend_ledger(path, [{"kind": "list", "list": "a", "did": "x"}], ISSUED)
    before = read_ledger(path).lines
    script = (
        "import sys, pathlib, datetime; from autograder.badge.ledger import extend_ledger; extend_ledger("
        "pathlib.Path(sys.argv[1]), [{'kind': 'list', 'list': 'b', 'did': 'x'}], datetime.datetime.now(datetime.UTC))"
    )
    subprocess.run([sys.executable, "-c", script, path], check=True)

    assert (before, read_ledger(path).lines, sorted(read_ledger(path).lists)) == (1, 2, ["a", "b"])


def test_fifty_issuers_at_once_leave_one_badge_each(some_class, issue, known_of):
    """Fifty threads issue at the same time: one credential a learner, one valid chain."""
    for learner in ("bob", "cleo"):
        some_class.pass_all(learner)
    with ThreadPoolExecutor(50) as threads:
        reports = list(threads.map(lambda _: issue(some_class), range(50)))
    ledger = BadgeStore(some_class.settings).ledger()
    known = known_of(some_class)
    store = BadgeStore(some_class.settings)

    assert sorted(badge.learner for report in reports for badge in report.issued) == ["ada", "bob", "cleo"]
    assert (len(ledger.badges), chain_holds(log_of(some_class))) == (3, True)
    assert {
        verify(store.learner_file(learner, form).read_bytes(), known).verdict
        for learner in ("ada", "bob", "cleo")
        for form in FORMS
    } == {Verdict.VALID}


def test_several_processes_at_once_leave_one_badge(some_class):
    """The lock holds between processes too."""
    script = HERE / "issue_once.py"
    arguments = [some_class.settings.root.parent, os.fspath(some_class.settings.keys)]
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    running = [
        subprocess.Popen([sys.executable, script, *arguments], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    issued = [int(process.communicate(timeout=600)[0]) for process in running]

    assert (sum(issued), chain_holds(log_of(some_class))) == (1, True)


def test_a_kill_at_any_write_leaves_nothing_or_a_whole_badge(tmp_path):
    """Stopped at each call that opens, writes, syncs, renames or closes, then started again: one badge a learner."""
    run = subprocess.run(
        [sys.executable, HERE / "killed_issuer.py", tmp_path],
        env=os.environ | {"PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    wrong = [row for row in rows if (row["badges"], row["verdicts"], row["places"]) != ([["ada", 1]], ["VALID"] * 3, 1)]

    assert (run.returncode, run.stderr, wrong) == (0, "", [])
    assert rows[-1]["status"] == 0
    assert len(rows) > 30
