"""What is kept of past days and months, and which days are not kept yet."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Date, bindparam, func, select, text

from mpp.counters.models import malls
from mpp.db.seam import Transaction
from mpp.metrics.models.rollups import folded_days, rollups
from mpp.metrics.queries.name_rows import names
from mpp.metrics.rules.aggregation import MALL, Heading, Standard
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.recorded import Recorded
from mpp.queue.models import ticket_events

DAY, MONTH = "day", "month"
STANDARDS = "standards"
_R, _F, _E = rollups.c, folded_days.c, ticket_events.c

_OF_SPAN = select(_R.first_day, _R.by, _R.key, _R.tally).where(
    _R.mall_id == bindparam("mall_id"),
    _R.definitions == LATEST,
    _R.span == bindparam("span"),
    _R.by == bindparam("of"),
    _R.first_day.between(bindparam("first"), bindparam("last")),
)

_FOLDED = select(_F.day, _F.events).where(
    _F.mall_id == bindparam("mall_id"),
    _F.definitions == LATEST,
    _F.day.between(bindparam("first"), bindparam("last")),
)

_COUNTED = (
    select(_E.day, func.count())
    .where(
        _E.mall_id == bindparam("mall_id"),
        _E.day.between(bindparam("first"), bindparam("last")),
    )
    .group_by(_E.day)
)

# One step along the index a day, whatever a day holds.
_EVENT_DAYS = (
    text(
        "WITH RECURSIVE known(day) AS ("
        " SELECT min(day) FROM ticket_events WHERE mall_id = :mall_id AND day >= :first"
        " UNION ALL SELECT ("
        "  SELECT min(e.day) FROM ticket_events e WHERE e.mall_id = :mall_id AND e.day > known.day)"
        " FROM known WHERE known.day < :last"
        ") SELECT day FROM known WHERE day <= :last ORDER BY day"
    )
    .bindparams(bindparam("first", type_=Date), bindparam("last", type_=Date))
    .columns(day=Date)
)

_TOUCHED = (
    select(_E.mall_id, _E.day)
    .distinct()
    .select_from(malls.join(ticket_events, _E.mall_id == malls.c.id))
    .where(_E.id >= bindparam("since"))
)


@dataclass(frozen=True)
class Kept:
    """A row that is kept: of which day or month, under which heading."""

    first_day: date
    heading: Heading
    packed: bytes


def kept(
    tx: Transaction, mall_id: int, span: str, first: date, last: date, bys: Iterable[str]
) -> list[Kept]:
    """Rows of the days or months that begin within these days, both included."""
    values = {"mall_id": mall_id, "span": span, "first": first, "last": last}
    return [
        Kept(first_day, (by, key), packed)
        for of in bys
        for first_day, by, key, packed in tx.conn.execute(_OF_SPAN, values | {"of": of})
    ]


def kept_months(tx: Transaction, mall_id: int, first: date, last: date) -> set[date]:
    """The first days of the months that are kept."""
    return {each.first_day for each in kept(tx, mall_id, MONTH, first, last, [MALL])}


def rolled_up_days(tx: Transaction, mall_id: int, first: date, last: date) -> dict[date, int]:
    """The days that are kept, and from how many events each was made."""
    values = {"mall_id": mall_id, "first": first, "last": last}
    return dict(tx.conn.execute(_FOLDED, values).all())


def counted(tx: Transaction, mall_id: int, first: date, last: date) -> dict[date, int]:
    """How many events each day has."""
    values = {"mall_id": mall_id, "first": first, "last": last}
    return dict(tx.conn.execute(_COUNTED, values).all())


def event_days(tx: Transaction, mall_id: int, first: date, last: date) -> list[date]:
    """The days that have any event, in order."""
    values = {"mall_id": mall_id, "first": first, "last": last}
    return list(tx.conn.execute(_EVENT_DAYS, values).scalars())


def recorded_days(tx: Transaction, mall_id: int, first: date, last: date) -> int:
    """How many of these days have any figures."""
    kept_days = {day for day, n in rolled_up_days(tx, mall_id, first, last).items() if n}
    return len(kept_days.union(event_days(tx, mall_id, first, last)))


def first_recorded(tx: Transaction, mall_id: int) -> date | None:
    """The first day of the mall that has any figures; None before it."""
    folded = select(func.min(_F.day)).where(_F.mall_id == mall_id, _F.events > 0)
    happened = select(func.min(_E.day)).where(_E.mall_id == mall_id)
    days = [tx.conn.execute(each).scalar() for each in (folded, happened)]
    return min((day for day in days if day is not None), default=None)


def recorded(tx: Transaction, mall_id: int, periods: Iterable[Period]) -> list[Recorded]:
    """What of each of these periods was recorded."""
    since = first_recorded(tx, mall_id)
    return [
        Recorded(each, since, recorded_days(tx, mall_id, each.first, each.last)) for each in periods
    ]


def loose(tx: Transaction, mall_id: int, first: date, last: date) -> list[date]:
    """The days with events that are not kept, in order."""
    known = rolled_up_days(tx, mall_id, first, last)
    return [day for day in event_days(tx, mall_id, first, last) if day not in known]


def due(tx: Transaction, mall_id: int, first: date, last: date) -> list[date]:
    """The days with events that what is kept of them has not seen, the latest first."""
    known = rolled_up_days(tx, mall_id, first, last)
    now = counted(tx, mall_id, first, last)
    return sorted((day for day in now if known.get(day) != now[day]), reverse=True)


def days_touched(tx: Transaction, since: int) -> dict[int, set[date]]:
    """Mall → the days that have an event with this id or a higher one, by the end of each mall's key."""
    touched: dict[int, set[date]] = {}
    for mall_id, day in tx.conn.execute(_TOUCHED, {"since": since}):
        touched.setdefault(mall_id, set()).add(day)
    return touched


_Standards = dict[int, Standard]


def standards_of(tx: Transaction, mall_id: int, day: date) -> _Standards:
    """What the services promised when the day was first rolled_up_days; today's where it never was.

    Today's also where what was kept cannot be read any more: `mpp recompute --check` names it then.
    """
    for each in kept(tx, mall_id, DAY, day, day, [STANDARDS]):
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.msgpack.decode(each.packed, type=_Standards)
    return present_standards(tx, mall_id)


def present_standards(tx: Transaction, mall_id: int) -> _Standards:
    """What the services promise now, and whose they are."""
    known = names(tx, mall_id)
    return {
        service: Standard(
            _float(promise.wait_s), _float(promise.service_s), known.agency_of.get(service)
        )
        for service, promise in known.promises.items()
    }


def _float(seconds: float | None) -> float | None:
    """So that what was kept and read back is packed into the same bytes again."""
    return None if seconds is None else float(seconds)


def all_kept(tx: Transaction, mall_id: int, span: str, first_day: date) -> dict[Heading, bytes]:
    """Everything that is kept of one day or month."""
    found = tx.conn.execute(
        select(_R.by, _R.key, _R.tally).where(
            _R.mall_id == mall_id,
            _R.definitions == LATEST,
            _R.span == span,
            _R.first_day == first_day,
        )
    )
    return {(by, key): packed for by, key, packed in found}
