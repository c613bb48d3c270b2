"""What the instructor's pages are told about a class."""

import csv
import dataclasses
import io
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from gradebook_cases import POINTS, SUITE, UNIT, grade, small_settings, source_notebook, submission
from sqlalchemy import event, text

from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.class_rows import PAGE_SIZE, RISKS, SMALLEST_CLASS
from autograder.gradebook.desk import Desk, Person
from autograder.gradebook.engine import reading_engine
from autograder.gradebook.export import defused, export_canvas, export_csv, export_json
from autograder.gradebook.writer import Writer
from autograder.model import Award, Refusal
from autograder.settings import UnitSetting

NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)
MARKS = [(2.0, 1.0, 2.0), (2.0, 0.0, 1.0), (0.0, 0.0, 0.0), (2.0, 1.0, 0.5), (0.0, 1.0, 0.0), (2.0, 1.0, 2.0)]


@pytest.fixture
def settings(tmp_path):
    return small_settings(tmp_path, pass_share=0.5)


@pytest.fixture
def writer(settings):
    with Writer(settings, clock=lambda: NOW) as opened:
        opened.save_unit(UNIT, source_notebook(), SUITE)
        yield opened


@pytest.fixture
def book(settings):
    with ClassQueries(settings, clock=lambda: NOW) as opened:
        yield opened


def name(number):
    return f"learner{number:03}"


def hand_in(writer, marks=MARKS):
    for number, earned in enumerate(marks):
        writer.record(grade(submission(name(number), b"%d" % number, hour=number % 24), earned=earned))


def test_a_class_that_is_not_there_has_empty_pages(tmp_path):
    """A dashboard may be opened before anything was handed in, and opening it makes no gradebook."""
    with ClassQueries(small_settings(tmp_path)) as book:
        empty = (book.learners().rows, book.submissions().rows, book.run_list().runs, book.audit_log().rows)
        nothing = (book.learner("ada"), book.submission(1), book.run_page(1), book.check(UNIT, "area_of_two"))
        overview = book.overview()

    assert (empty, nothing) == (((), (), (), ()), (None, None, None, None))
    assert (overview.learners, [unit.unit for unit in overview.units], overview.days) == (0, [UNIT], ())
    assert not (tmp_path / "var").exists()


def test_the_overview_counts_learners_and_submissions(writer, book):
    """Refusals and quarantine stand apart from grades."""
    hand_in(writer)
    writer.refuse(Refusal(learner="ned", unit=UNIT, reason="no notebook", received_at=NOW))
    writer.refuse(Refusal(learner="oda", unit=UNIT, reason="broke down", received_at=NOW, fault=True))
    overview = book.overview()
    unit = overview.units[0]

    assert (unit.learners, unit.graded, unit.refused, unit.faults, unit.passed, unit.attempts) == (8, 6, 1, 1, 2, 8)
    assert unit.pass_share == 2 / 8
    assert unit.mean_share == pytest.approx(sum(map(sum, MARKS)) / 8.0 / 6)
    assert [(each.kind, each.count) for each in overview.attention] == [("fault", 1), ("refused", 1)]
    assert (overview.days[0].submissions, overview.days[-1].submissions, len(overview.days)) == (6, 2, 20)


def test_statistics_of_a_small_class_are_not_told(writer, book):
    """Below five learners a mean would tell about single people."""
    hand_in(writer, MARKS[: SMALLEST_CLASS - 1])
    unit, check = book.unit(UNIT), book.check(UNIT, "area_of_two")

    assert (unit.hidden, unit.histogram, unit.checks, unit.clusters, unit.misconceptions) == (True, (), (), (), ())
    assert (unit.counts.pass_share, unit.counts.mean_share) == (None, None)
    assert (check.hidden, check.statistics, check.clusters, check.affected) == (True, None, (), ())


def test_difficulty_and_correlation_are_those_of_the_textbook(writer, book):
    """P is the mean share of points, r Pearson's with the points of the other checks."""
    hand_in(writer)
    table = np.array(MARKS)
    found = {each.check: each for each in book.unit(UNIT).checks}

    for place, (check, points) in enumerate(POINTS.items()):
        own, rest = table[:, place], np.delete(table, place, axis=1).sum(axis=1)
        assert found[check].difficulty == pytest.approx(own.mean() / points)
        assert found[check].correlation == pytest.approx(np.corrcoef(own, rest)[0, 1])


