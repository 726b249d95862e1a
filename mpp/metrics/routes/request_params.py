"""What requests for figures hold, and whose they are."""

from typing import Annotated

from litestar.params import QueryParameter

from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.errors import Forbidden
from mpp.metrics.rules.figures import By
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
