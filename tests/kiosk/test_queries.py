"""What the kiosk asks of both databases."""

from datetime import timedelta

from factories import MONDAY, NINE, a_mall, a_ticket

from mpp.db.seam import Database
from mpp.kiosk import queries


async def test_tickets_are_counted_by_service_from_a_day_on(db: Database) -> None:
    mall = await a_mall(db)
    await a_ticket(db, mall, "ktp-el", now=NINE)
    for _ in range(2):
        await a_ticket(db, mall, "paspor", now=NINE + timedelta(days=1))
    by_slug = {service.slug: service.id for service in mall.services}
    since_monday = await db.read(queries.issued_since, mall.id, MONDAY)
    since_tuesday = await db.read(queries.issued_since, mall.id, MONDAY + timedelta(days=1))
    assert since_monday == {by_slug["ktp-el"]: 1, by_slug["kk"]: 0, by_slug["paspor"]: 2}
    assert since_tuesday == {by_slug["ktp-el"]: 0, by_slug["kk"]: 0, by_slug["paspor"]: 2}
