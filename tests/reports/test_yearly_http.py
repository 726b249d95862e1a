"""The year's report on the screen, in files, and for everybody."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from factories import TestClock, a_mall, mall_file
from litestar.testing import AsyncTestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from mpp.counters.models import agencies
from mpp.counters.rules.mall import Mall
from mpp.db.schema import metadata
from mpp.db.seam import Database, Transaction
from mpp.reports import queries as publication_rows
from mpp.security import COOKIE, Role
from tests.documents.reading import words
from tests.metrics.morning import signed_in
from tests.reports.year_world import a_history

Client = AsyncTestClient[Any]
PAGE = {"Accept": "text/html"}
ADDRESSES = [f"/overview/year{ending}" for ending in ("", ".pdf", ".xlsx", ".csv")]
PUBLIC = "/reports/mpp-uji"


@pytest.fixture
async def mall(client: Client, app_db: Database) -> Mall:
    return await a_history(app_db)


@pytest.fixture
async def leader(app_db: Database, mall: Mall) -> dict[str, str]:
    return PAGE | await signed_in(app_db, mall)


def rows(tx: Transaction) -> dict[str, int]:
    count = select(func.count())
    return {
        name: tx.conn.execute(count.select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
    }


# -- the page ------------------------------------------------------------------------------------


async def test_the_page_says_what_is_counted_and_beside_what(
    client: Client, leader: dict[str, str]
) -> None:
    page = (await client.get("/overview/year?year=2026", headers=leader)).text
    assert "326 dari 365 hari sudah lewat, sampai Minggu, 22 November 2026" in page
    assert "Rabu, 1 Januari 2025 sampai Sabtu, 22 November 2025" in page
    for told in ("Bulan puncak", "Maret", "Senin", "2 Maret", "2025, hari yang sama", "+9,1 %"):
        assert told in page, told
    assert re.search(r"Januari</th>\s*<td[^>]*>12</td>\s*<td[^>]*>11</td>", page)
    assert "Belum ada hasil survei yang diterbitkan" in page
    whole = (await client.get("/overview/year?year=2025", headers=leader)).text
    assert "Tahun 2025 sudah lengkap; dibandingkan dengan seluruh tahun 2024." in whole
    assert "Tahun 2024 tidak tercatat di sistem ini" in whole


async def test_years_lead_to_their_neighbours_but_not_ahead(
    client: Client, leader: dict[str, str]
) -> None:
    def neighbours(page: str) -> set[str]:
        return set(re.findall(r'href="/overview/year\?year=([0-9]+)"', page))

    assert neighbours((await client.get("/overview/year", headers=leader)).text) == {"2025"}
    page = (await client.get("/overview/year?year=2020", headers=leader)).text
    assert neighbours(page) == {"2019", "2021"}
    page = (await client.get("/overview/year?year=2000", headers=leader)).text
    assert neighbours(page) == {"2001"}


async def test_it_reads_in_english_too(client: Client, leader: dict[str, str]) -> None:
    page = (await client.get("/overview/year?lang=en", headers=leader)).text
    for told in ("Peak month", "Civil Registration", "Year on year", "same days", "Publish"):
        assert told in page, told
    assert "Nomor diambil" not in page


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_year_that_cannot_be_is_refused(
    client: Client, leader: dict[str, str], address: str
) -> None:
    for year in (
        "",
        "1999",
        "2101",
        "2027",
        "x",
        "20261",
        "２０２６",
        "\0",
        "9" * 5000,
        "-1",
        "💥",
    ):
        answer = await client.get(
            f"{address}?year={quote(year)}", headers=leader | {"Accept": "application/json"}
        )
        assert (answer.status_code, answer.json()["field"]) == (422, "year"), year


async def test_looking_changes_nothing(
    client: Client, app_db: Database, leader: dict[str, str]
) -> None:
    before = await app_db.read(rows)
    for address in (*ADDRESSES, PUBLIC):
        assert (await client.get(address, headers=leader)).status_code == 200
    assert await app_db.read(rows) == before


# -- files ---------------------------------------------------------------------------------------


def sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def test_the_workbook_holds_numbers(client: Client, leader: dict[str, str]) -> None:
    answer = await client.get("/overview/year.xlsx?year=2026", headers=leader)
    assert answer.headers["content-disposition"] == 'attachment; filename="mpp-uji-2026.xlsx"'
    found = sheets(answer.content)
    assert list(found) == ["Ringkasan", "Tahun ke tahun", "Bulan", "Instansi", "Layanan", "SKM",
                           "IPP", "Bulan dan instansi"]  # fmt: skip
    compared = {row[0]: row[1:4] for row in found["Tahun ke tahun"]}
    assert compared["Nomor diambil"] == [36, 22, 63.6]
    assert compared["Tunggu, median (menit)"][0] == pytest.approx(10, rel=0.01)
    assert [row[:4] for row in found["Bulan"][1:4]] == [
        ["Januari", 12, 11, 9.1],
        ["Februari", 0, 0, "–"],
        ["Maret", 20, 8, 150],
    ]
    assert [row[0:5] for row in found["Instansi"][1:]] == [
        [1, "dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", 30, 30],
        [2, "imigrasi", "Kantor Imigrasi", 6, 6],
    ]


async def test_months_and_agencies_are_a_row_each(client: Client, leader: dict[str, str]) -> None:
    text = (await client.get("/overview/year.csv?year=2026", headers=leader)).content.decode()
    assert text.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert [(row["month"], row["agency"], row["issued"]) for row in table] == [
        ("1", "dukcapil", "12"),
        ("3", "dukcapil", "14"),
        ("3", "imigrasi", "6"),
        ("11", "", "4"),
    ]
    assert table[1]["share_pct"] == "70,0"
    assert table[-1]["name"] == "Lainnya (digabung)"


async def test_no_name_is_taken_for_a_formula(
    client: Client, app_db: Database, leader: dict[str, str]
) -> None:
    evil = update(agencies).values(name="=1+1")
    await app_db.execute(lambda tx: tx.conn.execute(evil).rowcount)
    raw = (await client.get("/overview/year.xlsx?year=2026", headers=leader)).content
    assert "=1+1" in {row[2] for row in sheets(raw)["Instansi"]}
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        parts = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        assert [name for name in parts if b"<f>" in book.read(name)] == []
    text = (await client.get("/overview/year.csv?year=2026", headers=leader)).text
    assert ";'=1+1;" in text
    assert ";=1+1;" not in text


async def test_the_paper_tells_the_year(client: Client, leader: dict[str, str]) -> None:
    answer = await client.get("/overview/year.pdf?year=2026", headers=leader)
    assert answer.content.startswith(b"%PDF")
    text = words(answer.content)
    for told in ("Laporan tahunan 2026", "Bulan puncak Maret", "36 nomor antrean diterbitkan",
                 "Kantor Imigrasi", "hari-hari yang sama tahun lalu"):  # fmt: skip
        assert told in text, told


# -- publishing ----------------------------------------------------------------------------------


async def test_only_a_manager_publishes(client: Client, app_db: Database, mall: Mall) -> None:
    supervisor = PAGE | await signed_in(app_db, mall, Role.SUPERVISOR)
    page = (await client.get("/overview/year", headers=supervisor)).text
    assert "/overview/year/publish" not in page
    form = {"year": "2026", "after": "0"}
    refused = await client.post("/overview/year/publish", data=form, headers=supervisor)
    assert refused.status_code == 403
    assert await app_db.read(publication_rows.editions, mall.id) == []


async def test_a_form_from_elsewhere_publishes_nothing(
    client: Client, app_db: Database, mall: Mall
) -> None:
    from factories import a_person  # noqa: PLC0415 - only here

    client.cookies.set(COOKIE, await a_person(app_db, mall, Role.MANAGER, "kepala"))
    page = (await client.get("/overview/year?year=2026", headers=PAGE)).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', page.split("publish")[1]))
    without = {name: value for name, value in form.items() if name != "_csrf"}
    refused = await client.post("/overview/year/publish", data=without, headers=PAGE)
    assert refused.status_code == 403
    done = await client.post("/overview/year/publish", data=form, headers=PAGE)
    assert "Edisi 1" in done.text
    (only,) = await app_db.read(publication_rows.editions, mall.id)
    assert (only.year, only.issued_by) == (2026, "kepala")


async def publish(client: Client, leader: Mapping[str, str], after: int, year: int = 2026) -> Any:
    form = {"year": str(year), "after": str(after)}
    return await client.post("/overview/year/publish", data=form, headers=leader)


async def test_citizens_read_the_newest_edition_that_holds(
    client: Client, app_db: Database, mall: Mall, leader: dict[str, str]
) -> None:
    empty = await client.get(PUBLIC, headers=PAGE)
    assert (empty.status_code, "Belum ada laporan yang diterbitkan" in empty.text) == (200, True)
    assert (await publish(client, leader, 0, 2025)).status_code == 200
    assert (await publish(client, leader, 0)).status_code == 200
    again = await publish(client, leader, 0)
    assert (again.status_code, "Edisi lain sudah terbit" in again.text) == (409, True)
    assert (await publish(client, leader, 1)).status_code == 200
    page = (await client.get(PUBLIC, headers=PAGE)).text
    assert "Laporan tahunan 2026" in page
    assert re.search(r"Januari</th><td[^>]*>12</td>", page)
    second, first, old = await app_db.read(publication_rows.editions, mall.id)
    assert f'edition={second.id}" aria-current="page"' in page
    assert second.issued_by == "manager"
    assert "manager" not in page, "citizens read what was published, not who pressed the button"
    where = f"/overview/year/editions/{second.id}/withdraw"
    done = await client.post(where, data={"reason": "Salah bulan"}, headers=leader)
    assert "Salah bulan" in done.text
    page = (await client.get(PUBLIC, headers=PAGE)).text
    assert f'edition={first.id}" aria-current="page"' in page
    assert "ditarik" in page
    gone = (await client.get(f"{PUBLIC}?edition={second.id}", headers=PAGE)).text
    assert "Alasan: Salah bulan" in gone
    assert "Bulan puncak" not in gone
    last_year = (await client.get(f"{PUBLIC}?edition={old.id}", headers=PAGE)).text
    assert "Laporan tahunan 2025" in last_year


async def test_what_is_no_edition_is_not_found(
    client: Client, app_db: Database, mall: Mall, leader: dict[str, str]
) -> None:
    await publish(client, leader, 0)
    other = await a_mall(app_db, mall_file(slug="mpp-lain"))
    (mine,) = [each.id for each in await app_db.read(publication_rows.editions, mall.id)]
    json = {"Accept": "application/json"}
    for text in ("x", "0", "-1", "9" * 400, "\0", "1.5", "٣", "<script>", "' OR 1=1 --"):
        answer = await client.get(f"{PUBLIC}?edition={quote(text)}", headers=json)
        assert (answer.status_code, answer.json()["field"]) == (404, "edition"), text
        where = f"/overview/year/editions/{quote(text, safe='')}/withdraw"
        answer = await client.post(where, data={"reason": "x"}, headers=leader | json)
        assert answer.status_code == 404, text
    assert (await client.get("/reports/tidak-ada", headers=json)).status_code == 404
    theirs = f"/reports/{other.slug}"
    assert (await client.get(theirs, headers=json)).status_code == 200
    assert (await client.get(f"{theirs}?edition={mine}", headers=json)).status_code == 404


async def test_nothing_typed_does_harm(
    client: Client, app_db: Database, mall: Mall, leader: dict[str, str]
) -> None:
    await publish(client, leader, 0)
    (only,) = await app_db.read(publication_rows.editions, mall.id)
    before = await app_db.read(rows)
    hostile = ["", "\0", "\x1b[2J", "\u202e", "x" * 5000, "-1", "9" * 400, "2026'--"]
    where = f"/overview/year/editions/{only.id}/withdraw"
    for text, name in product(hostile, ("year", "after")):
        form = {"year": "2026", "after": "1"} | {name: text}
        answer = await client.post("/overview/year/publish", data=form, headers=leader)
        assert 400 <= answer.status_code < 500, (name, text)
    for text in hostile[:5]:
        answer = await client.post(where, data={"reason": text}, headers=leader)
        assert 400 <= answer.status_code < 500, text
    assert await app_db.read(rows) == before
    await client.post(where, data={"reason": "<script>alert(1)</script>"}, headers=leader)
    for address in (f"{PUBLIC}?edition={only.id}", "/overview/year?year=2026"):
        assert "<script>alert" not in (await client.get(address, headers=leader)).text


async def test_what_was_made_up_when_published_says_so_for_ever(
    client: Client, app_db: Database, mall: Mall, leader: dict[str, str], clock: TestClock
) -> None:
    await publish(client, leader, 0)
    (only,) = await app_db.read(publication_rows.editions, mall.id)
    table = metadata.tables["year_publications"]
    told = await app_db.read(
        lambda tx: tx.conn.execute(select(table.c.figures).where(table.c.id == only.id)).scalar()
    )
    assert told is not None
    made_up = update(table).values(figures=told | {"is_synthetic": True})
    await app_db.execute(lambda tx: tx.conn.execute(made_up).rowcount)
    page = (await client.get(PUBLIC, headers=PAGE)).text
    assert "Data simulasi, bukan data nyata" in page
