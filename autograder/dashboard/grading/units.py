"""One unit and one of its checks: scores, item analysis, wrong ideas, clusters. Pure: from rows to words."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.dashboard.grading.charts import Chart, columns
from autograder.dashboard.grading.listing import Asked, Column, pager
from autograder.dashboard.grading.overview import Figure
from autograder.dashboard.grading.places import GradingPlaces
from autograder.dashboard.grading.table import Cell, Table, plain_headings
from autograder.dashboard.grading.words import (
    FLAG_HELP,
    NONE,
    check_titles,
    counted,
    decimal,
    misconception_titles,
    outcome_words,
    percent,
)
from autograder.gradebook.class_rows import (
    SCORE_BINS,
    SMALLEST_CLASS,
    AffectedLearner,
    CheckPage,
    CheckStatistics,
    MessageCluster,
    UnitStatistics,
)
from autograder.model import Unit

CHECK_COLUMNS = (
    Column(title="Check"),
    Column(title="Not passed"),
    Column(title="Not attempted", numeric=True),
    Column(title="Difficulty p", numeric=True),
    Column(title="Correlation r", numeric=True),
    Column(title="Look at"),
)
MISCONCEPTION_COLUMNS = (Column(title="Wrong idea"), Column(title="Exercise"), Column(title="Learners"))
CLUSTER_COLUMNS = (Column(title="Message"), Column(title="Check"), Column(title="Learners"), Column(title="Sample"))
OWN_CLUSTER_COLUMNS = (
    Column(title="Message"),
    Column(title="Outcome"),
    Column(title="Learners"),
    Column(title="Sample"),
)
AFFECTED_COLUMNS = (
    Column(title="Learner"),
    Column(title="Outcome"),
    Column(title="Points", numeric=True),
    Column(title="Message"),
)
IDEAS = 20  # wrong ideas that are listed
SMALL = f"Statistics stay hidden while fewer than {SMALLEST_CLASS} learners are graded."


@dataclass(frozen=True, kw_only=True)
class UnitView:
    """What the template of a unit is given."""

    name: str
    number: str
    title: str
    question: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]  # why something is missing
    histogram: Chart | None
    checks: Table | None
    misconceptions: Table | None
    more_ideas: str  # how many are not listed
    clusters: Table | None
    graded: int


@dataclass(frozen=True, kw_only=True)
class CheckView:
    """What the template of a check is given."""

    unit_name: str
    unit_title: str
    name: str
    question: str
    figures: tuple[Figure, ...]
    flags: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    clusters: Table | None
    affected: Table
    chosen: str  # the message of the chosen cluster; empty: all learners
    all_href: str


def unit_view(statistics: UnitStatistics, unit: Unit, places: GradingPlaces, pass_share: float) -> UnitView:
    """Say how a class did in a unit."""
    notes = [SMALL] if statistics.hidden else []
    if statistics.older_tests:
        notes.append(
            f"{counted(statistics.older_tests, 'learner')} graded by older tests "
            f"{'is' if statistics.older_tests == 1 else 'are'} not in the analysis."
        )
    shown = not statistics.hidden
    return UnitView(
        name=unit.name,
        number=unit.number,
        title=unit.title,
        question=unit.question,
        figures=_unit_figures(statistics, places),
        notes=tuple(notes),
        histogram=_histogram(statistics, pass_share) if shown else None,
        checks=_checks(statistics, unit, places) if shown else None,
        misconceptions=_misconceptions(statistics, unit, places) if shown else None,
        more_ideas=_more_ideas(len(statistics.misconceptions) - IDEAS),
        clusters=_clusters(statistics.clusters, unit, places) if shown else None,
        graded=statistics.counts.graded,
    )


def check_view(page: CheckPage, unit: Unit, asked: Asked, places: GradingPlaces) -> CheckView:
    """Say how a class did on one check."""
    question = check_titles(unit).get(page.check, page.check)
    here = places.check(page.unit, page.check)
    chosen = next((one for one in page.clusters if one.cluster == page.cluster), None)
    statistics = page.statistics
    return CheckView(
        unit_name=unit.name,
        unit_title=f"{unit.number} {unit.title}",
        name=page.check,
        question=question,
        figures=_check_figures(statistics) if statistics else (),
        flags=tuple((flag, FLAG_HELP[flag]) for flag in statistics.flags) if statistics else (),
        notes=(SMALL,) if page.hidden else (),
        clusters=None if page.hidden else _own_clusters(page, unit, places),
        affected=Table(
            caption="Learners who did not pass this check",
            headings=plain_headings(AFFECTED_COLUMNS),
            rows=tuple(_affected_row(one, statistics, places) for one in page.affected),
            empty="Everybody who was graded passed this check.",
            pager=pager(here, asked, page.page, "learners"),
        ),
        chosen=chosen.message if chosen else "",
        all_href=here,
    )


def _unit_figures(statistics: UnitStatistics, places: GradingPlaces) -> tuple[Figure, ...]:
    counts = statistics.counts
    graded = f"{counts.graded:,} graded, {counted(counts.attempts, 'attempt')}"
    return (
        Figure(name="Handed in", value=f"{counts.learners:,}", note=graded, href=places.submissions_of(counts.unit)),
        Figure(name="Passed", value=f"{counts.passed:,}", note=f"{percent(counts.pass_share)} of those who handed in"),
        Figure(name="Mean score", value=percent(counts.mean_share), note="of the points, over graded learners"),
        Figure(
            name="To do",
            value=f"{counts.waiting + counts.refused + counts.faults + counts.regrade_due:,}",
            note=f"{counts.waiting} wait, {counts.refused + counts.faults} not graded, {counts.regrade_due} to regrade",
        ),
    )


def _histogram(statistics: UnitStatistics, pass_share: float) -> Chart:
    each = 100 // SCORE_BINS
    spans = [_span(place) for place in range(SCORE_BINS)]
    total = sum(statistics.histogram)
    passing = round(pass_share * SCORE_BINS)  # the first bin that passes
    passed = sum(statistics.histogram[passing:])
    return columns(
        "scores",
        title="Scores (learners, by share of the points)",
        sentence=f"{passed:,} of {counted(total, 'learner')} have {percent(pass_share)} of the points or more.",
        head=("Share of the points", "Learners"),
        values=list(zip(spans, statistics.histogram, strict=True)),
        below=[f"{place * each} %" for place in range(SCORE_BINS)],
        styles=["passed" if place >= passing else "" for place in range(SCORE_BINS)],
        mark=(pass_share, f"{percent(pass_share)} passes"),
    )


def _checks(statistics: UnitStatistics, unit: Unit, places: GradingPlaces) -> Table:
    titles = check_titles(unit)
    return Table(
        caption="Checks, the most often missed first",
        headings=plain_headings(CHECK_COLUMNS),
        rows=tuple(
            (
                Cell(
                    text=_sentence(titles.get(one.check, one.check)),
                    href=places.check(unit.name, one.check),
                    note=one.check,
                    pre=True,
                ),
                Cell(
                    text=f"{one.not_passed:,} of {one.learners:,}",
                    share=one.not_passed / one.learners if one.learners else 0.0,
                ),
                Cell(text=f"{one.not_attempted:,}" if one.not_attempted else NONE),
                Cell(text=decimal(one.difficulty)),
                Cell(text=decimal(one.correlation)),
                Cell(text="" if one.flags else NONE, flags=one.flags),
            )
            for one in statistics.checks
        ),
        empty="Nothing was graded by the tests of today.",
    )


def _misconceptions(statistics: UnitStatistics, unit: Unit, places: GradingPlaces) -> Table:
    """Rank the wrong ideas; each leads to those who read its most frequent message."""
    titles = misconception_titles(unit)
    exercises = {one.name: one.title for one in unit.exercises}
    most = max((one.learners for one in statistics.misconceptions), default=1)
    return Table(
        caption="Known wrong ideas, the most frequent first",
        headings=plain_headings(MISCONCEPTION_COLUMNS),
        rows=tuple(
            (
                Cell(
                    text=titles.get(one.misconception, one.misconception),
                    href=places.cluster(unit.name, one.check, one.cluster) if one.cluster else "",
                    pre=True,
                ),
                Cell(text=exercises.get(one.exercise, one.exercise)),
                Cell(text=f"{one.learners:,}", share=one.learners / most),
            )
            for one in statistics.misconceptions[:IDEAS]
        ),
        empty="No known wrong idea was recognised.",
    )


def _more_ideas(more: int) -> str:
    return f"{counted(more, 'rarer one')} not listed." if more > 0 else ""


def _clusters(clusters: tuple[MessageCluster, ...], unit: Unit, places: GradingPlaces) -> Table:
    titles = check_titles(unit)
    most = max((one.learners for one in clusters), default=1)
    return Table(
        caption="Messages, the most frequent first; numbers and quoted text are masked",
        headings=plain_headings(CLUSTER_COLUMNS),
        rows=tuple(
            (
                Cell(text=one.message or outcome_words(one.outcome)[1], note=_idea(one, unit), pre=True),
                Cell(text=_sentence(titles.get(one.check, one.check)), href=_cluster_href(one, unit, places), pre=True),
                Cell(text=f"{one.learners:,}", share=one.learners / most),
                Cell(text="One of them", href=places.submission(one.sample_attempt)),
            )
            for one in clusters
        ),
        empty="Every check of every graded submission passed.",
    )


def _own_clusters(page: CheckPage, unit: Unit, places: GradingPlaces) -> Table:
    most = max((one.learners for one in page.clusters), default=1)
    return Table(
        caption="Messages of this check, the most frequent first",
        headings=plain_headings(OWN_CLUSTER_COLUMNS),
        rows=tuple(
            (
                Cell(
                    text=one.message or outcome_words(one.outcome)[1],
                    href=_cluster_href(one, unit, places),
                    note=_idea(one, unit),
                    pre=True,
                ),
                Cell(text=outcome_words(one.outcome)[1], style=outcome_words(one.outcome)[0]),
                Cell(text=f"{one.learners:,}", share=one.learners / most),
                Cell(text="One of them", href=places.submission(one.sample_attempt)),
            )
            for one in page.clusters
        ),
        empty="Everybody who was graded passed this check.",
    )


def _cluster_href(one: MessageCluster, unit: Unit, places: GradingPlaces) -> str:
    return places.cluster(unit.name, one.check, one.cluster)


def _idea(one: MessageCluster, unit: Unit) -> str:
    return misconception_titles(unit).get(one.misconception or "", one.misconception or "")


def _check_figures(statistics: CheckStatistics) -> tuple[Figure, ...]:
    share = statistics.not_passed / statistics.learners if statistics.learners else 0.0
    return (
        Figure(
            name="Not passed",
            value=percent(share),
            note=f"{statistics.not_passed:,} of {counted(statistics.learners, 'learner')}, "
            f"{statistics.not_attempted:,} without an attempt",
        ),
        Figure(name="Difficulty p", value=decimal(statistics.difficulty), note="mean share of its points earned"),
        Figure(name="Correlation r", value=decimal(statistics.correlation), note="with the rest of the unit's points"),
        Figure(name="Points", value=f"{statistics.points:g}", note="of this check"),
    )


def _affected_row(one: AffectedLearner, statistics: CheckStatistics | None, places: GradingPlaces) -> tuple[Cell, ...]:
    style, words = outcome_words(one.outcome)
    of = f" of {statistics.points:g}" if statistics else ""
    return (
        Cell(text=one.name, href=places.submission(one.attempt), note=one.learner if one.name != one.learner else ""),
        Cell(text=words, style=style),
        Cell(text=f"{one.earned:g}{of}"),
        Cell(text=one.message or NONE, pre=True),
    )


def _span(place: int) -> str:
    each = 100 // SCORE_BINS
    last = place == SCORE_BINS - 1
    return f"{place * each} to 100 %" if last else f"{place * each} to under {(place + 1) * each} %"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
