"""
The analysis of a unit's checks, from sums that the writer keeps: difficulty, correlation, misconceptions, messages.

Works on a connection of the caller's. Decides the flags; tells nothing about classes that are too small.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, func, select

from autograder.gradebook.class_numbers import SCORE_BINS
from autograder.gradebook.class_rows import (
    ENOUGH_FOR_ITEMS,
    PAGE_SIZE,
    SMALLEST_CLASS,
    AffectedLearner,
    CheckPage,
    CheckStatistics,
    MessageCluster,
    MisconceptionCount,
    Page,
    UnitCounts,
    UnitStatistics,
)
from autograder.gradebook.class_tables import check_numbers, message_numbers, misconception_numbers, suite_numbers
from autograder.gradebook.listing import name_of, page_of
from autograder.gradebook.nbgrader_tables import student
from autograder.gradebook.tables import check_results, standings, suites

TOO_HARD = 0.3
TOO_EASY = 0.95
SEPARATES = 0.2
CLUSTERS_OF_UNIT = 20
CLUSTERS_OF_CHECK = 50


def check_statistics(sums: RowMapping) -> CheckStatistics:
    """Turn the kept sums of one check into difficulty and correlation."""
    count = sums["learners"]
    difficulty = sums["earned"] / (count * sums["points"]) if sums["points"] else 1.0
    correlation = _correlation(sums)
    hard = ("too hard",) if difficulty < TOO_HARD else ()
    easy = ("too easy",) if difficulty > TOO_EASY else ()
    blunt = ("does not separate",) if correlation is not None and correlation < SEPARATES else ()
    few = ("too few",) if count < ENOUGH_FOR_ITEMS else ()
    return CheckStatistics(
        check=sums["check_name"],
        exercise=sums["exercise"],
        points=sums["points"],
        learners=count,
        not_passed=sums["not_passed"],
        not_attempted=sums["not_attempted"],
        difficulty=min(1.0, max(0.0, difficulty)),
        correlation=correlation,
        flags=few + hard + easy + blunt,
    )


def _correlation(sums: RowMapping) -> float | None:
    """Correlate points of the check with points of the rest; None where one of them is the same for everybody."""
    count = sums["learners"]
    own = count * sums["earned_squares"] - sums["earned"] ** 2
    rest = count * sums["rest_squares"] - sums["rest"] ** 2
    smallest = 1e-9 * count * count  # rounding of sums must not look like a difference between learners
    if own <= smallest or rest <= smallest:
        return None
    both = count * sums["products"] - sums["earned"] * sums["rest"]
    return float(max(-1.0, min(1.0, both / sqrt(own * rest))))


def unit_statistics(conn: Connection, counts: UnitCounts) -> UnitStatistics:
    """Tell the page of a unit."""
    unit = counts.unit
    suite = current_suite(conn, unit)
    row = suite_numbers.c
    by_suite = dict(conn.execute(select(row.suite, row.learners).where(row.unit == unit)).all())
    analysed = by_suite.get(suite, 0)
    older = sum(by_suite.values()) - analysed
    told = analysed + older >= SMALLEST_CLASS
    enough = analysed >= SMALLEST_CLASS
    return UnitStatistics(
        counts=counts,
        hidden=not told,
        analysed=analysed,
        older_tests=older,
        histogram=_histogram(conn, unit) if told else (),
        checks=_checks(conn, unit, suite) if enough else (),
        misconceptions=_misconceptions(conn, unit, suite) if enough else (),
        clusters=_clusters(conn, unit, suite, "", CLUSTERS_OF_UNIT) if enough else (),
    )


def current_suite(conn: Connection, unit: str) -> str:
    """Name the tests of today; empty if the unit was never graded."""
    query = select(suites.c.digest).where(suites.c.unit == unit, suites.c.current)
    return conn.execute(query).scalar_one_or_none() or ""


def _histogram(conn: Connection, unit: str) -> tuple[int, ...]:
    row = standings.c
    query = select(row.score_bin, func.count()).where(row.unit == unit, row.score_bin.is_not(None))
    found: dict[int | None, int] = dict(conn.execute(query.group_by(row.score_bin)).all())
    return tuple(found.get(place, 0) for place in range(SCORE_BINS))


def _checks(conn: Connection, unit: str, suite: str) -> tuple[CheckStatistics, ...]:
    row = check_numbers.c
    query = select(check_numbers).where(row.unit == unit, row.suite == suite, row.learners > 0)
    rows = conn.execute(query.order_by(row.not_passed.desc(), row.position)).mappings()
    return tuple(check_statistics(each) for each in rows)


def _misconceptions(conn: Connection, unit: str, suite: str) -> tuple[MisconceptionCount, ...]:
    row = misconception_numbers.c
    query = (
        select(row.misconception, row.exercise, row.learners)
        .where(row.unit == unit, row.suite == suite, row.learners > 0)
        .order_by(row.learners.desc(), row.misconception)
    )
    told = message_numbers.c
    messages = (
        select(told.misconception, told.check_name, told.cluster)
        .where(told.unit == unit, told.suite == suite, told.learners > 0, told.misconception.is_not(None))
        .order_by(told.learners, told.cluster)
    )
    largest = {each.misconception: (each.check_name, each.cluster) for each in conn.execute(messages)}  # the last wins
    return tuple(
        MisconceptionCount(**each, check=check, cluster=cluster)
        for each in conn.execute(query).mappings()
        for check, cluster in [largest.get(each["misconception"], ("", ""))]
    )


def _clusters(conn: Connection, unit: str, suite: str, check: str, limit: int) -> tuple[MessageCluster, ...]:
    row = message_numbers.c
    query = select(message_numbers).where(row.unit == unit, row.suite == suite, row.learners > 0)
    if check:
        query = query.where(row.check_name == check)
    rows = conn.execute(query.order_by(row.learners.desc(), row.cluster).limit(limit)).mappings()
    return tuple(
        MessageCluster(
            check=each["check_name"],
            cluster=each["cluster"],
            outcome=each["outcome"],
            message=each["masked_message"],
            misconception=each["misconception"],
            learners=each["learners"],
            sample_attempt=each["sample_attempt"],
        )
        for each in rows
    )


def check_page(conn: Connection, unit: str, check: str, *, cluster: str, page: int) -> CheckPage | None:
    """Tell the page of a check; None if today's tests have no such check, or nobody was graded by them."""
    suite = current_suite(conn, unit)
    row = check_numbers.c
    query = select(check_numbers).where(row.unit == unit, row.suite == suite, row.check_name == check)
    sums = conn.execute(query.where(row.learners > 0)).mappings().one_or_none()
    if sums is None:
        return None
    if sums["learners"] < SMALLEST_CLASS:
        nobody = Page(number=1, size=PAGE_SIZE, total=0)
        empty: dict[str, Any] = {"statistics": None, "clusters": (), "cluster": cluster, "affected": ()}
        return CheckPage(unit=unit, check=check, hidden=True, page=nobody, **empty)
    clusters = _clusters(conn, unit, suite, check, CLUSTERS_OF_CHECK)
    where = _page(conn, unit, suite, check, cluster, page, sums["not_passed"])
    return CheckPage(
        unit=unit,
        check=check,
        hidden=False,
        statistics=check_statistics(sums),
        clusters=clusters,
        cluster=cluster,
        affected=_affected(conn, unit, suite, check, cluster, where),
        page=where,
    )


