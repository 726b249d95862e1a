"""Reports, the live overview and the day report over HTTP."""

import asyncio
import csv
import io
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from factories import NINE, TestClock, a_desk, a_device, a_mall, a_ticket, mall_file
from litestar.testing import AsyncTestClient
from sqlalchemy import update
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from mpp.counters.models import services
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.pages.wire import CSV_COLUMNS, safe_cell
from mpp.queue.commands import end
from mpp.queue.rules import Action
from mpp.security import LEADERS, Role

Client = AsyncTestClient[Any]
PATH = "/api/v1/malls/mpp-uji/metrics"


@pytest.fixture(autouse=True)
def _malls_are_known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mpp.counters.stream.FRESH_S", 0.0)


async def signed_in(db: Database, mall: Mall, role: Role = Role.MANAGER) -> dict[str, str]:
    counter = "1" if role is Role.COUNTER else None
    return {"Authorization": f"Bearer {await a_device(db, mall, role, counter=counter)}"}


async def a_morning(db: Database, clock: TestClock) -> Mall:
    """A-001 served at counter 1 after 5 min, for 8; A-002 missed after 20; A-003 gave up; A-004 waits.

    P-001 is being served at counter 3, after 30 minutes.
    """
    mall: Mall = await a_mall(db)
    one, three = [await a_desk(db, mall, label, clock) for label in ("1", "3")]
    tickets = [await a_ticket(db, mall, now=clock()) for _ in range(4)]
    await a_ticket(db, mall, "paspor", now=clock())
    clock.forward(minutes=5)
    first = await one.call()
    assert first is not None
    clock.forward(minutes=1)
    await one.do(first, Action.START)
    clock.forward(minutes=8)
    await one.do(first, Action.COMPLETE)
    clock.forward(minutes=6)
    second = await one.call()
    assert second is not None
    await one.do(second, Action.MISS)
    third = tickets[2].visit_id
    await db.execute(end.cancel_by_visitor, mall, third, now=clock())
    clock.forward(minutes=10)
    passport = await three.call()
    assert passport is not None
    await three.do(passport, Action.START)
    return mall


async def test_a_report_by_service(client: Client, app_db: Database, clock: TestClock) -> None:
    mall = await a_morning(app_db, clock)
    headers = await signed_in(app_db, mall)
    answer = await client.get(PATH, headers=headers)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    nothing = {"n": 0, "median_s": None, "p90_s": None, "p95_s": None, "mean_s": None}
    assert {key: report[key] for key in ("mall", "from", "to", "by", "definitions")} == {
        "mall": "mpp-uji",
        "from": "2026-11-23",
        "to": "2026-11-23",
        "by": "service",
        "definitions": "v1",
    }
    ktp, paspor = report["rows"]
    assert ktp == {
        "key": "ktp-el",
        "name": "Perekaman KTP-el",
        "issued": 4,
        "served": 1,
        "left": 1,
        "no_show": 1,
        "expired": 0,
        "open": 1,
        "waiting": {"n": 2, "median_s": 750, "p90_s": 1110, "p95_s": 1155, "mean_s": 750},
        "response": {"n": 1, "median_s": 60, "p90_s": 60, "p95_s": 60, "mean_s": 60},
        "service": {"n": 1, "median_s": 480, "p90_s": 480, "p95_s": 480, "mean_s": 480},
        "total": {"n": 1, "median_s": 840, "p90_s": 840, "p95_s": 840, "mean_s": 840},
        "within_wait": 1,
        "within_service": 1,
    }
    assert (paspor["key"], paspor["open"], paspor["service"]) == ("paspor", 1, nothing)
    assert (paspor["within_wait"], paspor["within_service"]) == (None, None)
    total = report["total"]
    assert (total["issued"], total["served"], total["open"]) == (5, 1, 2)
    assert total["waiting"]["n"] == 3


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("agency", [("dukcapil", 4), ("imigrasi", 1)]),
        ("counter", [("Loket 1", 2), ("Loket 3", 1), ("Belum dipanggil ke loket", 2)]),
        ("officer", [("Tanpa nama petugas", 5)]),
        ("hour", [("09.00–09.59", 5)]),
    ],
)
async def test_a_report_by_something_else(
    client: Client, app_db: Database, clock: TestClock, by: str, expected: list[tuple[str, int]]
) -> None:
    mall = await a_morning(app_db, clock)
    answer = await client.get(f"{PATH}?by={by}", headers=await signed_in(app_db, mall))
    rows = answer.json()["rows"]
    which = "key" if by == "agency" else "name"
    assert [(row[which], row["issued"]) for row in rows] == expected
    for row in rows:
        parts = sum(row[name] for name in ("served", "left", "no_show", "expired", "open"))
        assert row["issued"] == parts


