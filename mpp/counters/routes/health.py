"""Is it well? For whatever restarts processes, and whatever sends them requests."""

from litestar import MediaType, get
from litestar.datastructures import State
from litestar.di import NamedDependency

from mpp.counters.queries import mall_rows
from mpp.db.seam import Database
from mpp.errors import Unavailable
from mpp.security import public_without_lookup


@get(
    "/health/live",
    guards=[public_without_lookup],
    include_in_schema=False,
    media_type=MediaType.TEXT,
)
async def alive() -> str:
    """The process answers."""
    return "ok"


@get(
    "/health/ready",
    guards=[public_without_lookup],
    include_in_schema=False,
    media_type=MediaType.TEXT,
)
async def ready(db: NamedDependency[Database], state: State) -> str:
    """The database answers too and the process is to stay; 503 otherwise."""
    if state.going:
        raise Unavailable("Proses ini sedang berhenti.")
    await db.read(mall_rows.mall_revisions)
    return "ok"
