"""One hearing: what a lost process costs, what is replayed, whose clock counts, which names a test sees."""

import resource
import signal
import time
from dataclasses import replace

import pytest
from judge_hearings import LIMITS, Learners, answer, check, hear, locked

from autograder.model import Outcome

SOON = 3.0  # what ends at a limit waits so long; anything else takes a hundredth of it
DOUBLE = answer("double", "def double(x):\n    return 2 * x", "double")
DIES = answer("dies", "import os\ndef dies(x):\n    os._exit(3)", "dies")
RIGHT = "assert double(2) == 4, 'not doubled'"


@pytest.fixture
def learners():
    every = Learners()
    yield every
    every.close()


def ends(witnessed):
    """Return name -> limit, name of the error, or "held"."""
    return {name: one.run.limit or one.run.error_name or "held" for name, one in witnessed.items()}


def test_a_death_costs_its_check_and_nothing_else(learners):
    """The earlier cells run again in a fresh process, earlier names come back, later answers are heard."""
    later = answer("later", "def later(x):\n    return double(x) + 1", "later")
    cells = [
        DOUBLE,
        DIES,
        check("before", RIGHT),
        check("death", "dies(1)"),
        check("after", RIGHT),
        later,
        check("last", "assert later(1) == 3 and double(1) == 2"),
    ]

    assert ends(hear(learners, cells)) == {
        "double": "held",
        "dies": "held",
        "before": "held",
        "death": Outcome.KILLED,
        "after": "held",
        "later": "held",
        "last": "held",
    }
    assert len(learners.pids) == 2


def test_a_cell_that_ends_its_process_is_not_run_again(learners):
    """An answer that dies while it is defined costs itself and its checks; the others are heard."""
    deadly = answer("deadly", "import os\nos._exit(1)\ndef deadly():\n    pass", "deadly")
    found = ends(hear(learners, [DOUBLE, deadly, check("its_own", "deadly()"), check("other", RIGHT)]))

    assert found == {"double": "held", "deadly": Outcome.KILLED, "its_own": "NameError", "other": "held"}
    assert len(learners.pids) == 2


def test_a_replay_that_dies_again_ends_the_hearing(learners):
    """An answer that lives only in the first process is tried twice more; then everything left has that limit."""
    fickle = answer("fickle", "import os\nif PROCESS > 1:\n    os._exit(1)")
    cells = [DOUBLE, fickle, DIES, check("before", RIGHT), check("death", "dies(1)"), check("after", RIGHT), DOUBLE]
    found = ends(hear(learners, cells))

    assert (found["before"], found["death"], found["after"]) == ("held", Outcome.KILLED, Outcome.KILLED)
    assert len(learners.pids) == 3


def test_a_replay_that_lives_at_the_second_try_goes_on(learners):
    """One bad start is not the end."""
    unlucky = answer("unlucky", "import os\nif PROCESS == 2:\n    os._exit(1)")
    found = ends(hear(learners, [DOUBLE, unlucky, DIES, check("death", "dies(1)"), check("after", RIGHT)]))

    assert (found["death"], found["after"]) == (Outcome.KILLED, "held")
    assert len(learners.pids) == 3


def test_a_call_without_end_costs_its_check(learners):
    """A call over its limit is late; the next check has a fresh process."""
    endless = answer("endless", "def endless():\n    while True:\n        pass", "endless")
    limits = replace(LIMITS, call_seconds=SOON)
    found = ends(hear(learners, [DOUBLE, endless, check("late", "endless()"), check("after", RIGHT)], limits=limits))

    assert (found["late"], found["after"]) == (Outcome.TIME, "held")


def test_a_test_cannot_swallow_a_late_answer(learners):
    """`except Exception` around an endless call does not hide that it never came back."""
    endless = answer("endless", "def endless():\n    while True:\n        pass", "endless")
    limits = replace(LIMITS, call_seconds=SOON)
    swallowing = check("late", "try:\n    endless()\nexcept Exception:\n    pass")

    assert ends(hear(learners, [endless, swallowing], limits=limits))["late"] is Outcome.TIME