async def test_days_without_anything_are_empty_reports(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    answer = await client.get(
        f"{PATH}?from=2026-01-01&to=2026-10-31", headers=await signed_in(app_db, mall)
    )
    assert answer.status_code == 200
    assert (answer.json()["rows"], answer.json()["total"]["issued"]) == ([], 0)


SENSELESS = {
    "from=2026-02-30": "from",
    "to=9999-12-31": "to",
    "from=2026-11-23&to=2026-11-22": "to",
    "from=2020-01-01": "from",
    "by=colour": "by",
    "by=": "by",
}


@pytest.mark.parametrize("kind", ["metrics", "metrics.csv"])
async def test_questions_without_sense_name_the_field(
    client: Client, app_db: Database, kind: str
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    named = {}
    for query in SENSELESS:
        answer = await client.get(f"/api/v1/malls/mpp-uji/{kind}?{query}", headers=headers)
        assert answer.status_code == 422, query
        assert answer.headers["content-type"].startswith("application/problem+json")
        named[query] = answer.json()["field"]
    assert named == SENSELESS


# -- who may see it ------------------------------------------------------------------------------

PAGES = [PATH, f"{PATH}.csv", "/overview", "/overview/now", "/overview/day"]


@pytest.mark.parametrize("role", Role)
async def test_figures_are_for_leaders(client: Client, app_db: Database, role: Role) -> None:
    mall = await a_mall(app_db)
    headers = await signed_in(app_db, mall, role)
    answers = [(await client.get(path, headers=headers)).status_code for path in PAGES]
    assert answers == [200 if role in LEADERS else 403] * len(PAGES)


async def test_figures_are_not_for_the_public(client: Client, app_db: Database) -> None:
    await a_mall(app_db)
    assert [(await client.get(path)).status_code for path in PAGES] == [401] * len(PAGES)


@pytest.mark.parametrize("kind", ["metrics", "metrics.csv"])
async def test_leaders_see_their_own_mall_only(client: Client, app_db: Database, kind: str) -> None:
    mall = await a_mall(app_db)
    await a_mall(app_db, mall_file(slug="mpp-lain"))
    headers = await signed_in(app_db, mall)
    other = await client.get(f"/api/v1/malls/mpp-lain/{kind}", headers=headers)
    unknown = await client.get(f"/api/v1/malls/tidak-ada/{kind}", headers=headers)
    assert (other.status_code, unknown.status_code) == (403, 404)


# -- CSV -----------------------------------------------------------------------------------------


async def test_csv_says_the_same(client: Client, app_db: Database, clock: TestClock) -> None:
    mall = await a_morning(app_db, clock)
    answer = await client.get(f"{PATH}.csv", headers=await signed_in(app_db, mall))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        'filename="mpp-uji-2026-11-23-2026-11-23-service.csv"'
        in answer.headers["content-disposition"]
    )
    assert answer.content.startswith(b"\xef\xbb\xbfkey;name;issued;"), "a BOM, then semicolons"
    head, ktp, _paspor, total = list(csv.reader(io.StringIO(answer.text[1:]), delimiter=";"))
    assert tuple(head) == CSV_COLUMNS
    row = dict(zip(head, ktp, strict=True))
    assert (row["key"], row["issued"], row["waiting_median_s"]) == ("ktp-el", "4", "750")
    assert row["within_wait_pct"] == "100,0"
    assert total[:3] == ["", "Jumlah", "5"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+62", "'+62"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("Dinas = Kantor", "Dinas = Kantor"),
        ("", ""),
    ],
)
def test_no_cell_is_taken_for_a_formula(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


async def test_a_hostile_name_stays_text(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    name = '=HYPERLINK("http://x";"y")'
    rename = update(services).where(services.c.slug == "ktp-el").values(name=name)
    await app_db.execute(lambda tx: tx.conn.execute(rename).rowcount)
    answer = await client.get(f"{PATH}.csv", headers=await signed_in(app_db, mall))
    rows = list(csv.reader(io.StringIO(answer.text[1:]), delimiter=";"))
    assert rows[1][1] == "'" + name
    page = await client.get("/overview/day", headers=await signed_in(app_db, mall))
    assert "=HYPERLINK(&#34;http://x" in page.text


# -- pages ---------------------------------------------------------------------------------------


async def test_the_overview_shows_the_mall_as_it_stands(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    clock.forward(minutes=45)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview", headers=headers)).text
    assert 'data-live="/live/malls/mpp-uji/overview"' in page
    assert "A-004" in page
    assert "melewati janji 30 menit" in page
    assert "P-001" in page
    parts = await client.get("/overview/now", headers=headers)
    assert int(parts.headers["x-version"]) > 0
    for part in ("overview-tiles", "overview-counters", "overview-hours-table"):
        assert f'id="{part}"' in parts.text
        assert f'id="{part}"' in page


async def test_an_empty_mall_has_an_overview_and_a_report(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    overview = await client.get("/overview", headers=headers)
    day = await client.get("/overview/day", headers=headers)
    assert (overview.status_code, day.status_code) == (200, 200)
    assert "Tidak ada yang menunggu" in overview.text
    assert "Tidak ada nomor yang diambil pada hari ini" in day.text


async def test_the_day_report_checks_the_books_and_leads_to_its_neighbours(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    clock.forward(days=2)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview/day?date=2026-11-23&by=counter", headers=headers)).text
    assert "Pembukuan cocok" in page
    assert "5 diambil = 1 selesai + 1 batal + 1 tidak hadir + 0 kedaluwarsa + 2 masih" in page
    assert "/overview/day?date=2026-11-17&amp;by=counter" in page, "Tuesday: closed from Wednesday"
    assert "/overview/day?date=2026-11-24&amp;by=counter" in page
    assert "metrics.csv?from=2026-11-23&amp;to=2026-11-23&amp;by=counter" in page


async def test_a_day_that_cannot_be_is_refused(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db)) | {"Accept": "text/html"}
    for query in ("date=besok", "date=2026-11-31", "by=weekday", "date=1066-10-14"):
        answer = await client.get(f"/overview/day?{query}", headers=headers)
        assert answer.status_code == 422
        assert "<h1>Isian tidak sah</h1>" in answer.text


async def test_both_languages_are_spoken(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_morning(app_db, clock))
    english = (await client.get("/overview?lang=en", headers=headers)).text
    assert "Today at a glance" in english
    assert "Monday, 23 November 2026" in english
    assert "ID card" in english, "services by their English names"
    day = (await client.get("/overview/day?lang=en&by=counter", headers=headers)).text
    assert "The books balance" in day
    assert "Counter 1" in day
    assert "Not called to a counter yet" in day


# -- live ----------------------------------------------------------------------------------------


async def test_the_overview_is_live(server: str, app_db: Database, clock: TestClock) -> None:
    mall = await a_morning(app_db, clock)
    token = await a_device(app_db, mall, Role.SUPERVISOR)
    address = server.replace("http", "ws") + "/live/malls/mpp-uji/overview"
    async with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as socket:
        first = json.loads(await socket.recv())
        assert (first["type"], first["waiting"], first["serving"]) == ("overview", 1, 1)
        await a_ticket(app_db, mall, "kk", now=clock())
        async with asyncio.timeout(5):
            changed = first
            while changed["waiting"] == 1:
                changed = json.loads(await socket.recv())
        assert changed["version"] > first["version"]
        assert changed["waiting"] == 2
        assert changed["issued"] == 6


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICER, 403), (None, 401)])
async def test_the_live_overview_is_for_leaders(
    server: str, app_db: Database, role: Role | None, status: int
) -> None:
    mall = await a_mall(app_db)
    headers = await signed_in(app_db, mall, role) if role else {}
    address = server.replace("http", "ws") + "/live/malls/mpp-uji/overview"
    async with httpx.AsyncClient() as browser:
        page = await browser.get(f"{server}/overview", headers=headers)
    assert page.status_code == status
    with pytest.raises(InvalidStatus):
        async with connect(address, additional_headers=headers):
            pass


async def test_alerts_tell_late_waits_and_queues_without_a_counter(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    await a_desk(app_db, mall, "1", clock)
    await a_ticket(app_db, mall, now=clock())
    await a_ticket(app_db, mall, "paspor", now=clock())
    clock.now = NINE + timedelta(minutes=30)
    headers = await signed_in(app_db, mall)
    page = (await client.get("/overview", headers=headers)).text
    assert "tidak ada loket yang buka" in page
    assert "melewati janji 30 menit" not in page, "thirty minutes still keep the promise"
    clock.forward(seconds=1)
    page = (await client.get("/overview", headers=headers)).text
    assert "1 orang menunggu melewati janji 30 menit" in page
