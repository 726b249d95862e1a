"""People who wait: put into a mall's queues in a few statements, as if they had come one by one."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, text

from mpp.counters.models import devices
from mpp.counters.rules.mall import Mall, Service
from mpp.db.seam import Transaction
from mpp.queue.models import number_series, ticket_events, tickets, visits
from mpp.queue.rules import life, turns
from mpp.queue.rules.life import Priority

HALF_HOUR = timedelta(minutes=30)
PRIORITY_EVERY = 10


class _Wish(NamedTuple):
    number: int
    at: datetime
    priority: Priority


def queue_up(tx: Transaction, mall: Mall, count: int, *, now: datetime) -> None:
    """Let `count` people take numbers, spread evenly over the services and the last half hour."""
    device = tx.conn.execute(
        select(func.min(devices.c.id)).where(devices.c.mall_id == mall.id)
    ).scalar_one()
    last: dict[str, int] = {}
    made = []
    for n in range(count):
        service = mall.services[n % len(mall.services)]
        last[service.prefix] = number = last.get(service.prefix, 0) + 1
        priority = Priority.ELDERLY if n % PRIORITY_EVERY == 0 else Priority.REGULAR
        wish = _Wish(number, now - HALF_HOUR * (1 - n / count), priority)
        made.append(_waiting(tx, mall, service, wish, mall.day(now), device))
    for table, rows in zip((visits, tickets, ticket_events), zip(*made, strict=True), strict=True):
        tx.conn.execute(insert(table), list(rows))
    series = [
        {"mall_id": mall.id, "prefix": prefix, "day": mall.day(now), "last_number": number}
        for prefix, number in last.items()
    ]
    tx.conn.execute(insert(number_series), series)
    if tx.is_postgres:
        tx.conn.execute(text("ANALYZE"))  # as its own background process does by and by


def _waiting(
    tx: Transaction, mall: Mall, service: Service, wish: _Wish, today: date, device: int
) -> list[dict[str, Any]]:
    """A visit, its ticket and the event of its issue."""
    number, at, priority = wish
    label = life.label(service.prefix, number)
    visit_id, ticket_id = tx.new_id(), tx.new_id()
    of = {"mall_id": mall.id, "day": today}
    visit = {"id": visit_id, "token": secrets.token_urlsafe(16), "locale": "id", "created_at": at}
    ticket = {
        "id": ticket_id,
        "visit_id": visit_id,
        "service_id": service.id,
        "prefix": service.prefix,
        "number": number,
        "label": label,
        "state": "waiting",
        "priority": priority,
        "lane": int(priority is not Priority.REGULAR),
        "channel": "kiosk",
        "joined_at": at,
        "rank_at": turns.rank_at(at, priority, mall.priority_head_start),
        "ahead_at_join": number - 1,
        "open_at_join": 2,
        "calls": 0,
        "events": 1,
        "issuer": f"device:{device}",
    }
    event = {
        "id": tx.new_id(),
        "ticket_id": ticket_id,
        "seq": 1,
        "at": at,
        "action": "issue",
        "state": "waiting",
        "service_id": service.id,
        "device_id": device,
        "priority": priority,
        "ahead": number - 1,
        "open_counters": 2,
        "data": {"number": number, "label": label, "prefix": service.prefix}
        | {"channel": "kiosk", "visit": visit_id},
    }
    return [of | visit, of | ticket, of | event]