def test_a_check_that_everybody_passes_has_no_correlation_and_is_flagged(writer, book):
    """Nothing varies; and thirty learners are enough to say so."""
    hand_in(writer, [(2.0, 1.0, 2.0)] * 30)
    easy = book.unit(UNIT).checks[0]

    assert (easy.correlation, easy.flags, easy.not_passed) == (None, ("too easy",), 0)


def test_few_learners_and_hard_checks_are_flagged(writer, book):
    """A flag warns before anybody reads much into a number."""
    hand_in(writer, [(0.0, 1.0, 2.0)] * 4 + [(2.0, 0.0, 0.0)])
    flags = {each.check: each.flags for each in book.unit(UNIT).checks}

    assert flags["area_of_two"] == ("too few", "too hard", "does not separate")
    assert flags["area_of_zero"] == ("too few",)  # the rest is the same for everybody: nothing can be said


def test_checks_misconceptions_and_messages_are_ranked(writer, book):
    """The most frequent first; a wrong idea counts once a learner, however many checks it costs."""
    hand_in(writer)
    unit = book.unit(UNIT)

    assert [each.not_passed for each in unit.checks] == [4, 2, 2]
    assert [(each.misconception, each.learners) for each in unit.misconceptions] == [("side_doubled", 3)]
    assert [each.learners for each in unit.clusters] == sorted((each.learners for each in unit.clusters), reverse=True)
    assert sum(unit.histogram) == 6


def test_a_check_page_lists_who_missed_it_by_message(writer, book):
    """The newest attempts first; a cluster narrows the list."""
    hand_in(writer)
    whole = book.check(UNIT, "area_shares")
    wrong = next(each for each in whole.clusters if each.outcome == "wrong")
    narrow = book.check(UNIT, "area_shares", cluster=wrong.cluster)

    assert [each.learner for each in whole.affected] == [name(4), name(3), name(2), name(1)]
    assert [each.learner for each in narrow.affected] == [name(4), name(2)]
    assert (whole.page.total, narrow.page.total, wrong.message) == (4, 2, "area_shares: got #")
    assert book.check(UNIT, "no_such_check") is None


def test_the_analysis_is_of_todays_tests(writer, book):
    """Who was graded by older tests is counted, and due for a regrade, but not mixed in."""
    hand_in(writer)
    writer.save_unit(UNIT, source_notebook(), "e" * 64)
    for number in range(5):
        given = grade(submission(name(number), b"new%d" % number))
        writer.record(dataclasses.replace(given, suite_digest="e" * 64))
    unit = book.unit(UNIT)

    assert (unit.analysed, unit.older_tests, unit.counts.regrade_due) == (5, 1, 1)
    assert [each.learners for each in unit.checks] == [5, 5, 5]
    assert [row.learner for row in book.submissions(state="regrade").rows] == [name(5)]


def test_lists_are_cut_into_pages_that_exist(writer, book):
    """A page beyond the end is the last one; each learner stands on one page."""
    hand_in(writer, [(0.0, 1.0, 0.0)] * (PAGE_SIZE + 10))
    pages = [book.learners(page=number) for number in (1, 2, 99, -5)]
    lists = [book.submissions(page=number, sort="learner", descending=False) for number in (1, 2)]

    assert [(each.page.number, each.page.first, each.page.last) for each in pages] == [
        (1, 1, 50),
        (2, 51, 60),
        (2, 51, 60),
        (1, 1, 50),
    ]
    assert [row.learner for each in lists for row in each.rows] == [name(number) for number in range(PAGE_SIZE + 10)]


@pytest.mark.parametrize("sort", ["name", "learner", "handed_in", "passed", "attempts", "score", "last"])
def test_learners_are_sorted_either_way(settings, writer, book, sort):
    """The other way round is the same list from its end, but for equals and those who never handed in."""
    hand_in(writer)
    with Desk(settings) as desk:
        people = [Person(learner=name(number), last_name=f"Name{9 - number}") for number in range(len(MARKS))]
        desk.enrol(people, actor="eve", reason="")
    field = {"name": "last_name", "last": "last_submitted_at"}.get(sort, sort)
    up, down = (
        [getattr(row, field) for row in book.learners(sort=sort, descending=descending).rows]
        for descending in (False, True)
    )

    assert (up, down) == (sorted(up), sorted(up, reverse=True))


