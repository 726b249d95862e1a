"""64 kiosks press at once and every first reply is lost: each key is one ticket, numbers have no gap."""

import asyncio
import itertools
from collections import Counter

from factories import TestClock, a_device, a_mall, mall_file
from litestar import Litestar
from sqlalchemy import func, select

from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import stored_days
from mpp.queue.models import ticket_events, tickets, visits
from mpp.security import Role
from tests.resilience.wire import Answer, Loss, Wire

CLIENTS = 64
KEYS = 3  # tickets that each client wants, one after the other
SERVICES = ("ktp-el", "paspor", "kk")


async def test_every_key_is_one_ticket_and_numbers_have_no_gap(
    app: Litestar, live_db: Database, wire: Wire, clock: TestClock
) -> None:
    mall = await a_mall(live_db, mall_file(public_issue=False))
    kiosks = [await a_device(live_db, mall, Role.KIOSK, unrestricted=True) for _ in range(4)]
    app.state.malls.stale()
    losses = list(Loss)

    async def client(number: int) -> list[Answer]:
        kept = []
        for turn in range(KEYS):
            service = SERVICES[(number + turn) % len(SERVICES)]
            wish = wire.request(
                "POST",
                f"/api/v1/malls/{mall.slug}/tickets",
                {"service": service},
                {
                    "Authorization": f"Bearer {kiosks[number % len(kiosks)]}",
                    # the same key from another device is another wish
                    "Idempotency-Key": f"{number // len(kiosks)}-{turn}",
                },
            )
            await wire.lose(wish, losses[(number * KEYS + turn) % len(losses)])
            answers = await asyncio.gather(wire.ask(wish), wire.ask(wish))  # two impatient retries
            assert answers[0].json["id"] == answers[1].json["id"]
            kept.append(answers[0])
        return kept

    everybody = await asyncio.gather(*map(client, range(CLIENTS)))
    kept = list(itertools.chain.from_iterable(everybody))
    wanted = CLIENTS * KEYS
    assert Counter(each.status for each in kept).keys() <= {200, 201}
    assert len({each.json["id"] for each in kept}) == wanted
    assert len({each.json["visit_token"] for each in kept}) == wanted

    by_prefix: dict[str, list[int]] = {}
    for each in kept:
        by_prefix.setdefault(each.json["label"][0], []).append(each.json["number"])
    for prefix, numbers in by_prefix.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), prefix

    def rows(tx: Transaction) -> list[int]:
        return [
            tx.conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tickets, visits, ticket_events)
        ]

    assert await live_db.read(rows) == [wanted] * 3  # nothing was stored that nobody was told of
    assert await live_db.read(stored_days.verify, mall.id) == []
