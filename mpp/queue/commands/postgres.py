"""Issue and call on PostgreSQL in one and two statements: a round trip costs more than the work.

Both do the plain case of the command of the same name and leave every other to it: a repeated key, a
quota, a counter that is closed or busy. Tests hold the two ways to the same results.
"""

import asyncio
import secrets
from datetime import datetime
from typing import Any

from mpp.counters.commands.shifts import counter_topic, mall_topic, service_topic
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Declined, Short, short_way
from mpp.queue.commands.call import call_next, facts_of
from mpp.queue.commands.issue import Issued, Wish, is_offered, issue_ticket
from mpp.queue.commands.move import visit_topic
from mpp.queue.queries.ticket_rows import Ticket, ticket_from
from mpp.queue.rules import turns
from mpp.queue.rules.life import Priority, State
from mpp.queue.rules.turns import Head
from mpp.security import Principal

Answer = tuple[Any, set[str]]

_ISSUE = """
WITH n AS (
    INSERT INTO number_series (mall_id, prefix, day, last_number) VALUES ($1, $2, $3, 1)
    ON CONFLICT (mall_id, prefix, day)
    DO UPDATE SET last_number = number_series.last_number + 1
    RETURNING last_number AS number,
        CASE WHEN last_number < 1000 THEN lpad(last_number::text, 3, '0')
             ELSE last_number::text END AS digits
), a AS (
    SELECT count(*) AS ahead FROM tickets
    WHERE mall_id = $1 AND service_id = $4 AND day = $3 AND lane IN (0, 1) AND state = 'waiting'
      AND rank_at <= $8 AND (rank_at < $8 OR id < $5)
), o AS (
    SELECT count(*) AS open FROM counter_services c
    JOIN shifts s ON s.mall_id = c.mall_id AND s.counter_id = c.counter_id
    WHERE c.mall_id = $1 AND c.service_id = $4 AND s.closed_at IS NULL AND s.state = 'open'
      AND (s.services IS NULL OR s.services @> to_jsonb($4::bigint))
), v AS (
    INSERT INTO visits (mall_id, id, token, day, locale, created_at)
    VALUES ($1, $6, $11, $3, $12, $7)
), t AS (
    INSERT INTO tickets (
        mall_id, id, visit_id, service_id, day, prefix, number, label, state, priority, lane,
        channel, joined_at, rank_at, ahead_at_join, open_at_join, calls, events,
        issuer, issue_key, issue_hash)
    SELECT $1, $5, $6, $4, $3, $2, n.number, $2 || '-' || n.digits, 'waiting', $9, $10,
        $13, $7, $8, a.ahead, o.open, 0, 1, $14, $15, $16
    FROM n, a, o
    RETURNING number, label, ahead_at_join, open_at_join
), e AS (
    INSERT INTO ticket_events (
        mall_id, id, ticket_id, seq, day, at, action, state, service_id, officer_id, device_id,
        priority, ahead, open_counters, data)
    SELECT $1, $17, $5, 1, $3, $7, 'issue', 'waiting', $4, $18, $19, $9,
        t.ahead_at_join, t.open_at_join,
        jsonb_build_object('number', t.number, 'label', t.label, 'prefix', $2::text,
                           'channel', $13::text, 'visit', $6::bigint)
    FROM t
)
SELECT number, label, ahead_at_join, open_at_join FROM t
"""


@short_way(issue_ticket)
async def issue(short: Short, mall: Mall, wish: Wish, *, now: datetime) -> Answer:
    """Take a number in one statement."""
    service = wish.service
    limited = service.daily_quota is not None and not wish.unrestricted
    if wish.visit is not None or limited:
        raise Declined
    if not (wish.unrestricted or is_offered(mall, service, now)):
        raise Declined  # perhaps a repeated key: the ticket was taken while the mall was open
    day = mall.day(now)
    rank = turns.rank_at(now, wish.priority, mall.priority_head_start)
    visit_id, ticket_id, event_id = short.new_id(), short.new_id(), short.new_id()
    token = secrets.token_urlsafe(16)
    row = await short.pool.fetchrow(
        _ISSUE,
        mall.id, service.prefix, day, service.id, ticket_id, visit_id, now, rank,
        wish.priority.value, int(wish.priority is not Priority.REGULAR), token, wish.locale,
        wish.channel.value, wish.issuer, wish.key, wish.fingerprint, event_id,
        wish.officer_id, wish.device_id,
    )  # fmt: skip
    assert row is not None  # noqa: S101 - the statement always answers one row
    ticket = Ticket(
        id=ticket_id,
        mall_id=mall.id,
        visit_id=visit_id,
        service_id=service.id,
        day=day,
        prefix=service.prefix,
        number=row["number"],
        label=row["label"],
        state=State.WAITING,
        priority=wish.priority,
        channel=wish.channel,
        joined_at=now,
        rank_at=rank,
        ahead_at_join=row["ahead_at_join"],
        open_at_join=row["open_at_join"],
        calls=0,
        events=1,
        counter_id=None,
        target_counter_id=None,
        called_at=None,
        started_at=None,
        ended_at=None,
        parked_until=None,
        reason=None,
        outcome=None,
        issuer=wish.issuer,
        issue_hash=wish.fingerprint,
    )
    topics = {mall_topic(mall.id), service_topic(service.id), visit_topic(visit_id)}
    return Issued(ticket, token, is_replay=False), topics


_FREE = """
    w.state = 'waiting' AND w.day = $3 AND w.id <> ALL ($4::bigint[]) AND NOT EXISTS (
        SELECT 1 FROM tickets b
        WHERE b.mall_id = w.mall_id AND b.visit_id = w.visit_id AND b.state IN ('called', 'serving'))"""
