"""A made-up past: lived by the real commands, the same for the same seed, never mixed with a real one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest
from factories import MONDAY, a_mall, a_ticket, mall_file
from sqlalchemy import func, select

from mpp.counters.commands.load import load_mall
from mpp.counters.models import malls, shift_events
from mpp.counters.queries import mall_rows
from mpp.counters.rules.mall import Mall
from mpp.counters.rules.source import read_mall
from mpp.db.seam import Database, Transaction
from mpp.demo.past.opinions import ANSWERS, opinion
from mpp.demo.past.plan import Model, arrivals, opening
from mpp.demo.past.year import Lived, live_through
from mpp.demo.world import MALL, typical
from mpp.errors import Conflict
from mpp.metrics.queries.stored_days import verify
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules.life import OPEN_STATES
from mpp.survey.models import survey_answers, survey_salts
from mpp.survey.rules.unsur import Unsur

LAST = date(2026, 11, 20)  # a Friday
VISITORS = 60.0


@pytest.fixture
async def mall(db: Database) -> Mall:
    """The demo's mall, empty."""
    file = read_mall(MALL.read_text(encoding="utf-8"), MALL.name)
    await db.execute(load_mall, file)
    return await db.read(mall_rows.mall, file.mall.slug)


async def lived(db: Database, mall: Mall, days: int, *, seed: int = 1) -> Sequence[Lived]:
    model = Model(mall, typical(), VISITORS)
    return [each async for each in live_through(db, model, LAST, days, seed=seed)]


def counts(tx: Transaction) -> dict[str, int]:
    t, e = tickets.c, ticket_events.c
    by = {
        f"state {state}": n
        for state, n in tx.conn.execute(select(t.state, func.count()).group_by(t.state))
    }
    by |= {
        f"action {action}": n
        for action, n in tx.conn.execute(select(e.action, func.count()).group_by(e.action))
    }
    return by | {"answers": tx.conn.scalar(select(func.count()).select_from(survey_answers)) or 0}


def shift_log(tx: Transaction) -> list[tuple[str, datetime]]:
    e = shift_events.c
    return [(action, at) for action, at in tx.conn.execute(select(e.action, e.at).order_by(e.at))]


async def test_days_are_lived_and_their_books_are_right(db: Database, mall: Mall) -> None:
    days = await lived(db, mall, 3)
    assert [each.day for each in days] == [LAST - timedelta(days=ahead) for ahead in (2, 1, 0)]
    assert await db.read(verify, mall.id) == []
    found = await db.read(counts)
    assert found["action issue"] == sum(each.tickets for each in days) > 90
    assert not {f"state {state}" for state in OPEN_STATES} & found.keys()
    assert found["state completed"] > 0.8 * found["action issue"]
    assert found["answers"] == sum(each.answers for each in days) > 5
    assert await db.read(lambda tx: tx.conn.execute(select(survey_salts)).all()) == []


async def test_officers_come_a_little_late_and_rest_at_noon(db: Database, mall: Mall) -> None:
    await lived(db, mall, 1)
    (opens, _), *_ = opening(mall, LAST)
    noon = opens.replace(hour=5, minute=0)  # 12.00 in the mall's time
    found: dict[str, list[float]] = {}
    for action, at in await db.read(shift_log):
        found.setdefault(action, []).append((at - noon).total_seconds() / 60)
    begun = (opens - noon).total_seconds() / 60
    assert all(minutes > begun for minutes in found["open"])
    assert all(-30 <= minutes < 120 for minutes in found["pause"])
    assert 0 < len(found["pause"]) <= len(found["open"])
    assert max(found["resume"]) <= min(found["close"])


async def test_the_same_seed_makes_the_same_days(db: Database, mall: Mall) -> None:
    file = read_mall(MALL.read_text(encoding="utf-8").replace("mpp-way-lestari", "mpp-lain"), "x")
    await db.execute(load_mall, file)
    other = await db.read(mall_rows.mall, "mpp-lain")
    first, second = await lived(db, mall, 2), await lived(db, other, 2)
    assert [(d.tickets, d.answers) for d in first] == [(d.tickets, d.answers) for d in second]


async def test_a_day_that_was_lived_is_left_alone(db: Database, mall: Mall) -> None:
    await lived(db, mall, 1)
    before = await db.read(counts)
    again = await lived(db, mall, 2, seed=9)
    assert [each.tickets > 0 for each in again] == [True, False]
    assert (await db.read(counts))["action issue"] == before["action issue"] + again[0].tickets


async def test_the_mall_says_that_its_past_is_made_up(db: Database, mall: Mall) -> None:
    await lived(db, mall, 1)
    assert await db.read(lambda tx: tx.conn.scalar(select(malls.c.is_synthetic))) is True


async def test_a_real_past_is_never_mixed_with_it(db: Database) -> None:
    real = await a_mall(db, mall_file())
    await a_ticket(db, real)
    with pytest.raises(Conflict, match="data nyata"):
        await lived(db, real, 1)
    assert await db.read(lambda tx: tx.conn.scalar(select(malls.c.is_synthetic))) is False


async def test_people_come_only_while_the_mall_is_open(db: Database, mall: Mall) -> None:
    model = Model(mall, typical(), 400.0)
    for ahead in range(14):
        day = MONDAY + timedelta(days=ahead)
        hours = opening(mall, day)
        came = arrivals(model, day, Random(ahead))
        assert bool(came) == bool(hours)
        assert all(any(o <= each.at < e for o, e in hours) for each in came)
        assert all(mall.counters_for(each.service_id) for each in came)
        assert came == arrivals(model, day, Random(ahead))


def test_who_waits_long_thinks_less_of_it() -> None:
    def mean(minutes: int) -> tuple[float, float]:
        chance = Random(4)
        said = [opinion("dukcapil", LAST, timedelta(minutes=minutes), chance) for _ in range(4_000)]
        answered = [each.answers for each in said if each.answers is not None]
        values = [each.values[Unsur.TIME] for each in answered if Unsur.TIME in each.values]
        return sum(values) / len(values), len(values) / len(said)

    (quick, share), (slow, _) = mean(0), mean(90)
    assert quick > slow + 0.4
    assert share == pytest.approx(ANSWERS, abs=0.02)
