"""What requests for figures hold, and whose they are."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Forbidden
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period, read_period
from mpp.pools import Turns
from mpp.security import Principal

DAY_SCHEMA = {"format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

From = Annotated[
    str | None,
    QueryParameter(
        name="from",
        required=False,
        description="First business day, the mall's local date; the same as `to` unless given.",
        schema_extra=DAY_SCHEMA,
    ),
]

To = Annotated[
    str | None,
    QueryParameter(
        name="to",
        required=False,
        description="Last business day, included; today unless given. At most 400 days.",
        schema_extra=DAY_SCHEMA,
    ),
]

Rows = Annotated[
    str | None,
    QueryParameter(
        name="by",
        required=False,
        description="What the rows are; service unless given.",
        schema_extra={"enum": [*map(str, By)]},
    ),
]

ReportDay = Annotated[str | None, QueryParameter(name="date", required=False)]


async def led(malls: Malls, slug: str, by: Principal) -> Mall:
    """The mall, if this leader is one of its own."""
    mall = await malls.get(slug)
    if mall.id != by.mall_id:
        raise Forbidden("Anda tidak memimpin mal ini.", field="mall")
    return mall


@dataclass(frozen=True)
class Asker:
    """A leader asks for figures of their own mall, now."""

    db: Database
    mall: Mall
    present: Present
    turn: Callable[[], AbstractAsyncContextManager[None]]
    """For what takes long: this person's turn, to be had before it is read and until it is made."""

    @property
    def today(self) -> date:
        """The mall's local date."""
        return self.mall.day(self.present.now)


@dataclass(frozen=True)
class ReportRequest(Asker):
    """They ask for a period's."""

    period: Period


async def provide_asker(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    turns: NamedDependency[Turns],
) -> Asker:
    """For pages, which are always of the leader's own mall."""
    mall, turn = await malls.by_id(request.user.mall_id), partial(turns.turn, request.user.who)
    return Asker(db, mall, Present(clock(), days), turn)


async def provide_report_request(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    turns: NamedDependency[Turns],
    first: From = None,
    last: To = None,
) -> ReportRequest:
    """For programs, which name the mall. `Forbidden` for another than theirs; `Invalid` names the field."""
    mall, present = await led(malls, mall_slug, request.user), Present(clock(), days)
    period = read_period(first, last, mall.day(present.now))
    return ReportRequest(db, mall, present, partial(turns.turn, request.user.who), period)


ASKED: Mapping[str, Provide] = MappingProxyType(
    {"asker": Provide(provide_asker), "asked": Provide(provide_report_request)}
)
"""For routers: each handler names the one that it takes."""
