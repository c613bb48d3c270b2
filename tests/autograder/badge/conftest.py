"""A class with a gradebook, an issuer and a verifier."""

from datetime import timedelta

import pytest
from badge_class import ISSUED, make_class

from autograder.badge.issuing import issue_due, make_issuer_key
from autograder.badge.store import BadgeStore
from autograder.badge.trust import trust_document, trusted_keys
from autograder.badge.verify import Known


@pytest.fixture
def some_class(tmp_path):
    """Give a class with an issuer's key, where Ada has passed everything."""
    made = make_class(tmp_path)
    make_issuer_key(made.settings, clock=lambda: ISSUED - timedelta(days=1))
    made.pass_all("ada", score=16.5)
    return made


@pytest.fixture
def issue():
    """Issue what is due, at a moment of the test's choice."""

    def run(made, *, at=ISSUED, **more):
        return issue_due(made.settings, actor="tester", clock=lambda: at, **more)

    return run


@pytest.fixture
def known_of():
    """Make a verifier who trusts the issuer of a class and has its status lists."""

    def make(made, *, at=ISSUED, lists=True, **more):
        from autograder.badge.publish import signed_status_lists

        ledger = BadgeStore(made.settings).ledger()
        trust = trusted_keys(trust_document("Mill Road College", list(ledger.keys.values())))
        status = list(signed_status_lists(made.settings, at).values()) if lists else []
        return Known(trust=trust, status_lists=status, now=at, **more)

    return make
