"""Many days in a row, each with its tickets and its surveys, for a mall that says that it is made up."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy import exists, select, update

from mpp.counters.models import malls, officer_counters, officers
from mpp.counters.queries import shift_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.demo.past.day import Day, Served
from mpp.demo.past.opinions import Opinion, opinion
from mpp.demo.past.plan import Model
from mpp.errors import Conflict
from mpp.queue.models import tickets
from mpp.queue.readers import Forecasts
from mpp.security import Principal, Role
from mpp.survey.commands import answering
from mpp.survey.rules.answer import Questionnaire
from mpp.survey.rules.token import LIFE_DAYS, Blind, Payload


@dataclass(frozen=True)
class Lived:
    """One day that is over."""

    day: date
    tickets: int
    answers: int


async def live_through(
    db: Database, model: Model, last: date, days: int, *, seed: int
) -> AsyncIterator[Lived]:
    """So many days up to `last`, the oldest first; each is its own transaction and yields when done.

    Days on which somebody was there already are left as they are. The same seed makes the same days.
    Raises `Conflict` for a mall with a real past, or with a counter open now.
    """
    mall = model.mall
    await db.execute(_must_be_made_up, mall)
    officers_at = await db.read(_officers_at, mall)
    forecasts = Forecasts()
    for ahead in range(days - 1, -1, -1):
        day = last - timedelta(days=ahead)
        served, issued = await db.execute(_one_day, model, day, officers_at, forecasts, seed)
        answers = await db.execute(_opinions, mall, day, served, seed)
        yield Lived(day, issued, answers)


def _must_be_made_up(tx: Transaction, mall: Mall) -> None:
    """A mall without a past becomes one whose past is made up; a real past is never mixed with it."""
    is_synthetic = tx.conn.scalar(select(malls.c.is_synthetic).where(malls.c.id == mall.id))
    if not is_synthetic:
        if tx.conn.scalar(select(exists().where(tickets.c.mall_id == mall.id))):
            raise Conflict(
                f"{mall.slug} mempunyai data nyata; simulasi hanya untuk mal tersendiri."
            )
        tx.conn.execute(
            update(malls)
            .where(malls.c.id == mall.id)
            .values(is_synthetic=True, revision=malls.c.revision + 1)
        )
    if shift_rows.present_shifts(tx, mall.id):
        raise Conflict("Masih ada loket yang buka; tutup dahulu.")


def _officers_at(tx: Transaction, mall: Mall) -> Mapping[int, Principal]:
    """Who works at which counter: the first of its officers; nobody, and it stays closed."""
    o, c = officers.c, officer_counters.c
    rows = tx.conn.execute(
        select(c.counter_id, o.id, o.username)
        .join(officers, (o.mall_id == c.mall_id) & (o.id == c.officer_id))
        .where(c.mall_id == mall.id, o.is_active)
        .order_by(o.id.desc())
    )
    return {
        row.counter_id: Principal(
            id=row.id,
            mall_id=mall.id,
            role=Role.OFFICER,
            name=row.username,
            counter_ids=frozenset({row.counter_id}),
        )
        for row in rows
    }


def _one_day(
    tx: Transaction,
    model: Model,
    day: date,
    officers_at: Mapping[int, Principal],
    forecasts: Forecasts,
    seed: int,
) -> tuple[Sequence[Served], int]:
    mall = model.mall
    was_there = exists().where(tickets.c.mall_id == mall.id, tickets.c.day == day)
    if tx.conn.scalar(select(was_there)):
        return [], 0
    chance = Random(f"{seed} {day} hall")  # noqa: S311 - no secret
    lived = Day(tx, model, day, officers_at, chance, forecasts)
    lived.live()
    return lived.served, lived.tickets


def _opinions(tx: Transaction, mall: Mall, day: date, served: Sequence[Served], seed: int) -> int:
    """The day's surveys. Tokens are of chance: nothing but their number comes from the visits."""
    chance = Random(f"{seed} {day} opinions")  # noqa: S311 - no secret
    count = 0
    if served:
        answering.keep_salt(tx, mall, day, today=day)
    for each in served:
        agency = mall.agency_of(mall.service_by_id[each.service_id]).slug
        said = opinion(agency, day, each.waited, chance)
        count += _say(tx, Payload(mall.id, each.service_id, day), said)
    answering.forget_salts(tx, mall.id, today=day + timedelta(days=LIFE_DAYS + 1))
    return count


def _say(tx: Transaction, payload: Payload, said: Opinion) -> bool:
    sheet = None
    if said.answers is not None and said.answers.values:
        sheet = Questionnaire(said.answers, said.profile)
    if sheet is None and said.quick is None:
        return False
    blind = Blind(payload, os.urandom(32))
    answering.answer(tx, blind, channel="phone", today=payload.day, sheet=sheet, quick=said.quick)
    return sheet is not None
