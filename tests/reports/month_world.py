"""A month, the one before and the same of last year, unlike one another; figures from raw events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import quantiles

from sqlalchemy import select

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules.life import Action, State
from tests.reports.year_world import Came, Steps, a_history

MONTH, BEFORE, YEAR_BEFORE = (2026, 11), (2026, 10), (2025, 11)
CAME: Came = {
    date(2025, 11, 3): {"ktp-el": 8},
    date(2025, 11, 10): {"paspor": 11},
    date(2026, 10, 5): {"ktp-el": 7, "paspor": 5},
    date(2026, 10, 12): {"ktp-el": 16},
    date(2026, 11, 2): {"ktp-el": 19, "paspor": 6},
    date(2026, 11, 9): {"ktp-el": 12},
    date(2026, 11, 17): {"kk": 13, "ktp-el": 5},
}
SLOWER = {2025: 3, 10: 2, 11: 1}
"""How many times longer everything took in last year, in October, in November."""


def steps_of(day: date, service: str, number: int) -> Steps:
    """Every fifth gives up, every seventh does not come; the others wait and are served, each differently."""
    slower = SLOWER[2025 if day.year == 2025 else day.month]
    wait = slower * 60 * (2 + number * 7 % 23)
    if number % 5 == 0:
        return ((0, Action.ISSUE, State.WAITING), (wait, Action.CANCEL, State.CANCELLED))
    called = ((0, Action.ISSUE, State.WAITING), (wait, Action.CALL, State.CALLED))
    if number % 7 == 0:
        return (*called, (wait + 90, Action.MISS, State.NO_SHOW))
    # Never near a whole minute: a histogram may count what lies at a bound on its other side.
    length = slower * (20 + 60 * (3 + (number * 5 + len(service)) % 14))
    started = (wait + 30, Action.START, State.SERVING)
    return (*called, started, (wait + 30 + length, Action.COMPLETE, State.COMPLETED))


async def three_months(db: Database) -> Mall:
    return await a_history(db, CAME, steps_of=steps_of)


@dataclass(frozen=True)
class Life:
    """One ticket, as its events tell; seconds, None where it did not come so far."""

    service: int
    day: date
    hour: int
    wait_s: float | None
    service_s: float | None
    end: str


def lives(tx: Transaction, mall: Mall) -> list[Life]:
    """Every ticket of the mall, from its raw events and nothing else."""
    events = select(ticket_events).where(ticket_events.c.mall_id == mall.id)
    found: dict[int, list[tuple[datetime, str]]] = {}
    for row in tx.conn.execute(events.order_by(ticket_events.c.ticket_id, ticket_events.c.seq)):
        found.setdefault(row.ticket_id, []).append((row.at, row.action))
    known = {row.id: (row.service_id, row.day) for row in tx.conn.execute(select(tickets))}
    return [
        _life(known[ticket], {action: at for at, action in each}) for ticket, each in found.items()
    ]


def _life(own: tuple[int, date], at: dict[str, datetime]) -> Life:
    def between(first: Action, last: Action) -> float | None:
        both = first in at and last in at
        return (at[last] - at[first]).total_seconds() if both else None

    local = at[Action.ISSUE] + timedelta(hours=7)  # Asia/Jakarta
    ends = (Action.COMPLETE, Action.CANCEL, Action.MISS)
    return Life(
        *own,
        local.hour,
        between(Action.ISSUE, Action.CALL),
        between(Action.START, Action.COMPLETE),
        next(str(each) for each in ends if each in at),
    )


def of_month(found: Iterable[Life], month: tuple[int, int]) -> list[Life]:
    return [each for each in found if (each.day.year, each.day.month) == month]


def quantile_of(found: Iterable[Life], of: Callable[[Life], float | None], share: int) -> float:
    """Of Hyndman-Fan type 7, seconds."""
    told = [seconds for each in found if (seconds := of(each)) is not None]
    return quantiles(told, n=100, method="inclusive")[share - 1]


def within(found: Iterable[Life], of: Callable[[Life], float | None], most_s: float) -> float:
    """The share of those that took no longer."""
    told = [seconds for each in found if (seconds := of(each)) is not None]
    return sum(each <= most_s for each in told) / len(told)
