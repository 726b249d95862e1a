"""Is it well? For whatever restarts processes, and whatever sends them requests."""

import asyncio
import time

from litestar import MediaType, get
from litestar.datastructures import State
from litestar.di import NamedDependency

from mpp.clock import Clock
from mpp.counters.commands import limits
from mpp.counters.queries import mall_rows
from mpp.db.seam import Database
from mpp.errors import MppError, Unavailable
from mpp.security import public_without_lookup

FRESH_S = 1.0
"""A look at the database serves everybody who asks within so long."""
PATIENCE_S = 5.0


class Readiness:
    """Whether a number can be taken: the database is read and written, once a second at most."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._looking = asyncio.Lock()
        self._until = 0.0
        self._refusal: MppError | None = None

    async def must_be(self) -> None:
        """`Unavailable` when it is not."""
        async with self._looking:
            if time.monotonic() >= self._until:
                self._refusal = await self._look()
                self._until = time.monotonic() + FRESH_S
        if self._refusal is not None:
            raise Unavailable(self._refusal.wording)

    async def _look(self) -> MppError | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._db.read(mall_rows.mall_revisions)
                await self._db.execute(limits.try_to_write, now=self._clock())
        except MppError as refusal:
            return refusal
        except TimeoutError:
            return Unavailable("Basis data tidak menjawab.")
        return None


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
async def ready(readiness: NamedDependency[Readiness], state: State) -> str:
    """What taking a number needs is there: the database can be read and written. 503 otherwise.

    And 503 for a process that is about to end: a balancer sends nobody there any more.
    """
    if state.going:
        raise Unavailable("Proses ini sedang berhenti.")
    await readiness.must_be()
    return "ok"
