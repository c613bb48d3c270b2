"""Issuing: who gets a badge, once, and what it then says."""



from autograder.badge.store import FORMS, BadgeStore
from autograder.badge.verify import Verdict, verify


def test_a_learner_who_passed_everything_gets_a_valid_badge(some_class, issue, known_of):
    """From the gradebook to a verified badge, as JSON, PNG and SVG."""
    issue(some_class)
    store = BadgeStore(some_class.settings)

    verdicts = {
        form: verify(store.learner_file("ada", form).read_bytes(), known_of(some_class)).verdict for form in FORMS
    }

    assert verdicts == dict.fromkeys(FORMS, Verdict.VALID)
