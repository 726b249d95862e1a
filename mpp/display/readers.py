"""What hangs on the wall, read in one go."""

from datetime import datetime

from mpp.db.seam import Transaction
from mpp.display import queries
from mpp.display.rules import Area, BoardNow
from mpp.queue.readers import Forecasts, queue_forecast

NEXT_SHOWN = 3
RECENT_SHOWN = 8


def board_now(tx: Transaction, forecasts: Forecasts, area: Area, now: datetime) -> BoardNow:
    """What hangs on the wall now. Waits are worked out only where somebody waits."""
    mall, zone = area.mall, area.zone.slug if area.zone else None
    day = mall.day(now)
    lines = queries.lines(tx, mall.id, zone, day, NEXT_SHOWN)
    shown = [service_id for service_id in lines if service_id in area.services]
    known = queue_forecast(tx, forecasts, mall, shown, now) if shown else []
    expected = {service_id: wait for service_id, _, wait in known}
    return BoardNow(
        area=area,
        called=queries.called(tx, mall.id, zone, day),
        recent=queries.departed(tx, mall.id, zone, day, RECENT_SHOWN),
        lines=lines,
        expected=expected,
    )
