"""What ids mean: names and standards, retired ones too."""

from sqlalchemy import (
    select,
)

from mpp.counters.models import agencies, counters, officers, services
from mpp.db.seam import Transaction
from mpp.metrics.rules.figures import Promise
from mpp.metrics.rules.names import Named, Names


def names(tx: Transaction, mall_id: int) -> Names:
    """Names and standards of a mall's services, agencies, counters and officers."""
    s, a, c, o = services.c, agencies.c, counters.c, officers.c
    offered = tx.conn.execute(
        select(s.id, s.slug, s.name, s.agency_id, s.promised_wait_s, s.promised_service_s)
        .where(s.mall_id == mall_id)
        .order_by(s.position, s.id)
    ).all()
    bodies = tx.conn.execute(
        select(a.id, a.slug, a.name).where(a.mall_id == mall_id).order_by(a.position, a.id)
    )
    places = tx.conn.execute(
        select(c.id, c.label).where(c.mall_id == mall_id).order_by(c.position, c.id)
    )
    people = tx.conn.execute(
        select(o.id, o.username).where(o.mall_id == mall_id).order_by(o.username)
    )
    return Names(
        services={row.id: Named(row.slug, row.name) for row in offered},
        agencies={row.id: Named(row.slug, row.name) for row in bodies},
        counters={row.id: Named(str(row.id), f"Loket {row.label}") for row in places},
        officers={row.id: Named(row.username, row.username) for row in people},
        agency_of={row.id: row.agency_id for row in offered},
        promises={row.id: Promise(row.promised_wait_s, row.promised_service_s) for row in offered},
    )
