"""Issue and call on PostgreSQL in one and two statements: a round trip costs more than the work.

Both do the plain case of the command of the same name and leave every other to it: a repeated key, a
quota, a counter that is closed or busy. Their conditions, labels and topics are those of the plain
queries and commands; `tests/queue/test_fast_path_histories.py` holds the two to the same results.
"""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column

from mpp.counters.queries.shift_rows import MAY_CALL
from mpp.counters.rules.mall import Mall
from mpp.db.compiled import as_text
from mpp.db.seam import FastPathContext, FastPaths, NotCovered
from mpp.queue.commands.call import call_next, facts_of
from mpp.queue.commands.issue import Issued, IssueRequest, is_offered, issue_ticket
from mpp.queue.commands.move import topics_of
from mpp.queue.queries import clock_rows, line_rows
from mpp.queue.queries.ticket_rows import (
    FIELDS,
    IS_WAITING,
    TAKE_NUMBER,
    label_sql,
    ticket_from,
)
from mpp.queue.rules import forecast, life, turns
from mpp.queue.rules.forecast import Cell, ExpectedWait
from mpp.queue.rules.life import Action, Priority, State
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal

Answer = tuple[Any, set[str]]


def fast_paths() -> FastPaths:
    """All that there are, for `open_database`."""
    return {issue_ticket: issue, call_next: call}


def _dollars(*numbers: int) -> tuple[Any, ...]:
    return tuple(literal_column(f"${number}") for number in numbers)


OPEN = as_text(MAY_CALL)  # of the table `shifts`
BUSY = line_rows.BUSY  # of `tickets b`
WAITING, CALLED = State.WAITING, life.after(State.WAITING, Action.CALL)
RETURNED = ", ".join(f"t.{name}" for name in FIELDS)
SHARED_AHEAD = as_text(
    line_rows.ahead_of(
        literal_column("$1"),
        literal_column("shared.service"),
        literal_column("$3"),
        literal_column("(SELECT rank_at FROM c)"),
        literal_column("$5"),
    )
)

EDGES = f"ARRAY{list(forecast.EDGES)}::bigint[]"
ISSUE = f"""
WITH c AS (
    SELECT h.now, h.now - ($7::timestamptz - $8::timestamptz) AS rank_at
    FROM (
        SELECT coalesce(max(at) + interval '1 microsecond', $7) AS now
        FROM (SELECT ({as_text(clock_rows.newest_of(*_dollars(1)))}) AS at) e
        WHERE at > $7 AND at < $27) h
), taken AS (
    {TAKE_NUMBER.format(mall_id="$1", prefix="$2", day="$3")}
), n AS (
    SELECT last_number AS number, {label_sql("$2", "last_number")} AS label FROM taken
), f AS (
    SELECT coalesce(sum(shared.share * before.ahead), 0)::bigint AS ahead,
        coalesce(sum(before.ahead) FILTER (WHERE shared.service = $4), 0)::int AS own
    FROM unnest($20::bigint[], $21::bigint[]) AS shared (service, share)
    CROSS JOIN LATERAL ({SHARED_AHEAD}) before
), a AS (
    SELECT own AS ahead FROM f
), o AS (
    SELECT count(*) AS open, count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM tickets b
        WHERE b.mall_id = c.mall_id AND b.counter_id = c.counter_id AND {BUSY})) AS free
    FROM counter_services c
    JOIN shifts ON shifts.mall_id = c.mall_id AND shifts.counter_id = c.counter_id
    WHERE c.mall_id = $1 AND c.service_id = $4 AND {OPEN}
      AND (shifts.services IS NULL OR shifts.services @> to_jsonb($4::bigint))
), w AS (
    SELECT floor(($22::float8[])[kind + 1] * pace)::int AS low,
        floor(($23::float8[])[kind + 1] * pace + 0.5)::int AS mid,
        ceil(($24::float8[])[kind + 1] * pace)::int AS high,
        ($25::int[])[kind + 1] AS n, ($26::text[])[kind + 1] AS of, k.ahead, k.free, k.open
    FROM (
        SELECT CASE WHEN o.open = 0 THEN NULL WHEN o.free > 0 AND f.ahead = 0 THEN 0
                ELSE 1 + width_bucket((f.ahead + 50) / 100, {EDGES}) END AS kind,
            greatest(f.ahead::float8 / 100 / {forecast.EDGES[-1]}, 1) / greatest(o.open, 1) AS pace,
            trim_scale(f.ahead / 100.0) AS ahead, o.free, o.open
        FROM f, o) k
), v AS (
    INSERT INTO visits (mall_id, id, token, day, locale, created_at)
    SELECT $1, $6, $11, $3, $12, c.now FROM c
), t AS (
    INSERT INTO tickets (
        mall_id, id, visit_id, service_id, day, prefix, number, label, state, priority, lane,
        channel, joined_at, rank_at, ahead_at_join, open_at_join, calls, events,
        issuer, issue_key, issue_hash)
    SELECT $1, $5, $6, $4, $3, $2, n.number, n.label, '{WAITING}', $9, $10,
        $13, c.now, c.rank_at, a.ahead, o.open, 0, 1, $14, $15, $16
    FROM n, a, o, c
    RETURNING number, label, ahead_at_join, open_at_join, joined_at, rank_at
), e AS (
    INSERT INTO ticket_events (
        mall_id, id, ticket_id, seq, day, at, action, state, service_id, officer_id, device_id,
        priority, ahead, open_counters, data)
    SELECT $1, $17, $5, 1, $3, t.joined_at, '{Action.ISSUE}', '{WAITING}', $4, $18, $19, $9,
        t.ahead_at_join, t.open_at_join,
        jsonb_build_object('number', t.number, 'label', t.label, 'prefix', $2::text,
                           'channel', $13::text, 'visit', $6::bigint,
                           'forecast', jsonb_strip_nulls(to_jsonb(w)))
    FROM t, w
)
SELECT number, label, ahead_at_join, open_at_join, joined_at, rank_at, low, mid, high FROM t, w
"""  # noqa: S608 - constant pieces of our own


