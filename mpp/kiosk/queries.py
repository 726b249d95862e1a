"""What the kiosk asks of the database beyond what the queue's own queries tell."""

from datetime import date

from sqlalchemy import func, select

from mpp.counters.models import services
from mpp.db.seam import Transaction
from mpp.queue.models import tickets


def issued_since(tx: Transaction, mall_id: int, first: date) -> dict[int, int]:
    """Service id → tickets issued on `first` or later.

    One look into the index a service: grouping over the whole table would read every old ticket.
    """
    count = (
        select(func.count())
        .where(
            tickets.c.mall_id == services.c.mall_id,
            tickets.c.service_id == services.c.id,
            tickets.c.day >= first,
        )
        .scalar_subquery()
    )
    rows = tx.conn.execute(select(services.c.id, count).where(services.c.mall_id == mall_id))
    return {row[0]: row[1] for row in rows}
