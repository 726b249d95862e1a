"""A simulated year: what is kept equals a full recompute, late events and all."""

import random
from datetime import date, timedelta

import pytest
from factories import MONDAY, NINE, TestClock, a_mall, at_counter
from sqlalchemy import insert, select, update

from mpp.counters.rules.mall import Mall
from mpp.db.schema import from_microseconds, to_microseconds
from mpp.db.seam import Database, Transaction
from mpp.metrics.readers.reports import summed
from mpp.metrics.readers.rollup_job import differences, recompute
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import Kind
from mpp.queue.models import ticket_events, tickets, visits
from mpp.queue.rules.life import Action, Priority, State
from tests.metrics.exact import exact

FIRST = MONDAY - timedelta(days=365)
QUARTER = MONDAY - timedelta(days=90)
"""Enough for the second database."""
LATE = MONDAY - timedelta(days=50)
PATIENCE_S, WAIT_S, SERVICE_S = 2400, 900, 500
"""Means; all exponential."""


def lived(tx: Transaction, mall: Mall, first: date, rng: random.Random) -> int:
    """Visitors of every day, put into the tables as the commands would leave them; answers how many."""
    rows: dict[str, list[dict[str, object]]] = {"visits": [], "tickets": [], "events": []}
    counters = {
        service.id: [each.id for each in mall.counters if service.id in each.weights]
        for service in mall.services
    }
    for ahead in range((MONDAY - first).days):
        for number in range(1, rng.randint(1, 8)):
            _visitor(tx, mall, rng, rows, first + timedelta(days=ahead), number, counters)
    tx.conn.execute(insert(visits), rows["visits"])
    tx.conn.execute(insert(tickets), rows["tickets"])
    tx.conn.execute(insert(ticket_events), rows["events"])
    return len(rows["tickets"])


def _visitor(tx, mall, rng, rows, day, number, counters) -> None:
    service = rng.choice(mall.services)
    counter = rng.choice(counters[service.id])
    ticket_id, visit_id = tx.new_id(), tx.new_id()
    at = to_microseconds(NINE + (day - MONDAY)) + rng.randrange(5 * 3600) * 1_000_000
    wait, patience = rng.expovariate(1 / WAIT_S), rng.expovariate(1 / PATIENCE_S)
    steps = [(0.0, Action.ISSUE, State.WAITING, None)]
    if patience < wait:
        steps.append((patience, Action.CANCEL, State.CANCELLED, None))
    else:
        served = wait + 20 + rng.expovariate(1 / SERVICE_S)
        steps += [
            (wait, Action.CALL, State.CALLED, counter),
            (wait + 20, Action.START, State.SERVING, counter),
            (served, Action.COMPLETE, State.COMPLETED, counter),
        ]
    state, last_counter = steps[-1][2], steps[-1][3]
    same = {"mall_id": mall.id, "day": day, "service_id": service.id, "priority": Priority.REGULAR}
    rows["visits"].append(
        {"mall_id": mall.id, "id": visit_id, "token": f"t{visit_id}", "day": day, "locale": "id"}
        | {"created_at": from_microseconds(at)}
    )
    rows["tickets"].append(
        same
        | {"id": ticket_id, "visit_id": visit_id, "prefix": "A", "number": number, "lane": 0}
        | {"label": f"A-{number:03d}", "state": state, "channel": "kiosk", "calls": 0}
        | {"joined_at": from_microseconds(at), "rank_at": from_microseconds(at)}
        | {"ahead_at_join": 0, "open_at_join": 1, "events": len(steps), "counter_id": last_counter}
        | {"issuer": "test"}
    )
    for seq, (after_s, action, now, where) in enumerate(steps, 1):
        data = {"label": f"A-{number:03d}", "channel": "kiosk"} if seq == 1 else None
        rows["events"].append(
            same
            | {"id": tx.new_id(), "ticket_id": ticket_id, "seq": seq, "action": action}
            | {"at": from_microseconds(at + round(after_s * 1e6)), "state": now}
            | {"counter_id": where, "data": data}
        )


async def test_a_year_kept_is_the_year_recomputed(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    first = FIRST if db.url.startswith("sqlite") else QUARTER
    count = await db.execute(lived, mall, first, random.Random(3))
    always, today = Period(date.min, date.max), MONDAY
    rolled_up = [day async for day in recompute(db, mall, always, today)]
    assert len(rolled_up) > 0.8 * (MONDAY - first).days
    assert [each async for each in differences(db, mall, always, today)] == []
    year = Period(first, MONDAY - timedelta(days=1))
    told = await exact(db, mall, year, By.SERVICE, By.COUNTER)
    _, kept = await summed(db, mall, year, By.SERVICE, By.COUNTER)
    for by, book in told.items():
        assert kept[by].total.issued == book.total.issued == count
        assert kept[by].rows.keys() == book.rows.keys()
        for key, tally in book.rows.items():
            mine, theirs = kept[by].rows[key].summary(Kind.WAITING), tally.summary(Kind.WAITING)
            assert (mine.n, kept[by].rows[key].ended) == (theirs.n, tally.ended)
            if theirs.n:
                assert mine.median_s == pytest.approx(theirs.median_s, rel=0.01)
                assert mine.mean_s == pytest.approx(theirs.mean_s)
    await db.execute(_late_event, mall)
    around = Period(LATE - timedelta(days=35), LATE + timedelta(days=35))
    found = {(span, day) async for span, day, _heading in differences(db, mall, around, today)}
    assert found == {("day", LATE)}
    assert [day async for day in recompute(db, mall, always, today, only_due=True)] == [LATE]
    assert [each async for each in differences(db, mall, around, today)] == []


def _late_event(tx: Transaction, mall: Mall) -> None:
    """Somebody who had given up came back after all, and it was entered months later."""
    by = at_counter(mall, "1")
    (counter,) = by.counter_ids
    chosen = select(tickets.c.id, tickets.c.service_id, tickets.c.events, tickets.c.joined_at)
    ticket = tx.conn.execute(
        chosen.where(tickets.c.mall_id == mall.id, tickets.c.day == LATE).limit(1)
    ).one()
    tx.conn.execute(
        insert(ticket_events),
        {"mall_id": mall.id, "id": tx.new_id(), "ticket_id": ticket.id, "seq": ticket.events + 1}
        | {"day": LATE, "at": ticket.joined_at + timedelta(hours=2), "action": Action.RECALL}
        | {"state": State.CALLED, "service_id": ticket.service_id, "counter_id": counter}
        | {"priority": Priority.REGULAR},
    )
    more = update(tickets).where(tickets.c.mall_id == mall.id, tickets.c.id == ticket.id)
    tx.conn.execute(more.values(events=ticket.events + 1))