def _columns(cells: Sequence[Cell | None]) -> Iterator[list[Any]]:
    """What is known by kind, as the statement's arrays `$22` to `$26`."""
    for name in ("low", "mid", "high", "n", "of"):
        yield [None if cell is None else getattr(cell, name) for cell in cells]


async def issue(
    context: FastPathContext, mall: Mall, request: IssueRequest, *, now: datetime
) -> Answer:
    """Take a number in one statement."""
    service = request.service
    limited = service.daily_quota is not None and not request.unrestricted
    if request.visit is not None or limited:
        raise NotCovered
    if not (request.unrestricted or is_offered(mall, service, now)):
        raise NotCovered  # perhaps a repeated key: the ticket was taken while the mall was open
    day = mall.day(now)
    rank = turns.rank_at(now, request.priority, mall.priority_head_start)
    visit_id, ticket_id, event_id = context.new_id(), context.new_id(), context.new_id()
    token = secrets.token_urlsafe(16)
    shares, cells = request.known.shares, request.known.cells
    row = await context.pool.fetchrow(
        ISSUE,
        mall.id, service.prefix, day, service.id, ticket_id, visit_id, now, rank,
        request.priority.value, int(request.priority is not Priority.REGULAR), token, request.locale,
        request.channel.value, request.issuer, request.key, request.fingerprint, event_id,
        request.officer_id, request.device_id, list(shares), list(shares.values()), *_columns(cells),
        mall.day_ends(day),
    )  # fmt: skip
    assert row is not None  # noqa: S101 - the statement always answers one row
    await _note_step(context, mall, now, row["joined_at"])
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
        priority=request.priority,
        channel=request.channel,
        joined_at=row["joined_at"],
        rank_at=row["rank_at"],
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
        issuer=request.issuer,
        issue_hash=request.fingerprint,
    )
    expected = None
    if row["mid"] is not None:
        expected = ExpectedWait(row["low"], row["mid"], row["high"])
    return Issued(ticket, token, is_replay=False, expected=expected), topics_of(ticket)


async def _note_step(context: FastPathContext, mall: Mall, now: datetime, moment: datetime) -> None:
    """What was written is acknowledged already; only while a clock is behind this costs a round trip."""
    if clock_rows.is_step(mall, now, moment):
        step = clock_rows.note_of(mall, context.new_id(), now, moment)
        await context.pool.fetch(clock_rows.NOTE_STEP, *(step[name] for name in clock_rows.NOTE))