def test_a_lost_process_that_a_test_hides_still_costs_the_check(learners):
    """Even a bare `except` in a test leads to no points."""
    hiding = check("death", "try:\n    dies(1)\nexcept BaseException:\n    pass")

    assert ends(hear(learners, [DIES, hiding]))["death"] is Outcome.KILLED


def test_a_test_that_hides_a_death_gets_no_fresh_process(learners):
    """Within one check nothing is replaced: files asked for after a death do not make it good."""
    hiding = (
        "from exercises.testing import workspace\ntry:\n    dies(1)\nexcept BaseException:\n    pass\n"
        "try:\n    workspace()\nexcept BaseException:\n    pass"
    )

    assert ends(hear(learners, [DIES, check("death", hiding)]))["death"] is Outcome.KILLED
    assert len(learners.pids) == 1


def test_a_check_without_end_of_its_own_is_interrupted(learners):
    """A loop in the test cell itself, which never calls the answer, ends at the limit of a cell."""
    cells = [DOUBLE, check("endless", "while True:\n    pass"), check("after", RIGHT)]
    found = ends(hear(learners, cells, cell_seconds=SOON))

    assert (found["endless"], found["after"]) == (Outcome.TIME, "held")
    assert len(learners.pids) == 1


def test_many_short_calls_together_are_over_the_limit_of_a_check(learners):
    """A test that asks for ever is stopped as one that waits for ever."""
    cells = [DOUBLE, check("asks", "while True:\n    double(1)"), check("after", RIGHT)]
    found = ends(hear(learners, cells, cell_seconds=SOON))

    assert (found["asks"], found["after"]) == (Outcome.TIME, "held")


def test_the_whole_hearing_has_an_end(learners):
    """When the time of a submission is over, what is left says so and starts no process."""
    slow = answer("slow", "def slow():\n    while True:\n        pass", "slow")
    limits = replace(LIMITS, call_seconds=SOON / 2, total_seconds=1.5 * SOON)
    cells = [slow, *(check(f"check_{number}", "slow()") for number in range(6))]
    found = ends(hear(learners, cells, limits=limits))

    assert set(found.values()) == {"held", Outcome.TIME}
    assert len(learners.pids) < 6


def test_an_answer_cell_over_its_limit_is_told_as_time(learners):
    """The cell that never ends is named; the checks of others are heard."""
    endless = answer("endless", "while True:\n    pass")
    limits = replace(LIMITS, cell_seconds=SOON)
    found = ends(hear(learners, [DOUBLE, endless, check("after", RIGHT)], limits=limits))

    assert (found["endless"], found["after"]) == (Outcome.TIME, "held")


def test_names_of_a_test_are_gone_in_the_next(learners):
    """A name that a check makes, or rebinds, means in the next one what it meant before."""
    cells = [
        DOUBLE,
        check("makes", "kept = 1\nimport json\ndouble_again = double"),
        check("looks", "kept"),
        check("looks_at_a_module", "json"),
    ]

    assert ends(hear(learners, cells)) == {
        "double": "held",
        "makes": "held",
        "looks": "NameError",
        "looks_at_a_module": "NameError",
    }


def test_a_test_that_rebinds_an_answers_name_changes_it_for_itself_alone(learners):
    """The next check calls the answer."""
    cells = [DOUBLE, check("rebinds", "double = lambda x: 0"), check("calls", RIGHT)]

    assert ends(hear(learners, cells))["calls"] == "held"


def test_a_test_sees_only_the_names_of_the_reference(learners):
    """What an answer defines besides is its own matter."""
    cells = [answer("double", "extra = 1\ndef double(x):\n    return 2 * x", "double"), check("looks", "extra")]

    assert ends(hear(learners, cells))["looks"] == "NameError"