@pytest.mark.parametrize("sort", ["learner", "name", "score", "submitted", "attempts", "state"])
def test_submissions_are_sorted_either_way(writer, book, sort):
    """With and without a unit."""
    hand_in(writer)
    field = {"name": "learner", "submitted": "submitted_at"}.get(sort, sort)
    for unit in (None, UNIT):
        for descending in (False, True):
            rows = book.submissions(unit=unit, sort=sort, descending=descending).rows
            found = [getattr(row, field) for row in rows]
            assert found == sorted(found, reverse=descending)


@pytest.mark.parametrize(
    ("state", "expected"),
    [("", 7), ("graded", 6), ("refused", 1), ("fault", 0), ("passed", 2), ("not passed", 5), ("regrade", 0)],
)
def test_submissions_are_narrowed_by_state(writer, book, state, expected):
    """The number above the list is the number of its rows."""
    hand_in(writer)
    writer.refuse(Refusal(learner="ned", unit=UNIT, reason="no notebook", received_at=NOW))
    found = book.submissions(unit=UNIT, state=state)

    assert (found.page.total, len(found.rows)) == (expected, expected)


def test_a_search_looks_into_ids_names_and_addresses(settings, writer, book):
    """Whatever the case; what a pattern means to a database means nothing here."""
    hand_in(writer)
    with Desk(settings) as desk:
        desk.enrol(
            [Person(learner=name(1), first_name="Zoë", last_name="Okafor", email="z@example.org")],
            actor="eve",
            reason="",
        )
    found = {text: [row.learner for row in book.learners(search=text).rows] for text in ("OKAF", "z@ex", "%", "_", "'")}
    listed = [row.learner for row in book.submissions(search="okafor").rows]

    assert found == {"OKAF": [name(1)], "z@ex": [name(1)], "%": [], "_": [], "'": []}
    assert listed == [name(1)]


def test_an_unknown_order_or_state_is_an_error(writer, book):
    """Never another order in silence."""
    hand_in(writer)
    for ask in (
        lambda: book.learners(sort="points; DROP TABLE"),
        lambda: book.learners(contact="phoned"),
        lambda: book.submissions(sort="x"),
        lambda: book.submissions(state="x"),
    ):
        with pytest.raises(ValueError, match="known are"):
            ask()


def test_the_rule_of_risk_names_what_holds(tmp_path):
    """Each condition for one learner, and no word about one who does well."""
    units = ("01_small", "02_small", "03_small")
    settings = small_settings(tmp_path, units=tuple(UnitSetting(name=unit) for unit in units), pass_share=0.5)
    with Writer(settings) as writer:
        for unit in units:
            writer.save_unit(unit, source_notebook(), SUITE)
        ways = {"fine": 3, "good": 3, "well": 3, "best": 3, "slow": 2, "few": 1, "ran": 2}
        for learner, hand_ins in ways.items():
            for place in range(hand_ins):
                at = NOW - timedelta(days=20 if learner == "ran" else place)
                given = submission(learner, f"{learner}{place}".encode(), unit=units[place])
                writer.record(grade(dataclasses.replace(given, submitted_at=at), earned=(2.0, 1.0, 2.0)))
        for number in range(3):
            given = submission("slow", b"again%d" % number, unit=units[2])
            writer.record(grade(dataclasses.replace(given, submitted_at=NOW), earned=(0.0, 0.0, 0.0)))
    with Desk(settings) as desk:
        desk.enrol([Person(learner="never")], actor="eve", reason="")
    with ClassQueries(settings) as book:
        found = {row.learner: row.risks for row in book.learners().rows}
        at_risk = book.learners(at_risk=True)

    held = {"slow": ("stuck",), "few": ("behind",), "ran": ("quiet",), "never": ("nothing",)}
    assert found == dict.fromkeys(ways, ()) | held
    assert (at_risk.at_risk, {row.learner for row in at_risk.rows}) == (4, held.keys())
    fields = dataclasses.asdict(at_risk.rule)
    assert all(sentence.format(**fields) for sentence in RISKS.values())


def test_a_learners_page_tells_all_attempts(writer, book):
    """The newest first, with units, awards and what is said about the learner."""
    for number in range(3):
        writer.record(grade(submission("ada", b"%d" % number, hour=number), earned=(float(number), 0.0, 0.0)))
    writer.award(Award(learner="ada", achievement="production-ml", version="1", earned_at=NOW))
    page = book.learner("ada")

    assert ([each.id for each in page.attempts], page.units[0].attempts) == ([3, 2, 1], 3)
    assert [(each.achievement, each.name) for each in page.awards] == [("production-ml", "ada")]


