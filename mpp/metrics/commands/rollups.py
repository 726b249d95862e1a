"""Keep what was aggregated. Each day and each month is one transaction; doing it again changes nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert

from mpp.db.seam import Transaction
from mpp.metrics.models.rollups import folded_days, rollups
from mpp.metrics.queries import rollup_rows
from mpp.metrics.queries.rollup_rows import DAY, MONTH
from mpp.metrics.rules.aggregation import Heading
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.periods import month_of

_R, _F = rollups.c, folded_days.c

_FORGET = delete(rollups).where(
    _R.mall_id == bindparam("of_mall"),
    _R.definitions == LATEST,
    _R.span == bindparam("of_span"),
    _R.first_day == bindparam("of_day"),
)

_FORGET_FOLDED = delete(folded_days).where(
    _F.mall_id == bindparam("of_mall"), _F.definitions == LATEST, _F.day == bindparam("of_day")
)


def keep_day(
    tx: Transaction, mall_id: int, day: date, events: int, rows: Mapping[Heading, bytes]
) -> bool:
    """Put a day that was aggregated from so many events in the place of what was kept of it.

    The month that holds it is forgotten: it is added up anew. False, and nothing is changed, when
    another process has meanwhile kept the day from more events.
    """
    tx.lock(-mall_id)  # two workers may roll up the same day; the queue's own lock stays free
    known = rollup_rows.rolled_up_days(tx, mall_id, day, day).get(day, 0)
    if known > events:
        return False
    _replace(tx, mall_id, DAY, day, rows)
    _replace(tx, mall_id, MONTH, month_of(day).first, {})
    tx.conn.execute(_FORGET_FOLDED, {"of_mall": mall_id, "of_day": day})
    rolled_up: dict[str, Any] = {
        "mall_id": mall_id,
        "day": day,
        "definitions": LATEST,
        "events": events,
    }
    tx.conn.execute(insert(folded_days), rolled_up)
    return True


def keep_month(
    tx: Transaction, mall_id: int, month: date, events: int, rows: Mapping[Heading, bytes]
) -> bool:
    """Keep a month that was added up from days with so many events together.

    False, and nothing is changed, when one of its days was rolled up again meanwhile.
    """
    tx.lock(-mall_id)
    whole = month_of(month)
    if sum(rollup_rows.rolled_up_days(tx, mall_id, whole.first, whole.last).values()) != events:
        return False
    _replace(tx, mall_id, MONTH, whole.first, rows)
    return True


def _replace(
    tx: Transaction, mall_id: int, span: str, first_day: date, rows: Mapping[Heading, bytes]
) -> None:
    tx.conn.execute(_FORGET, {"of_mall": mall_id, "of_span": span, "of_day": first_day})
    if rows:
        same = {"mall_id": mall_id, "definitions": LATEST, "span": span, "first_day": first_day}
        values = [
            same | {"by": by, "key": key, "tally": packed} for (by, key), packed in rows.items()
        ]
        tx.conn.execute(insert(rollups), values)
