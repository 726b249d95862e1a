"""One zone's board as its socket and its page tell it, and what is kept between two of them."""

from datetime import datetime

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.db.seam import Database, Transaction
from mpp.display.pages.wire import BoardOut, board_out
from mpp.display.readers import board_now
from mpp.display.rules import Area, area_of
from mpp.live.kept import Kept
from mpp.queue.readers import Forecasts


def board(
    tx: Transaction, forecasts: Forecasts, area: Area, *, version: int, now: datetime
) -> BoardOut:
    """What hangs on the wall: read and put into wire types in one go, on a reader's thread."""
    return board_out(board_now(tx, forecasts, area, now), version=version, now=now)


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

    async def read(self, version: int, news: int = 0) -> BoardOut:
        """The board as it is now, a new day's after midnight. `news`: another number after each change."""
        area, now = await self.area(), self._clock()
        return await self._kept.state(
            version,
            now,
            (news, area.mall.revision, area.mall.day(now)),
            lambda: self._db.read(board, self._forecasts, area, version=version, now=now),
        )