def test_a_regrade_is_no_attempt(writer, book):
    """A new grading of the same submission moves no count; handing in the same bytes again does."""
    for earned in (0.0, 1.0, 2.0):
        writer.record(grade(submission("ada", hour=9), earned=(earned, 0.0, 0.0)))
    writer.refuse(Refusal(learner="ada", unit=UNIT, reason="no", received_at=NOW, submitted_at=NOW, fault=True))
    writer.refuse(Refusal(learner="ada", unit=UNIT, reason="no", received_at=NOW, submitted_at=NOW, fault=True))
    writer.reuse(submission("ada", hour=11), SUITE)
    page, unit = book.learner("ada"), book.overview().units[0]

    assert (page.units[0].attempts, page.row.attempts, unit.attempts) == (3, 3, 3)
    assert sum(day.submissions for day in book.overview().days) == 3
    assert [(one.number, one.grading) for one in page.attempts] == [(3, 2), (3, 1), (2, 1), (1, 3), (1, 2), (1, 1)]
    assert [book.submission(one.id).number for one in page.attempts] == [3, 3, 2, 1, 1, 1]


def test_an_audit_row_of_another_learner_is_not_mixed_in(settings, writer, book):
    """Neither of one whose name is longer."""
    for learner in ("ada", "ada2", "adam"):
        writer.record(grade(submission(learner, learner.encode())))
    with Desk(settings) as desk:
        for learner in ("ada", "ada2", "adam"):
            desk.mark_regrade(learner, UNIT, actor="eve", reason=learner)

    assert [row.reason for row in book.learner("ada").audit] == ["ada"]


def test_a_submission_page_knows_its_neighbours_and_twins(writer, book):
    """The same bytes of two learners are worth a look."""
    for learner, data in (("ada", b"1"), ("ada", b"2"), ("bob", b"2"), ("ada", b"3")):
        writer.record(grade(submission(learner, data)))
    page = book.submission(2)

    assert (page.older, page.newer, page.twins, page.counts, page.current_tests) == (1, 4, ("bob",), False, True)
    assert book.submission(4).counts


def test_attempts_are_numbered_as_their_learner_counts_them(writer, book):
    """By the moment of handing in, at each unit from 1 on: in what order a run recorded them does not matter."""
    for who, content, hour in (("bao", b"b", 5), ("ada", b"second", 7), ("ada", b"first", 3)):
        writer.record(grade(submission(who, content, hour=hour), earned=MARKS[0]))
    newest, first = book.submission(2), book.submission(3)

    assert [book.submission(id).number for id in (1, 2, 3)] == [1, 2, 1]
    assert [(one.id, one.number) for one in newest.history] == [(2, 2), (3, 1)]
    assert (first.older, first.newer, newest.older, newest.newer) == (None, 2, 3, None)


def test_a_run_tells_what_it_found_refused_and_unchanged(settings):
    """Until somebody hands in anew; who did since is shown as graded, and a later run does not name them."""
    minutes = iter(range(10_000))
    with Writer(settings, clock=lambda: NOW + timedelta(minutes=next(minutes) / 10)) as writer:
        writer.save_unit(UNIT, source_notebook(), SUITE)
        for who in ("ada", "eve"):
            writer.refuse(Refusal(learner=who, unit=UNIT, reason="no notebook", received_at=NOW))
        run = writer.start_run(UNIT, actor="grader", total=2)
        writer.finish_run(run, "done", unchanged=2)
        writer.record(grade(submission("ada", b"better")))
        later = writer.start_run(UNIT, actor="grader", total=2)
        with ClassQueries(settings, clock=lambda: NOW) as book:
            going = book.run_page(later)
        writer.finish_run(later, "done", unchanged=2)
    with ClassQueries(settings) as book:
        pages = [book.run_page(run), book.run_page(later)]

    assert [[(one.learner, one.resolved, one.before) for one in page.problems] for page in pages] == [
        [("ada", True, True), ("eve", False, True)],
        [("eve", False, True)],
    ]
    assert (going.state.going_on, going.problems) == (True, ())


def test_awards_that_are_due_are_listed(writer, book):
    """Who passed all required units and has none."""
    hand_in(writer)
    writer.award(Award(learner=name(0), achievement="production-ml", version="1", earned_at=NOW))
    found = book.award_list()

    assert ([each.learner for each in found.rows], found.due, found.due_count) == ([name(0)], ((name(5), name(5)),), 1)


