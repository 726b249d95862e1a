"""How much of their time counters and officers served."""

from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.db.schema import to_microseconds
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.metrics.pages.work import (
    WorkOut,
    work_out,
)
from mpp.metrics.queries.shift_log_rows import shift_log
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.reports import summed
from mpp.metrics.readers.today import Days
from mpp.metrics.routes.request_params import From, To, led
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import read_period
from mpp.metrics.rules.tables import Work
from mpp.metrics.rules.work import attendance, by_heading
from mpp.security import LEADERS, requires
from mpp.web.problems import PROBLEMS

WORKERS = (By.COUNTER, By.OFFICER)
Workers = Annotated[
    str | None,
    QueryParameter(
        name="by",
        required=False,
        description="Whose work; counter unless given.",
        schema_extra={"enum": [*map(str, WORKERS)]},
    ),
]


def read_worker(text: str | None) -> By:
    """Read whose work is asked for. `Invalid` names the field."""
    if text is None:
        return By.COUNTER
    found = next((each for each in WORKERS if each == text), None)
    if found is None:
        raise Invalid(f"Pilih salah satu dari {', '.join(WORKERS)}.", field="by")
    return found


@get(
    "/malls/{mall_slug:str}/metrics/work",
    guards=[requires(LEADERS)],
    responses=PROBLEMS,
    operation_id="getWork",
)
async def get_work(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    days: NamedDependency[Days],
    first: From = None,
    last: To = None,
    by: Workers = None,
) -> WorkOut:
    """Time open, paused and serving, utilisation and services an hour, by counter or officer."""
    mall, now = await led(malls, mall_slug, request.user), clock()
    wanted = read_worker(by)
    period = read_period(first, last, mall.day(now))
    known, sums = await summed(db, mall, period, wanted, present=Present(now, days))
    log = await db.read(shift_log, mall.id, period.first, period.last)
    there = by_heading(attendance(log, to_microseconds(now)), wanted)
    return work_out(mall, period, Work(sums[wanted], there), known)


routers = [Router("/api/v1", route_handlers=[get_work], tags=["metrics"])]