def test_a_later_answer_redefines_for_the_checks_that_follow(learners):
    """As in a notebook, the last definition counts, also one in a cell that the learner added."""
    again = answer("again", "def double(x):\n    return 0")
    cells = [DOUBLE, check("first", RIGHT), again, check("second", RIGHT)]
    found = ends(hear(learners, cells))

    assert (found["first"], found["second"]) == ("held", "AssertionError")


def test_locked_cells_run_on_both_sides_and_again_after_a_death(learners):
    """Answer and check both use what a locked cell defines."""
    uses = answer("uses", "def uses(x):\n    return half(x)", "uses")
    cells = [
        DIES,
        locked("half", "def half(x):\n    return x / 2"),
        uses,
        check("one", "assert uses(4) == half(4) == 2"),
        check("death", "dies(1)"),
        check("two", "assert uses(4) == half(4) == 2"),
    ]
    found = ends(hear(learners, cells))

    assert (found["one"], found["death"], found["two"]) == ("held", Outcome.KILLED, "held")


def test_files_of_a_test_are_in_the_learners_process(learners):
    """A workspace is a folder there; after a death the next check has a new one."""
    reads = answer("reads", "def reads(path):\n    return path.joinpath('a.txt').read_text()", "reads")
    writes = (
        "from exercises.testing import workspace\nfolder = workspace()\nfolder.write('a.txt', 'abc')\n"
        "assert reads(folder.path) == 'abc' and folder.names() == ('a.txt',)"
    )
    found = ends(hear(learners, [reads, DIES, check("one", writes), check("death", "dies(1)"), check("two", writes)]))

    assert (found["one"], found["death"], found["two"]) == ("held", Outcome.KILLED, "held")


def test_a_fresh_process_has_the_answers_and_the_hash_seed_that_was_asked_for(learners):
    """The answers are replayed there, and the usual process lives on."""
    asks = (
        "from exercises.testing import in_fresh_process\n"
        "assert in_fresh_process('number', hash_seed=7) == 2 and number() == 1"
    )
    cells = [answer("number", "def number():\n    return PROCESS", "number"), check("asks", asks)]

    assert ends(hear(learners, cells))["asks"] == "held"
    assert learners.hash_seeds == [None, 7]


def test_a_fresh_process_that_dies_costs_its_check(learners):
    """It is told as any death, not as an exception with a name of ours; the usual process lives on."""
    dies_there = "import os\nhere = PROCESS\ndef number():\n    return here if here == 1 else os._exit(3)"
    asks = "from exercises.testing import in_fresh_process\nin_fresh_process('number', hash_seed=7)"
    cells = [answer("number", dies_there, "number"), check("asks", asks), check("after", "assert number() == 1")]

    assert ends(hear(learners, cells)) == {"number": "held", "asks": Outcome.KILLED, "after": "held"}
    assert learners.hash_seeds == [None, 7]


def test_what_the_grader_takes_for_a_fresh_process_is_nobodys_time(learners, monkeypatch):
    """A server that takes an hour to start costs no check its time, and no alarm breaks off what is asked for."""
    clock, late, alarms = time.monotonic, [0.0], []
    monkeypatch.setattr(time, "monotonic", lambda: clock() + late[0])
    give = learners.open

    def open_late(hash_seed):
        alarms.append(signal.getitimer(signal.ITIMER_REAL)[0])
        late[0] += 3600.0 if hash_seed else 0.0
        return give(hash_seed)

    learners.open = open_late
    asks = (
        "import signal\nfrom exercises.testing import in_fresh_process\n"
        "assert in_fresh_process('double', 1, hash_seed=7) == 2 and double(1) == 2\n"
        "assert signal.getitimer(signal.ITIMER_REAL)[0] > 0"
    )

    assert ends(hear(learners, [DOUBLE, check("asks", asks), check("after", RIGHT)])) == {
        "double": "held",
        "asks": "held",
        "after": "held",
    }
    assert alarms == [0.0, 0.0]


def used():
    """Return the processor time of this process and of all that it has buried."""
    buried = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + buried.ru_utime + buried.ru_stime


