"""Answers in sums: patterns of values with how often each was given, never an answer alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, distinct, func, literal_column, select

from mpp.db.seam import Transaction
from mpp.metrics.rules.periods import Period
from mpp.queue.models import tickets, visits
from mpp.survey.models import (
    U_COLUMNS,
    quick_scores,
    survey_answers,
    survey_salts,
    survey_wordings,
)
from mpp.survey.rules.profile import FIELDS
from mpp.survey.rules.token import LIFE_DAYS
from mpp.survey.rules.unsur import Question, Unsur

_A = survey_answers.c

Patterns = dict[tuple[int, ...], int]


@dataclass(frozen=True)
class Scope:
    """Whose answers: a mall's in a period; of some services only, unless None."""

    mall_id: int
    period: Period
    service_ids: tuple[int, ...] | None = None

    def of(self, columns: Any) -> list[ColumnElement[bool]]:
        """The conditions on a table with mall_id, day and service_id."""
        wanted = [
            columns.mall_id == self.mall_id,
            columns.day.between(self.period.first, self.period.last),
        ]
        if self.service_ids is not None:
            wanted.append(columns.service_id.in_(self.service_ids))
        return wanted


def salt_of(tx: Transaction, mall_id: int, day: date) -> str | None:
    """The salt of a business day; None before it is made and after it is deleted."""
    s = survey_salts.c
    found: str | None = tx.conn.execute(
        select(s.salt).where(s.mall_id == mall_id, s.day == day)
    ).scalar()
    return found


def malls_with_past_salts(tx: Transaction, today: date) -> set[int]:
    """Malls that have a salt to be forgotten."""
    s = survey_salts.c
    last = today - timedelta(days=LIFE_DAYS)
    return set(tx.conn.execute(select(s.mall_id).distinct().where(s.day < last)).scalars())


def last_served(
    tx: Transaction, mall_id: int, counter_id: int, day: date, *, since: datetime
) -> str | None:
    """The secret of the visit whose service was completed last at the counter, not before `since`."""
    t, v = tickets.c, visits.c
    found: str | None = tx.conn.execute(
        select(v.token)
        .join_from(tickets, visits, (v.mall_id == t.mall_id) & (v.id == t.visit_id))
        .where(
            t.mall_id == mall_id,
            t.day == day,
            t.counter_id == counter_id,
            t.state == literal_column("'completed'"),
            t.ended_at >= since,
        )
        .order_by(t.ended_at.desc(), t.id.desc())
        .limit(1)
    ).scalar()
    return found


@dataclass(frozen=True)
class Given:
    """What has been answered with a token: the survey, and the quick score."""

    survey: bool
    quick: int | None


def given(tx: Transaction, mall_id: int, hashed: str) -> Given:
    """What is stored under a token's hash."""
    q = quick_scores.c
    survey = tx.conn.execute(
        select(_A.day).where(_A.mall_id == mall_id, _A.token_hash == hashed)
    ).first()
    score = select(q.score).where(q.mall_id == mall_id, q.token_hash == hashed)
    return Given(survey is not None, tx.conn.execute(score).scalar())


@dataclass(frozen=True)
class Tables:
    """All patterns of a scope: as a whole, and by service and channel."""

    whole: Patterns
    services: Mapping[int, Patterns]
    channels: Mapping[str, Patterns]
    ways: Mapping[int, Mapping[str, int]]
    """Respondents of each service by channel."""


def patterns(tx: Transaction, scope: Scope) -> Tables:
    """One pass over the answers of the scope, added up by the database."""
    values = [func.coalesce(_A[name], literal_column("0")).label(name) for name in U_COLUMNS]
    keys = (_A.service_id, _A.channel)
    rows = tx.conn.execute(
        select(*keys, *values, func.count())
        .where(*scope.of(_A))
        .group_by(*keys, *(_A[name] for name in U_COLUMNS))
    )
    whole: Patterns = {}
    services: dict[int, Patterns] = {}
    channels: dict[str, Patterns] = {}
    ways: dict[int, dict[str, int]] = {}
    for service, channel, *key, often in rows:
        pattern = tuple(key)
        for table in (whole, services.setdefault(service, {}), channels.setdefault(channel, {})):
            table[pattern] = table.get(pattern, 0) + often
        theirs = ways.setdefault(service, {})
        theirs[channel] = theirs.get(channel, 0) + often
    return Tables(whole, services, channels, ways)


def answers_of(tx: Transaction, mall_id: int, period: Period) -> Patterns:
    """The patterns of a mall's answers."""
    return patterns(tx, Scope(mall_id, period)).whole


def merged(tables: Iterable[Mapping[tuple[int, ...], int]]) -> Patterns:
    """Several tables of patterns as one."""
    whole: Patterns = {}
    for table in tables:
        for pattern, often in table.items():
            whole[pattern] = whole.get(pattern, 0) + often
    return whole


def profile(tx: Transaction, scope: Scope) -> dict[str, dict[str | None, int]]:
    """How many of each class, field by field; None: not said."""
    found = {}
    for name in FIELDS:
        rows = tx.conn.execute(
            select(_A[name], func.count()).where(*scope.of(_A)).group_by(_A[name])
        )
        found[name] = {row[0]: row[1] for row in rows}
    return found


def profile_by_service(
    tx: Transaction, scope: Scope
) -> dict[str, dict[int, dict[str | None, int]]]:
    """The same service by service."""
    found: dict[str, dict[int, dict[str | None, int]]] = {}
    for name in FIELDS:
        theirs = found.setdefault(name, {})
        rows = tx.conn.execute(
            select(_A.service_id, _A[name], func.count())
            .where(*scope.of(_A))
            .group_by(_A.service_id, _A[name])
        )
        for service, code, count in rows:
            theirs.setdefault(service, {})[code] = count
    return found


def quick(tx: Transaction, scope: Scope) -> list[int]:
    """How many tapped each of the four faces."""
    q = quick_scores.c
    rows = tx.conn.execute(select(q.score, func.count()).where(*scope.of(q)).group_by(q.score))
    counts = {row[0]: row[1] for row in rows}
    return [counts.get(score, 0) for score in (1, 2, 3, 4)]


@dataclass(frozen=True)
class Served:
    """Visits in which something was completed: of the scope, and by service."""

    whole: int
    services: Mapping[int, int]


def served(tx: Transaction, scope: Scope) -> Served:
    """How many could have answered."""
    t = tickets.c
    done = (*scope.of(t), t.state == literal_column("'completed'"))
    whole = tx.conn.execute(select(func.count(distinct(t.visit_id))).where(*done)).scalar_one()
    rows = tx.conn.execute(
        select(t.service_id, func.count(distinct(t.visit_id))).where(*done).group_by(t.service_id)
    )
    return Served(whole, {row[0]: row[1] for row in rows})


def wordings(tx: Transaction, mall_id: int, agency_id: int) -> dict[Unsur, Question]:
    """An agency's own questions; the name of the unsur and the values stay as they are."""
    w = survey_wordings.c
    rows = tx.conn.execute(
        select(w.unsur, w.text, w.options).where(w.mall_id == mall_id, w.agency_id == agency_id)
    )
    found = {}
    for row in rows:
        first, second, third, fourth = row.options
        found[Unsur(row.unsur)] = Question("", row.text, (first, second, third, fourth))
    return found
