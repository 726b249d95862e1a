"""Reports over HTTP, as JSON and as CSV, and who may have them."""

import csv
import io
from typing import Any

import pytest
from factories import TestClock, a_mall, mall_file
from litestar.testing import AsyncTestClient
from sqlalchemy import update

from mpp.counters.models import services
from mpp.db.seam import Database
from mpp.documents.csv_text import safe_cell
from mpp.metrics.pages.columns import COLUMNS, heads
from mpp.security import LEADERS, Role
from tests.metrics.morning import a_morning, signed_in

Client = AsyncTestClient[Any]
PATH = "/api/v1/malls/mpp-uji/metrics"


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
        "definitions": "v2",
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
    assert answer.content.startswith(b"\xef\xbb\xbfKunci;Nama;Nomor diambil;"), "a BOM, semicolons"
    head, *rows = list(csv.reader(io.StringIO(answer.text[1:]), delimiter=";"))
    assert head == heads("id")
    assert len(head) == len(COLUMNS) == len(set(head))
    row = dict(zip(COLUMNS, rows[0], strict=True))
    assert (row["key"], row["issued"], row["waiting_median_s"]) == ("ktp-el", "4", "750")
    assert row["within_wait_pct"] == "100,0"
    assert sum(int(row[2]) for row in rows) == 5, "whoever sums a column counts everybody once"


async def test_csv_has_the_total_apart_and_the_readers_language(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    headers = await signed_in(app_db, mall)
    answer = await client.get(f"{PATH}.csv?total=true&lang=en", headers=headers)
    assert "2026-11-23-total.csv" in answer.headers["content-disposition"]
    head, total = list(csv.reader(io.StringIO(answer.text[1:]), delimiter=";"))
    assert head[1:4] == ["Name", "Numbers taken", "Served"]
    assert "Waiting: median (seconds)" in head
    assert total[:3] == ["", "Total", "5"]


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
