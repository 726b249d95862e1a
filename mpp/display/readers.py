"""What hangs on the wall, read in one go."""

from datetime import datetime

from mpp.counters.queries import shift_rows
from mpp.db.seam import Transaction
from mpp.display import queries
from mpp.display.rules import Area, BoardNow
from mpp.queue.readers import Forecasts

NEXT_SHOWN = 3
RECENT_SHOWN = 8


def board_now(tx: Transaction, forecasts: Forecasts, area: Area, now: datetime) -> BoardNow:
    """What hangs on the wall now. Waits are worked out only where somebody waits."""
    mall, zone = area.mall, area.zone.slug if area.zone else None
    day = mall.day(now)
    lines = queries.lines(tx, mall.id, zone, day, NEXT_SHOWN)
    open_now = shift_rows.open_counters(tx, mall.id)
    expected = {
        service_id: forecasts.expect(
            tx, mall.id, service_id, ahead=line.count, open_counters=open_now.get(service_id, 0)
        )
        for service_id, line in lines.items()
        if service_id in area.services
    }
    return BoardNow(
        area=area,
        called=queries.called(tx, mall.id, zone, day),
        recent=queries.departed(tx, mall.id, zone, day, RECENT_SHOWN),
        lines=lines,
        expected=expected,
    )
