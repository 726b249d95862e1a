"""What sockets and pages tell of a moment: read and put into wire types in one go, on a reader's thread."""

from datetime import datetime

from mpp.counters.rules.mall import Counter, Mall
from mpp.db.seam import Transaction
from mpp.queue.pages.wire import DeskOut, VisitOut, desk_out, visit_out
from mpp.queue.readers import Forecasts, desk_now, visit_now


def visit_snapshot(
    tx: Transaction, forecasts: Forecasts, mall: Mall, token: str, *, version: int, now: datetime
) -> VisitOut:
    """A visitor's own view. `NotFound` for an unknown token."""
    return visit_out(mall, visit_now(tx, forecasts, mall, token, now), version=version, now=now)


def desk_snapshot(
    tx: Transaction,
    forecasts: Forecasts,
    mall: Mall,
    counter: Counter,
    *,
    version: int,
    now: datetime,
) -> DeskOut:
    """A counter's own view."""
    return desk_out(mall, desk_now(tx, forecasts, mall, counter, now), version=version, now=now)
