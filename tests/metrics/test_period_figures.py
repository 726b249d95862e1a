"""The figures of a period's page: they are the API's, and each has its meaning beside it."""

import re
from typing import Any

import pytest
from factories import TestClock, a_desk, a_mall, a_ticket
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.rules.figures import By
from mpp.queue.rules.life import Action
from tests.metrics.morning import a_morning, signed_in

Client = AsyncTestClient[Any]
MINUTES = (3, 4, 4, 5, 6, 8, 9, 14)
"""Services at counter 1; its service promises 10."""


async def a_busy_counter(db: Database, clock: TestClock) -> Mall:
    mall: Mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    for minutes in MINUTES:
        await a_ticket(db, mall, now=clock(), unrestricted=True)
        ticket = await desk.start()
        clock.forward(minutes=minutes)
        await desk.do(ticket, Action.COMPLETE)
    return mall


async def seen(client: Client, headers: dict[str, str], query: str = "") -> str:
    answer = await client.get(f"/overview/period?period=2026-11{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def cells(page: str, caption: str) -> list[list[str]]:
    """The body of the table with this caption, cell by cell."""
    table = page[page.index(f"<caption>{caption}") :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


async def test_a_services_times_stand_beside_its_promise(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_busy_counter(app_db, clock))
    page = await seen(client, headers, "&among=service:ktp-el")
    rows = cells(page, "Waktu pelayanan: banyaknya menurut lamanya")
    assert sum(int(row[1]) for row in rows) == len(MINUTES)
    assert all(int(row[1]) == 0 or int(row[1]) >= 5 for row in rows)
    assert "Janji sekarang 10,0 menit." in page
    assert "<strong>12,5 % melewati janji.</strong>" in page
    assert ">janji 10,0</text>" in page
    assert ">median 5,5</text>" in page


async def test_of_a_service_with_a_few_nothing_is_drawn(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_morning(app_db, clock))
    page = await seen(client, headers, "&among=service:ktp-el")
    assert page.count("Kurang dari lima: tidak ditampilkan") == 2
    assert "chart__bar--tint" not in page.split('id="spread"')[1].split("</section>")[0]


async def test_what_cannot_be_chosen_is_refused(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    for field, value in [("among", "service:x"), ("rows", "colour"), ("work", "hour")]:
        answer = await client.get(
            "/overview/period",
            params={field: value},
            headers=headers | {"Accept": "application/json"},
        )
        assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("by", By)
async def test_every_heading_of_the_metrics_can_be_read(
    client: Client, app_db: Database, clock: TestClock, by: By
) -> None:
    headers = await signed_in(app_db, await a_busy_counter(app_db, clock))
    page = await seen(client, headers, f"&rows={by}")
    address = "/api/v1/malls/mpp-uji/metrics?from=2026-11-01&to=2026-11-23"
    said = (await client.get(f"{address}&by={by}", headers=headers)).json()["rows"]
    rows = cells(page, "Rincian menurut")
    told = [[str(row[name]) for name in ("issued", "served", "left", "no_show")] for row in said]
    assert [row[1:5] for row in rows] == told
    waits = [f"{row['service']['median_s'] / 60:.1f}".replace(".", ",") for row in said]
    assert [row[8] for row in rows] == waits


async def test_work_is_what_the_api_tells(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_busy_counter(app_db, clock))
    address = "/api/v1/malls/mpp-uji/metrics/work?from=2026-11-01&to=2026-11-23"
    (said,) = (await client.get(address, headers=headers)).json()["rows"]
    assert cells(await seen(client, headers), "Kerja loket") == [
        ["Loket 1", "0,9", "0,0", "0,9", "8", "100,0", "9,1"]
    ]
    assert (said["utilisation"], said["served_per_hour"]) == (1.0, 9.06)
    assert "Tanpa nama petugas" in await seen(client, headers, "&work=officer")


async def test_a_form_keeps_what_the_others_chose(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_busy_counter(app_db, clock))
    chosen = {"by": "agency", "of": "waiting", "rows": "hour", "work": "officer"}
    chosen["among"] = "agency:dukcapil"
    query = "".join(f"&{name}={value}" for name, value in chosen.items())
    page = await seen(client, headers, query)
    forms = re.findall(r"<form class=\"filters.*?</form>", page, re.DOTALL)
    assert len(forms) == 5
    for form in forms:
        is_of_days = 'name="from"' in form
        hidden = dict(re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form))
        own = set(re.findall(r'<select[^>]*\sname="(\w+)"', form))
        assert hidden == {
            **({} if is_of_days else {"period": "2026-11"}),
            **{name: value for name, value in chosen.items() if name not in own},
        }
    follow = re.search(r'href="([^"]*period=2026-10[^"]*)"', page)
    assert follow is not None
    assert all(f"{name}=" in follow[1] for name in chosen)


@pytest.mark.parametrize("lang", ["id", "en"])
async def test_every_picture_has_its_meaning(
    client: Client, app_db: Database, clock: TestClock, lang: str
) -> None:
    headers = await signed_in(app_db, await a_busy_counter(app_db, clock))
    page = await seen(client, headers, f"&lang={lang}")
    linked = re.findall(r'href="/overview/definitions#([^"]+)"', page)
    assert linked == [
        "kaplan-meier", "waiting", "service-time", "heat", "utilisation", "funnel", "counts",
    ]  # fmt: skip
    assert ("Pelayanan diukur" in page, "Details by" in page) == (False, lang == "en")
