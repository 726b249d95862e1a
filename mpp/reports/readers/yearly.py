"""A year's report, from what is kept of its months and days."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import name_rows
from mpp.metrics.readers.past import Present, issued_by_day, rollups_of
from mpp.metrics.rules.aggregation import MALL, Rollups
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.disclosure import hidden_parts
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period, month_of
from mpp.metrics.rules.tables import RollupTable, rollup_table
from mpp.reports import queries as publication_rows
from mpp.reports.rules.ranking import ranked
from mpp.reports.rules.yearly import (
    FORM,
    MOST_SERVICES,
    EvaluationLine,
    SurveyLine,
    Units,
    Year,
    column_of,
    is_short,
    months_of,
    peaks_of,
    since_of,
)
from mpp.reports.rules.years import YearSpan

Days = Mapping[date, int]
"""Numbers issued on each day that had any."""


@dataclass(frozen=True)
class _Read:
    """Everything about a year and the one before, as it was read."""

    names: Names
    surveys: list[SurveyLine]
    evaluations: list[EvaluationLine]
    now: Rollups
    before: Rollups
    days: Days
    days_before: Days


async def yearly(db: Database, mall: Mall, span: YearSpan, present: Present) -> Year:
    """The year beside the one before; of one that goes on the days that are over."""

    def look(tx: Transaction) -> tuple[Names, list[SurveyLine], list[EvaluationLine]]:
        return (
            name_rows.names(tx, mall.id),
            publication_rows.surveys_in(tx, mall.id, span.year),
            publication_rows.evaluations_in(tx, mall.id, span.year),
        )

    known, surveys, evaluations = await db.read(look)
    units = [MALL, By.AGENCY, By.SERVICE]
    read = _Read(
        names=known,
        surveys=surveys,
        evaluations=evaluations,
        now=await rollups_of(db, mall, span.counted, [*units, By.HOUR], present),
        before=await rollups_of(db, mall, span.before, units, present),
        days=await issued_by_day(db, mall, span.counted, present),
        days_before=await issued_by_day(db, mall, span.whole_before, present),
    )
    return await asyncio.to_thread(_reckoned, mall, span, read)


async def by_month(
    db: Database, mall: Mall, span: YearSpan, present: Present
) -> list[tuple[int, Units]]:
    """The agencies of each month that has begun, small ones together.

    Each month by itself: months can be subtracted from the year, as any periods that overlap can.
    """
    known = await db.read(name_rows.names, mall.id)
    english = _english(mall)
    found = []
    for number in range(1, span.counted.last.month + 1):
        month = month_of(date(span.year, number, 1))
        counted = Period(month.first, min(month.last, span.counted.last))
        rollups = await rollups_of(db, mall, counted, [By.AGENCY], present)
        rows = rollup_table(rollups, By.AGENCY).rows
        units = await asyncio.to_thread(ranked, rows, {}, known.agencies, english)
        found.append((number, units))
    return found


def _english(mall: Mall) -> dict[str, str]:
    agencies = {each.slug: each.name.en for each in mall.agencies if each.name.en}
    return agencies | {each.slug: each.name.en for each in mall.services if each.name.en}


def _reckoned(mall: Mall, span: YearSpan, read: _Read) -> Year:
    english, known = _english(mall), read.names
    same = {day: n for day, n in read.days_before.items() if day <= span.before.last}
    now, before = ({by: rollup_table(part, by) for by in By} for part in (read.now, read.before))
    if is_short(since_of(read.days_before), span.before.first):
        before = {by: RollupTable(by, {}, each.total) for by, each in before.items()}
    return Year(
        form=FORM,
        definitions=LATEST,
        is_synthetic=mall.is_synthetic,
        year=span.year,
        first=span.counted.first,
        last=span.counted.last,
        before_first=span.before.first,
        before_last=span.before.last,
        is_over=span.is_over,
        days_in_year=span.days_in_year,
        since=since_of(read.days),
        before_since=since_of(read.days_before),
        months=months_of(span, read.days, read.days_before),
        peaks=peaks_of(read.days, now[By.HOUR].rows),
        now=column_of(now[By.AGENCY].total, read.days),
        before=column_of(before[By.AGENCY].total, same),
        agencies=ranked(now[By.AGENCY].rows, before[By.AGENCY].rows, known.agencies, english),
        services=ranked(
            now[By.SERVICE].rows,
            before[By.SERVICE].rows,
            known.services,
            english,
            most=MOST_SERVICES,
            unseen=partial(hidden_parts, whole_of=known.agency_of),
        ),
        surveys=read.surveys,
        evaluations=read.evaluations,
    )
