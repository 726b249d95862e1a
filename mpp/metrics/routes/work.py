"""How much of their time counters and officers served."""

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mpp.db.schema import to_microseconds
from mpp.errors import Invalid
from mpp.metrics.pages.work import (
    WorkOut,
    work_out,
)
from mpp.metrics.queries.shift_log_rows import shift_log
from mpp.metrics.readers.reports import summed
from mpp.metrics.routes.request_params import ASKED, ReportRequest
from mpp.metrics.rules.figures import By
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
    asked: NamedDependency[ReportRequest],
    by: Workers = None,
) -> WorkOut:
    """Time open, paused and serving, utilisation and services an hour, by counter or officer."""
    wanted, period = read_worker(by), asked.period
    known, sums = await summed(asked.db, asked.mall, period, wanted, present=asked.present)
    log = await asked.db.read(shift_log, asked.mall.id, period.first, period.last)
    there = by_heading(attendance(log, to_microseconds(asked.present.now)), wanted)
    return work_out(asked.mall, period, Work(sums[wanted], there), known)


routers = [Router("/api/v1", route_handlers=[get_work], dependencies=ASKED, tags=["metrics"])]