def test_processor_time_of_a_check_counts_both_processes(learners):
    """What the answer burns and what the test burns is one sum."""
    loop = "    while time.process_time() < end:\n        pass\n"
    burn = f"import time\ndef burn():\n    end = time.process_time() + 0.2\n{loop}"
    burns_twice = burn.replace("burn", "burn_here") + "burn()\nburn_here()"
    cells = [answer("burn", burn, "burn"), check("both", burns_twice)]
    before = used()
    found = hear(learners, cells)["both"].run

    assert found.error_name is None
    assert 0.38 < found.cpu_seconds <= used() - before + 0.01  # nothing twice; the kernel's own sums are rounded


def test_a_death_is_told_from_an_end_that_we_made(learners):
    """Who hung up matters: only a process that hung up by itself may still have an end of its own to tell."""
    limits = replace(LIMITS, call_seconds=SOON)
    endless = answer("endless", "def endless():\n    while True:\n        pass", "endless")
    hear(learners, [DIES, endless, check("death", "dies(1)"), check("late", "endless()")], limits=limits)

    assert learners.said_to_have_hung_up[:2] == [True, False]


def test_an_error_of_the_answer_names_the_learners_line(learners):
    """Cell and line are those of the learner's own code, innermost but not of a helper that the course gave."""
    helper = locked("half", "def half(x):\n    return x / 2")
    cells = [
        helper,
        answer("adds", "def adds(x):\n\n    return x + None", "adds"),
        answer("halves", "def halves(x):\n    return half(x)", "halves"),
        check("own", "adds(1)"),
        check("through_a_helper", "halves('a')"),
        check("call", "adds()"),
        check("test", "1 / 0"),
    ]
    found = {name: (one.run.error_cell, one.run.error_line) for name, one in hear(learners, cells).items()}

    assert [found[name] for name in ("own", "through_a_helper", "call", "test")] == [
        ("adds", 3),
        ("halves", 2),
        (None, None),
        (None, None),
    ]


def test_an_object_of_the_test_that_raises_is_the_tests_assertion_or_the_answers_use(learners):
    """An assertion in a stub is a verdict of the test; any other error of a stub names the learner's line."""
    cells = [
        answer("uses", "def uses(stub):\n    return stub(2)", "uses"),
        check("asserts", "def stub(x):\n    assert x == 3, 'three is wanted'\nuses(stub)"),
        check("stops", "def stub(x):\n    raise KeyError(x)\nuses(stub)"),
    ]
    found = hear(learners, cells)

    assert (found["asserts"].run.error_name, found["asserts"].run.error_cell) == ("AssertionError", None)
    assert (found["stops"].run.error_cell, found["stops"].run.error_line) == ("uses", 2)


@pytest.mark.parametrize(
    ("raises", "name", "text"),
    [("SystemExit(0)", "SystemExit", "0"), ("StopIteration", "StopIteration", ""), ("Own('odd')", "Own", "odd")],
)
def test_an_error_has_its_own_name_and_text(learners, raises, name, text):
    """What cannot cross as itself is still told to the learner by its own name."""
    source = f"class Own(Exception):\n    pass\ndef stops():\n    raise {raises}"
    found = hear(learners, [answer("stops", source, "stops"), check("stop", "stops()")])["stop"].run

    assert (found.error_name, found.error_message, found.error_cell) == (name, text, "stops")


def test_an_empty_cell_ran_and_said_nothing(learners):
    """A cell without text costs no process."""
    found = hear(learners, [answer("empty", "  \n")])["empty"]

    assert (found.run.ran, found.outputs, learners.pids) == (True, (), [])


def test_every_process_is_buried_at_the_end(learners):
    """Nobody is left when the hearing is over."""
    hear(learners, [DOUBLE, DIES, check("death", "dies(1)"), check("after", RIGHT)], limits=LIMITS)

    assert len(learners.said_to_have_hung_up) == len(learners.pids) == 2