def test_the_audit_is_searched(settings, writer, book):
    """By actor, subject and reason, and by what was done."""
    hand_in(writer)
    with Desk(settings) as desk:
        desk.set_contact(name(1), "pending", actor="eve", note="wrote to them")
        desk.set_contact(name(2), "pending", actor="mel")

    assert [row.subject for row in book.audit_log(search="WROTE").rows] == [name(1)]
    assert [row.subject for row in book.audit_log(action="contact").rows] == [name(2), name(1)]
    assert book.audit_log().actions == ("contact", "save_unit")


def test_the_pages_cannot_write(writer, book):
    """The door for reading is only that."""
    hand_in(writer)
    with book.reading() as conn, pytest.raises(Exception, match="readonly"):
        conn.execute(text("DELETE FROM course_standings"))


def test_a_page_is_of_one_moment(writer, book):
    """What is graded while a page is read does not change half of it."""
    hand_in(writer)
    count = text("SELECT count(*) FROM course_attempts")
    with book.reading() as conn:
        before = conn.execute(count).scalar_one()
        writer.record(grade(submission("late", b"late")))
        assert conn.execute(count).scalar_one() == before
    with book.reading() as conn:
        assert conn.execute(count).scalar_one() == before + 1


@pytest.mark.parametrize("attack", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "|calc", "%0a=1"])
def test_a_formula_in_a_name_is_defused(attack):
    """A spreadsheet shows it and does not run it."""
    assert defused(attack) == f"'{attack}"


def test_names_are_exported_as_they_are(settings, writer):
    """Quotes, commas and line ends stay within their cell, and a number is a number."""
    hand_in(writer, MARKS[:2])
    odd = '=HYPERLINK("x"), "Bob"\nO\'Neil'
    with Desk(settings) as desk:
        desk.enrol([Person(learner=name(0), first_name=odd), Person(learner="zoe")], actor="eve", reason="")
    rows = list(csv.reader(io.StringIO("".join(export_csv(settings)))))

    assert rows[0] == [
        *["learner", "first_name", "last_name", "email"],
        *(f"{UNIT} {each}" for each in ("points", "of", "late penalty", "passed")),
    ]
    assert [row[4:] for row in rows[1:]] == [["5", "8", "0", "yes"], ["3", "8", "0", "no"], ["", "", "", ""]]
    assert rows[1][1] == f"'{odd}"


def test_canvas_finds_points_possible_and_the_login(settings, writer):
    """Its importer wants five columns of names, and a second line with the points."""
    hand_in(writer, MARKS[:1])
    rows = list(csv.reader(io.StringIO("".join(export_canvas(settings)))))

    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", UNIT]
    assert (rows[1][0].strip(), rows[1][5]) == ("Points Possible", "8")
    assert rows[2] == [name(0), "", name(0), name(0), "", "5"]


def test_the_json_export_is_json(settings, writer):
    """One object a learner, with every unit that was handed in."""
    hand_in(writer, MARKS[:2])
    found = json.loads("".join(export_json(settings)))

    assert [(each["learner"], each["units"][UNIT]["points"]) for each in found] == [(name(0), 5.0), (name(1), 3.0)]
    assert found[0]["units"][UNIT]["passed"] is True


@pytest.mark.parametrize("sort", ["learner", "name", "score", "submitted", "attempts", "state"])
@pytest.mark.parametrize("descending", [True, False])
def test_the_order_of_all_submissions_is_an_index(settings, writer, book, sort, descending):
    """The database never sorts a whole class to show fifty rows."""
    writer.record(grade(submission("ada")))
    plans = []

    @event.listens_for(reading_engine(settings.db_url), "before_cursor_execute")
    def explain(conn, cursor, statement, parameters, *_):
        if "LIMIT" in statement and "course_standings" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append([(row[0], row[1], row[3]) for row in cursor.fetchall()])

    try:
        book.submissions(sort=sort, descending=descending)
    finally:
        event.remove(reading_engine(settings.db_url), "before_cursor_execute", explain)

    (plan,) = plans
    (page,) = [number for number, _, what in plan if what.startswith(("CO-ROUTINE", "MATERIALIZE"))]
    steps = [what for _, parent, what in plan if parent == page]
    assert all("USING" in what and "INDEX" in what for what in steps if what.startswith("SCAN")), steps
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps
