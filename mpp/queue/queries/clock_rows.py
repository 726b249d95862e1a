"""The newest moment of a mall: its time never runs backwards, whatever a machine's clock does.

Where a clock was set back, the step is written down once (`clock_steps`), by the command that met it. Only
while a clock is behind does a command look whether that was done.
"""

import logging
import socket
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Insert, Select, bindparam, cast, exists, insert, literal_column, or_, select

from mpp.counters.rules.mall import Mall
from mpp.db.compiled import CompiledStatement, as_text
from mpp.db.seam import Transaction
from mpp.ids import node_of
from mpp.queue.models import clock_steps, ticket_events
from mpp.queue.queries.line_rows import Value
from mpp.queue.rules.clock_steps import AGAIN, NOTED, ClockStep, distinct

LOG = logging.getLogger(__name__)

HOST = socket.gethostname()[:100]
"""The machine whose clock it is."""

MOST_LATEST = 20
"""Machines do not share the time of a mall with more than so many steps in `AGAIN`."""

TICK = timedelta(microseconds=1)
"""By so much a held moment is later than the newest: whoever took a number later stands behind, also
where another machine gives lower ids."""


def newest_of(mall_id: Value) -> Select[tuple[datetime]]:
    """The moment of the mall's last event, one step along its key."""
    e = ticket_events.c
    return select(e.at).where(e.mall_id == mall_id).order_by(e.id.desc()).limit(literal_column("1"))


_NEWEST = CompiledStatement(newest_of(bindparam("mall_id")))

_S = clock_steps.c
NOTE = ("mall_id", "id", "noticed_at", "held_at", "host", "lowest", "earliest")
"""The parameters of `noting`, in this order."""


def noting(values: dict[str, Any]) -> Insert:
    """Write a step down, unless one is there that covers it (`ClockStep.covers`)."""
    covering = exists(
        select(literal_column("1")).where(
            _S.mall_id == values["mall_id"],
            _S.host == values["host"],
            _S.noticed_at <= values["lowest"],
            or_(_S.held_at > values["noticed_at"], _S.noticed_at > values["earliest"]),
        )
    )
    names = NOTE[:5]
    return insert(clock_steps).from_select(
        list(names), select(*(values[name] for name in names)).where(~covering)
    )


_TYPES = {name: _S[name].type if name in _S else _S.held_at.type for name in NOTE}
_NOTING = CompiledStatement(noting({name: bindparam(name, type_=_TYPES[name]) for name in NOTE}))
NOTE_STEP = as_text(
    noting(
        {name: cast(literal_column(f"${n}"), _TYPES[name]) for n, name in enumerate(NOTE, start=1)}
    )
)
"""The same for PostgreSQL's fast paths."""


def note_of(mall: Mall, id_: int, now: datetime, moment: datetime) -> dict[str, Any]:
    """What `noting` is given."""
    return {
        "mall_id": mall.id,
        "id": id_,
        "noticed_at": now,
        "held_at": moment,
        "host": HOST,
        "lowest": now + NOTED,
        "earliest": now - AGAIN,
    }


def held(tx: Transaction, mall: Mall, now: datetime) -> datetime:
    """The moment to write: `now`, but on the same business day always after the newest event.

    Of another day nothing is held: a clock that ran a day ahead must not stop the mall for a day.
    """
    row = _NEWEST.one(tx, {"mall_id": mall.id})
    moment = later_of(mall, now, None if row is None else row[0])
    if is_step(mall, now, moment):
        _NOTING.run(tx, note_of(mall, tx.new_id(), now, moment))
    return moment


def later_of(mall: Mall, now: datetime, newest: datetime | None) -> datetime:
    """`now`, or the first moment after `newest` where that is later on the same business day."""
    if newest is None or newest <= now or mall.day(newest) != mall.day(now):
        return now
    return newest + TICK


def is_step(mall: Mall, now: datetime, moment: datetime) -> bool:
    """Whether `moment` is written because a clock was set back, not overtaken; said in the log then."""
    behind = moment - now
    if behind <= NOTED:
        return False
    LOG.warning(
        "%s: the clock is %d s behind the mall's last event; its time stands still until then",
        mall.slug,
        behind.total_seconds(),
    )
    return True


# -- what the operator is told -------------------------------------------------------------------


def steps(
    tx: Transaction, mall: Mall, day_from: date | None = None, day_to: date | None = None
) -> list[ClockStep]:
    """Every step that was noted on these business days, both included; None: no bound."""
    rows = tx.conn.execute(select(clock_steps).where(_S.mall_id == mall.id).order_by(_S.id))
    first, last = day_from or date.min, day_to or date.max
    found = distinct(_step(row) for row in rows)
    return [step for step in found if first <= mall.day(step.noticed_at) <= last]


def present_step(tx: Transaction, mall_id: int, now: datetime) -> ClockStep | None:
    """The largest step that the clock has not caught up with; None: the mall's time goes on."""
    latest = (
        select(clock_steps).where(_S.mall_id == mall_id).order_by(_S.id.desc()).limit(MOST_LATEST)
    )
    found = [step for step in map(_step, tx.conn.execute(latest)) if step.counts(now, HOST)]
    return max(found, key=lambda step: step.behind, default=None)


def behind(tx: Transaction, mall: Mall, now: datetime) -> timedelta:
    """By how much the clock that says `now` is behind the mall's newest event of the day; 0: it is not."""
    row = _NEWEST.one(tx, {"mall_id": mall.id})
    return later_of(mall, now, None if row is None else row[0]) - now


def _step(row: Any) -> ClockStep:
    return ClockStep(row.noticed_at, row.held_at, row.host, node_of(row.id))
