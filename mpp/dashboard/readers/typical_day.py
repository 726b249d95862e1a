"""What today is seen against, remembered: the typical day and last week's told waits, read once a day,
and the survey that runs."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from mpp.counters.rules.mall import Mall
from mpp.dashboard.rules.background import Running
from mpp.dashboard.rules.typical_day import FEWEST, MOST_DAYS, PastDay, TypicalDay, same_weekdays
from mpp.db.seam import Database, Transaction
from mpp.metrics.readers.past import rollups_of
from mpp.metrics.rules.aggregation import MALL
from mpp.metrics.rules.disclosure import FEWEST as FEWEST_SHOWN
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.promised_ranges import Held, held
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.terms import Span, Term, span_of
from mpp.queue.queries import past_rows
from mpp.survey.queries import answer_rows
from mpp.survey.queries.answer_rows import Patterns, Scope
from mpp.survey.rules.result import Figures, figures_of, nothing_of

ENOUGH = 30
"""Answers that a term should have; below that the next longer one is looked at."""
TERMS = (Term.QUARTER, Term.SEMESTER, Term.YEAR)
SURVEY_S = 600.0
"""So long a running survey is remembered."""


class Known(NamedTuple):
    """Of other days; nothing of them where no day is known."""

    typical: TypicalDay
    running: Running | None
    ranges: Held


UNKNOWN = Known(TypicalDay(), None, held([]))


@dataclass
class _Mall:
    """What is remembered of a mall. Whoever asks first reads, the others wait for it."""

    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    of: tuple[date, int] | None = None
    """The day, and the mall's revision, that `typical` and `ranges` are about."""
    typical: TypicalDay = field(default_factory=TypicalDay)
    ranges: Held = UNKNOWN.ranges
    running: Running | None = None
    read_at: float = float("-inf")


class Backgrounds:
    """By mall, in memory. One per process."""

    def __init__(self) -> None:
        self._malls: dict[int, _Mall] = {}

    async def of(self, db: Database, mall: Mall, today: date) -> Known:
        """At most one reading a day, and of the survey one every `SURVEY_S`; else from memory."""
        mine = self._malls.setdefault(mall.id, _Mall())
        async with mine.reading:
            is_new = mine.of != (today, mall.revision)
            if is_new:
                mine.typical = await typical_day(db, mall, today)
                mine.ranges = await db.read(_ranges, mall, today)
                mine.of = (today, mall.revision)
            if is_new or time.monotonic() - mine.read_at > SURVEY_S:
                mine.running = await running_survey(db, mall, today)
                mine.read_at = time.monotonic()
            return Known(mine.typical, mine.running, mine.ranges)


def _ranges(tx: Transaction, mall: Mall, today: date) -> Held:
    """How the waits that were told in the seven days before today held."""
    first, last = today - timedelta(days=7), today - timedelta(days=1)
    return held(past_rows.told_on(tx, mall, first, last))


async def typical_day(db: Database, mall: Mall, today: date) -> TypicalDay:
    """The last days of this weekday that brought anybody: those with today's opening hours, if enough."""
    alike, others = same_weekdays(today, mall.calendar.hours)
    days = await _days(db, mall, alike, MOST_DAYS)
    if len(days) >= FEWEST:
        return TypicalDay(tuple(days))
    more = await _days(db, mall, others, MOST_DAYS - len(days))
    found = sorted([*days, *more], key=lambda each: each.day, reverse=True)
    return TypicalDay(tuple(found), has_other_hours=bool(more))


async def _days(db: Database, mall: Mall, days: Sequence[date], most: int) -> list[PastDay]:
    found: list[PastDay] = []
    for day in days:
        if len(found) >= most:
            break
        rollups = await rollups_of(db, mall, Period(day, day), (MALL, By.HOUR))
        whole = rollups.get((MALL, ""))
        if whole is not None and whole.issued:
            hours = {key: each for (by, key), each in rollups.items() if by == By.HOUR}
            found.append(_day(day, whole, hours))
    return found


def _day(day: date, whole: Rollup, hours: dict[str, Rollup]) -> PastDay:
    return PastDay(
        day=day,
        issued={int(key): each.issued for key, each in hours.items() if key and each.issued},
        served=whole.served,
        median_wait_s=whole.summary(Kind.WAITING).median_s,
        within=whole.share_within(Kind.WAITING),
    )


async def running_survey(db: Database, mall: Mall, today: date) -> Running | None:
    """Of this quarter; of this semester or year where the shorter one has too few answers.

    None where nobody has answered this year. The interval is drawn in a thread.
    """
    found: tuple[Span, Patterns] | None = None
    for span in (span_of(term, today) for term in TERMS):
        patterns = await db.read(_patterns, mall.id, span.period)
        if found is None or sum(patterns.values()) > sum(found[1].values()):
            found = (span, patterns)
        if sum(patterns.values()) >= ENOUGH:
            break
    if found is None or not found[1]:
        return None
    span, patterns = found
    return Running(span=span, figures=await asyncio.to_thread(_figures, patterns))


def _figures(patterns: Patterns) -> Figures:
    n = sum(patterns.values())
    return figures_of(patterns) if n >= FEWEST_SHOWN else nothing_of(n)


def _patterns(tx: Transaction, mall_id: int, period: Period) -> Patterns:
    return answer_rows.patterns(tx, Scope(mall_id, period)).whole
