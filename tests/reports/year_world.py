"""Two years of a small mall: few days, each with so many visitors of a service, all served alike."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from factories import MONDAY, a_mall
from sqlalchemy import insert

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.readers.rollup_job import recompute
from mpp.metrics.rules.periods import Period
from mpp.queue.models import ticket_events, tickets, visits
from mpp.queue.rules.life import Action, Priority, State

Came = Mapping[date, Mapping[str, int]]
"""Day → service → how many."""
CAME: Came = {
    date(2025, 1, 3): {"ktp-el": 5, "paspor": 6},
    date(2025, 3, 3): {"ktp-el": 8},
    date(2025, 11, 20): {"ktp-el": 3},
    date(2025, 11, 27): {"ktp-el": 9},
    date(2025, 12, 1): {"paspor": 7},
    date(2026, 1, 5): {"ktp-el": 7, "kk": 5},
    date(2026, 3, 2): {"ktp-el": 12, "paspor": 6},
    date(2026, 3, 9): {"ktp-el": 2},
    date(2026, 11, 20): {"ktp-el": 4},
    MONDAY: {"ktp-el": 50},
}
"""Today is Monday, 23 November 2026; its fifty are of a day that is not over."""
STEPS = (
    (0, Action.ISSUE, State.WAITING),
    (600, Action.CALL, State.CALLED),
    (630, Action.START, State.SERVING),
    (930, Action.COMPLETE, State.COMPLETED),
)
"""Seconds after taking the number: ten minutes of waiting, five of service."""


Steps = Sequence[tuple[int, Action, State]]
StepsOf = Callable[[date, str, int], Steps]
"""What happened to the n-th visitor of a service on a day."""


def alike(_day: date, _service: str, _number: int) -> Steps:
    return STEPS


async def a_history(
    db: Database, came: Came = CAME, mall: Mall | None = None, steps_of: StepsOf = alike
) -> Mall:
    """The mall with its past folded, except today."""
    known = mall or await a_mall(db)
    await db.execute(lived, known, came, steps_of)
    async for _ in recompute(db, known, Period(date.min, date.max), MONDAY):
        pass
    return known


def lived(tx: Transaction, mall: Mall, came: Came, steps_of: StepsOf = alike) -> int:
    """Put into the tables what the commands would leave there; answers how many came."""
    count = 0
    for day, wanted in came.items():
        for slug, many in wanted.items():
            for number in range(1, many + 1):
                _visitor(tx, mall, day, slug, number, steps_of(day, slug, number))
                count += 1
    return count


def _visitor(tx: Transaction, mall: Mall, day: date, slug: str, number: int, steps: Steps) -> None:
    service = mall.service(slug)
    counter = next(each.id for each in mall.counters if service.id in each.weights)
    began = datetime(day.year, day.month, day.day, 2 + number % 3, 0, number, tzinfo=UTC)
    ticket_id, visit_id, label = tx.new_id(), tx.new_id(), f"{service.prefix}-{number:03d}"
    same = {"mall_id": mall.id, "day": day, "service_id": service.id, "priority": Priority.REGULAR}
    tx.conn.execute(
        insert(visits),
        {"mall_id": mall.id, "id": visit_id, "token": f"t{visit_id}", "day": day, "locale": "id"}
        | {"created_at": began},
    )
    tx.conn.execute(
        insert(tickets),
        same
        | {"id": ticket_id, "visit_id": visit_id, "prefix": service.prefix, "number": number}
        | {"lane": 0, "label": label, "state": steps[-1][2], "channel": "kiosk", "calls": 1}
        | {"joined_at": began, "rank_at": began, "ahead_at_join": 0, "open_at_join": 1}
        | {"events": len(steps), "counter_id": counter, "issuer": "test"},
    )
    rows = [
        same
        | {"id": tx.new_id(), "ticket_id": ticket_id, "seq": seq, "action": action}
        | {"at": began + timedelta(seconds=after_s), "state": state}
        | {"counter_id": None if seq == 1 else counter}
        | {"data": {"label": label, "channel": "kiosk"} if seq == 1 else None}
        for seq, (after_s, action, state) in enumerate(steps, 1)
    ]
    tx.conn.execute(insert(ticket_events), rows)