_HEAD = (
    "w.id, w.label, w.service_id, w.priority, w.joined_at, w.rank_at, w.target_counter_id, w.events"
)
_LOOK = f"""
SELECT s.services, streak.priorities, h.*
FROM shifts s
CROSS JOIN LATERAL (
    SELECT array_agg(c.priority) AS priorities FROM (
        SELECT priority FROM ticket_events
        WHERE mall_id = $1 AND counter_id = $2 AND day = $3 AND action = 'call'
        ORDER BY id DESC LIMIT $5) c) streak
LEFT JOIN LATERAL (
    SELECT f.*, c.weight
    FROM counter_services c
    CROSS JOIN (VALUES (0), (1)) l (lane)
    CROSS JOIN LATERAL (
        SELECT {_HEAD} FROM tickets w
        WHERE w.mall_id = $1 AND w.service_id = c.service_id AND w.lane = l.lane
          AND w.target_counter_id IS NULL AND {_FREE}
        ORDER BY w.rank_at, w.id LIMIT 1) f
    WHERE c.mall_id = $1 AND c.counter_id = $2
    UNION ALL
    SELECT {_HEAD}, 1 FROM tickets w
    WHERE w.mall_id = $1 AND w.target_counter_id = $2 AND {_FREE}
) h ON true
WHERE s.mall_id = $1 AND s.counter_id = $2 AND s.closed_at IS NULL AND s.state = 'open'
  AND NOT EXISTS (SELECT 1 FROM tickets b WHERE b.mall_id = $1 AND b.counter_id = $2
                  AND b.state IN ('called', 'serving'))
"""  # noqa: S608 - constant pieces of our own
_TAKE = """
WITH s AS (
    SELECT mall_id FROM shifts
    WHERE mall_id = $1 AND counter_id = $2 AND closed_at IS NULL AND state = 'open' FOR UPDATE
), t AS (
    UPDATE tickets SET state = 'called', counter_id = $2, target_counter_id = NULL,
        calls = calls + 1, events = events + 1, called_at = $5, parked_until = NULL, reason = $6
    FROM s
    WHERE tickets.mall_id = $1 AND tickets.id = $3 AND tickets.events = $4
      AND tickets.state = 'waiting'
    RETURNING tickets.*
), e AS (
    INSERT INTO ticket_events (
        mall_id, id, ticket_id, seq, day, at, action, state, service_id, counter_id, officer_id,
        device_id, priority, ahead, open_counters, wait_s, data)
    SELECT $1, $7, t.id, t.events, t.day, $5, 'call', 'called', t.service_id, $2, $8, $9,
        t.priority,
        CASE WHEN t.calls = 1 THEN t.ahead_at_join END,
        CASE WHEN t.calls = 1 THEN t.open_at_join END,
        CASE WHEN t.calls = 1 THEN extract(epoch FROM $5 - t.joined_at)::float8 END,
        $10
    FROM t
)
SELECT * FROM t
"""
TRIES = 8


class _Taken:
    """Tickets of a mall that this process is just calling: nobody else looks at them meanwhile."""

    def __init__(self) -> None:
        self.choosing = asyncio.Lock()
        self.ids: set[int] = set()


@short_way(call_next)
async def call(
    short: Short,
    mall: Mall,
    counter_id: int,
    *,
    by: Principal,
    now: datetime,
) -> Answer:
    """Look, choose, take. One look at a time in a process; taking overlaps with the next look.

    Another process may take the same ticket first: then nothing is updated and we look again.
    """
    mall.counter(counter_id)
    taken = short.memory.setdefault(("taken", mall.id), _Taken())
    for _ in range(TRIES):
        async with taken.choosing:
            found = await _look(short.pool, mall, counter_id, taken.ids, now)
            if found is None:
                return None, set()
            events, choice, streak = found
            chosen = choice.head.ticket_id
            taken.ids.add(chosen)
        facts = facts_of(choice, streak)
        try:
            row = await short.pool.fetchrow(
                _TAKE, mall.id, counter_id, chosen, events[chosen], now, facts["reason"],
                short.new_id(), by.officer_id, by.device_id, facts,
            )  # fmt: skip
        finally:
            taken.ids.discard(chosen)
        if row is not None:
            ticket = ticket_from(row)
            topics = {mall_topic(mall.id), service_topic(ticket.service_id)}
            return ticket, topics | {counter_topic(counter_id), visit_topic(ticket.visit_id)}
    raise Declined


async def _look(
    pool: Any, mall: Mall, counter_id: int, taken: set[int], now: datetime
) -> tuple[dict[int, int], turns.Choice, int] | None:
    """Who could be next and who is; None when nobody waits; `Declined` when the counter may not."""
    limit = mall.priority_in_a_row
    rows = await pool.fetch(_LOOK, mall.id, counter_id, mall.day(now), list(taken), limit)
    if not rows:
        raise Declined  # closed, paused or busy: the command says which
    only, last = rows[0]["services"], rows[0]["priorities"] or []
    heads = [
        Head(
            ticket_id=row["id"],
            label=row["label"],
            service_id=row["service_id"],
            priority=Priority(row["priority"]),
            joined_at=row["joined_at"],
            rank_at=row["rank_at"],
            weight=row["weight"],
            is_targeted=row["target_counter_id"] is not None,
        )
        for row in rows
        if row["id"] is not None
        and (only is None or row["service_id"] in only or row["target_counter_id"] is not None)
    ]
    streak = next((i for i, p in enumerate(last) if p == Priority.REGULAR), len(last))
    choice = turns.choose(heads, priority_in_a_row=streak, limit=limit, now=now)
    if choice is None:
        return None
    return {row["id"]: row["events"] for row in rows}, choice, streak
