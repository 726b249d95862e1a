"""The snapshot that hangs on the wall, and what is kept between two of them."""

from datetime import datetime

from mpp.clock import Clock
from mpp.counters.queries import shift_rows
from mpp.counters.readers import Malls
from mpp.db.seam import Database, Transaction
from mpp.display import queries
from mpp.display.pages.wire import BoardOut, board_out
from mpp.display.rules import Area, area_of
from mpp.live.kept import Kept
from mpp.queue.readers import Forecasts

NEXT_SHOWN = 3
RECENT_SHOWN = 8


def board(
    tx: Transaction, forecasts: Forecasts, area: Area, *, version: int, now: datetime
) -> BoardOut:
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
    return board_out(
        area,
        version=version,
        now=now,
        called=queries.called(tx, mall.id, zone, day),
        recent=queries.departed(tx, mall.id, zone, day, RECENT_SHOWN),
        lines=lines,
        expected=expected,
    )


class Boards:
    """Reads one zone's board as often as it is asked; knows what the zone holds until that changes."""

    def __init__(
        self,
        mall: str,
        zone: str | None,
        db: Database,
        malls: Malls,
        forecasts: Forecasts,
        clock: Clock,
    ) -> None:
        self._mall = mall
        self._zone = zone
        self._db = db
        self._malls = malls
        self._forecasts = forecasts
        self._clock = clock
        self._area: Area | None = None
        self._kept = Kept()

    async def area(self) -> Area:
        """What the board covers; `NotFound` for an unknown mall or zone."""
        mall = await self._malls.get(self._mall)
        if self._area is None or self._area.mall is not mall:
            self._area = area_of(mall, self._zone)
        return self._area

    async def read(self, version: int) -> BoardOut:
        """The board as it is now, a new day's after midnight."""
        area, now = await self.area(), self._clock()
        return await self._kept.state(
            version,
            now,
            (area.mall.revision, area.mall.day(now)),
            lambda: self._db.read(board, self._forecasts, area, version=version, now=now),
        )
