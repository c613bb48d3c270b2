"""
Stops an issuer at each of its writes, then lets it start again. A program of its own, because it forks.

Prints for each point where the issuer was stopped what was found after the next, undisturbed run.
"""

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from badge_class import ISSUED, make_class

from autograder.badge.issuing import issue_due, make_issuer_key
from autograder.badge.ledger import read_ledger
from autograder.badge.publish import signed_status_lists
from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.trust import trust_document, trusted_keys
from autograder.badge.verify import Known, verify

CALLS = ("open", "write", "fsync", "replace", "close")
LEARNERS = ("ada",)


def stop_at(count):
    """Let the process die at the call of this number; a write is torn in the middle."""
    left = [count]
    for name in CALLS:
        setattr(os, name, dying(getattr(os, name), name, left))


def dying(real, name, left):
    def call(*arguments, **more):
        left[0] -= 1
        if left[0] < 0:
            if name == "write":
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os._exit(9)
        return real(*arguments, **more)

    return call


def in_child(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def issue(settings):
    issue_due(settings, actor="tester", clock=lambda: ISSUED)


def found_after(settings):
    """Look at everything that an issuer leaves behind."""
    store = BadgeStore(settings)
    ledger = read_ledger(store.folder / "log.jsonl")
    known = Known(
        trust=trusted_keys(trust_document("x", list(ledger.keys.values()))),
        status_lists=list(signed_status_lists(settings, ISSUED).values()),
        now=ISSUED,
    )
    files = [store.learner_file(learner, form) for learner in LEARNERS for form in FORMS]
    return {
        "badges": sorted((badge.learner, badge.revision) for badge in ledger.badges.values()),
        "verdicts": [verify(path.read_bytes(), known).verdict.name for path in files],
        "places": len({place for badge in ledger.badges.values() for place in badge.entries}),
        "left over": sorted(path.name for path in store.folder.rglob("*.tmp-*")),
    }


def made_ready(place, settings):
    """Copy a class in which nothing was issued yet."""
    shutil.copytree(settings.var, place / "var")
    return replace(settings, var_folder=place / "var", db_url=f"sqlite:///{place / 'var' / 'gradebook.db'}")


def main(root):
    first = make_class(root / "first")
    make_issuer_key(first.settings, clock=lambda: ISSUED)
    for learner in LEARNERS:
        first.pass_all(learner)
    first.engine.dispose()
    issue(made_ready(root / "warm", first.settings))  # loads every module, so that each fork has them
    count, status = 0, 9
    while status == 9:
        settings = made_ready(root / str(count), first.settings)

        def stopped(settings=settings, count=count):
            stop_at(count)
            issue(settings)

        status = in_child(stopped)
        in_child(lambda settings=settings: issue(settings))
        sys.stdout.write(json.dumps({"at": count, "status": status, **found_after(settings)}) + "\n")
        count += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