def _page(conn: Connection, unit: str, suite: str, check: str, cluster: str, page: int, not_passed: int) -> Page:
    if not cluster:
        return page_of(page, not_passed)
    row = message_numbers.c
    key = (row.unit == unit, row.suite == suite, row.check_name == check, row.cluster == cluster)
    return page_of(page, conn.execute(select(row.learners).where(*key)).scalar_one_or_none() or 0)


def _affected(
    conn: Connection, unit: str, suite: str, check: str, cluster: str, page: Page
) -> tuple[AffectedLearner, ...]:
    """List those who did not pass, the latest attempts first; the order is an index's, so that a page is read only."""
    standing, found = standings.c, check_results.c
    which = found.cluster == cluster if cluster else found.cluster != ""
    query: Select[Any] = (
        select(
            standing.learner,
            student.c.first_name,
            student.c.last_name,
            standing.graded_attempt,
            found.outcome,
            found.earned,
            found.message,
        )
        .join(check_results, and_(found.attempt == standing.graded_attempt, found.check_name == check))
        .outerjoin(student, student.c.id == standing.learner)
        .where(standing.unit == unit, standing.graded_suite == suite, which)
        .order_by(standing.graded_attempt.desc())
        .limit(page.size)
        .offset((page.number - 1) * page.size)
    )
    return tuple(
        AffectedLearner(
            learner=each["learner"],
            name=name_of(each["learner"], each["first_name"], each["last_name"]),
            attempt=each["graded_attempt"],
            outcome=each["outcome"],
            earned=each["earned"],
            message=each["message"],
        )
        for each in conn.execute(query).mappings()
    )