LOOK = f"""
SELECT shifts.services, ARRAY({as_text(line_rows.last_calls(*_dollars(1, 2, 3, 5)))}),
    ARRAY({as_text(line_rows.offered_by(*_dollars(1, 2)))}),
    ({as_text(clock_rows.newest_of(*_dollars(1)))}), h.*
FROM shifts
LEFT JOIN LATERAL (
    SELECT f.*
    FROM counter_services c
    CROSS JOIN (VALUES (0), (1)) l (lane)
    CROSS JOIN LATERAL (
        SELECT {line_rows.head_columns("w")}, c.weight, w.events FROM tickets w
        WHERE w.mall_id = $1 AND w.service_id = c.service_id AND w.lane = l.lane
          AND w.target_counter_id IS NULL AND w.id <> ALL ($4::bigint[]) AND {line_rows.free("$3")}
        ORDER BY w.rank_at, w.id LIMIT 1) f
    WHERE c.mall_id = $1 AND c.counter_id = $2
    UNION ALL
    SELECT {line_rows.head_columns("w")}, 1, w.events FROM tickets w
    WHERE w.mall_id = $1 AND w.target_counter_id = $2 AND w.id <> ALL ($4::bigint[])
      AND {line_rows.free("$3")}
) h ON true
WHERE shifts.mall_id = $1 AND shifts.counter_id = $2 AND {OPEN}
  AND NOT EXISTS (SELECT 1 FROM tickets b WHERE b.mall_id = $1 AND b.counter_id = $2 AND {BUSY})
"""  # noqa: S608 - constant pieces of our own
TAKE = f"""
WITH s AS (
    SELECT mall_id FROM shifts
    WHERE mall_id = $1 AND counter_id = $2 AND {OPEN} FOR UPDATE
), t AS (
    UPDATE tickets SET state = '{CALLED}', counter_id = $2, target_counter_id = NULL,
        calls = calls + 1, events = events + 1, called_at = $5, parked_until = NULL, reason = $6
    FROM s
    WHERE tickets.mall_id = $1 AND tickets.id = $3 AND tickets.events = $4
      AND {as_text(IS_WAITING)}
    RETURNING tickets.*
), e AS (
    INSERT INTO ticket_events (
        mall_id, id, ticket_id, seq, day, at, action, state, service_id, counter_id, officer_id,
        device_id, priority, ahead, open_counters, wait_s, data)
    SELECT $1, $7, t.id, t.events, t.day, $5, '{Action.CALL}', '{CALLED}', t.service_id, $2, $8, $9,
        t.priority,
        CASE WHEN t.calls = 1 THEN t.ahead_at_join END,
        CASE WHEN t.calls = 1 THEN t.open_at_join END,
        CASE WHEN t.calls = 1 THEN extract(epoch FROM $5 - t.joined_at)::float8 END,
        $10
    FROM t
)
SELECT {RETURNED} FROM t
"""  # noqa: S608 - constant pieces of our own
TRIES = 8


class _Taken:
    """Tickets of a group of counters that this process is just calling: nobody looks at them."""

    def __init__(self) -> None:
        self.choosing = asyncio.Lock()
        self.ids: set[int] = set()


async def call(
    context: FastPathContext,
    mall: Mall,
    counter_id: int,
    *,
    by: Principal,
    now: datetime,
) -> Answer:
    """Look, choose, take. One look at a time in a group; taking overlaps with the next look.

    Another process may take the same ticket first: then nothing is updated and we look again.
    """
    mall.counter(counter_id)
    taken = context.memory.setdefault(("taken", mall.group_by_counter[counter_id]), _Taken())
    for _ in range(TRIES):
        async with taken.choosing:
            found = await _look(context.pool, mall, counter_id, taken.ids, now)
            if found is None:
                return None, set()
            events, choice, streak, offered = found
            moment = choice.now
            chosen = choice.head.ticket_id
            taken.ids.add(chosen)
        facts = facts_of(choice, streak, offered)
        try:
            row = await context.pool.fetchrow(
                TAKE, mall.id, counter_id, chosen, events[chosen], moment, facts["reason"],
                context.new_id(), by.officer_id, by.device_id, facts,
            )  # fmt: skip
        finally:
            taken.ids.discard(chosen)
        if row is not None:
            await _note_step(context, mall, now, moment)
            ticket = ticket_from(row)
            return ticket, topics_of(ticket)
    raise NotCovered


async def _look(
    pool: Any, mall: Mall, counter_id: int, taken: set[int], now: datetime
) -> tuple[dict[int, int], turns.Choice, int, list[int]] | None:
    """Who could be next and who is; None when nobody waits; `NotCovered` when the counter may not."""
    limit = mall.priority_in_a_row
    rows = await pool.fetch(LOOK, mall.id, counter_id, mall.day(now), list(taken), max(limit, 1))
    if not rows:
        raise NotCovered  # closed, paused or busy: the command says which
    only, last, services, newest = rows[0][:4]
    now = clock_rows.later_of(mall, now, newest)
    waiting = [row[4:] for row in rows if row[4] is not None]
    heads = line_rows.heads_from([head[:-1] for head in waiting], only)
    streak = turns.streak_of(last)
    choice = turns.choose(heads, priority_in_a_row=streak, limit=limit, now=now)
    if choice is None:
        return None
    offered = line_rows.offered_from(services, only)
    return {head[0]: head[-1] for head in waiting}, choice, streak, offered
