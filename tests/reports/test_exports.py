"""Files to take away: they hold what the API says, and say when it is made up."""

import io
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from factories import TestClock, a_person
from litestar import Litestar
from pyarrow import parquet
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from mpp.counters.models import malls
from mpp.db.seam import Database
from mpp.documents.marks import MADE_UP_TEXT
from mpp.security import Role
from tests.documents.reading import words
from tests.metrics.morning import a_morning


@pytest.fixture
async def leader(app: Litestar, server: str, clock: TestClock) -> AsyncIterator[httpx.AsyncClient]:
    db: Database = app.state.db
    mall = await a_morning(db, clock)
    token = await a_person(db, mall, Role.MANAGER, "kepala")
    app.state.malls.stale()
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server, headers=headers) as client:
        yield client


async def test_a_spreadsheet_holds_the_same_figures(leader: httpx.AsyncClient) -> None:
    said = (await leader.get("/api/v1/malls/mpp-uji/metrics")).json()
    answer = await leader.get("/api/v1/malls/mpp-uji/metrics.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["Rincian", "Jumlah"]
    about, head, *rows = book.get_sheet_by_index(0).to_python()
    assert "mall: mpp-uji" in about
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["Kunci"] for row in table] == [row["key"] for row in said["rows"]]
    assert sum(row["Nomor diambil"] for row in table) == said["total"]["issued"], "counted once"
    _about, head, only = book.get_sheet_by_index(1).to_python()
    total = dict(zip(head, only, strict=True))
    assert total["Nomor diambil"] == said["total"]["issued"]
    median = said["total"]["waiting"]["median_s"]
    assert total["Lama tunggu: median (detik)"] == pytest.approx(median)


async def test_a_spreadsheet_speaks_the_readers_language(leader: httpx.AsyncClient) -> None:
    answer = await leader.get("/api/v1/malls/mpp-uji/metrics.xlsx?lang=en&by=weekday")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["Details", "Total"]
    _about, head, monday = book.get_sheet_by_index(0).to_python()
    assert head[:4] == ["Key", "Name", "Numbers taken", "Served"]
    assert monday[1] == "Monday"


async def test_parquet_holds_the_same_figures_with_their_types(leader: httpx.AsyncClient) -> None:
    said = (await leader.get("/api/v1/malls/mpp-uji/metrics?by=agency")).json()
    answer = await leader.get("/api/v1/malls/mpp-uji/metrics.parquet?by=agency")
    table = parquet.read_table(io.BytesIO(answer.content))
    rows = table.to_pylist()
    assert [row["key"] for row in rows] == [row["key"] for row in said["rows"]]
    assert sum(row["served"] for row in rows) == said["total"]["served"]
    total = json.loads(table.schema.metadata[b"total"])
    assert (total["served"], total["key"]) == (said["total"]["served"], None)
    assert str(table.schema.field("issued").type) == "int64"
    assert table.schema.metadata[b"mall"] == b"mpp-uji"
    assert b"synthetic" not in table.schema.metadata


async def test_the_months_report_tells_the_month(
    leader: httpx.AsyncClient, clock: TestClock
) -> None:
    said = (await leader.get("/api/v1/malls/mpp-uji/metrics")).json()
    answer = await leader.get(f"/overview/month.pdf?month={clock.now:%Y-%m}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    text = words(answer.content)
    assert "Laporan bulanan November 2026" in text
    assert f"{said['total']['issued']} nomor antrean diterbitkan" in text
    assert "Survei Kepuasan Masyarakat" in text
    assert MADE_UP_TEXT not in text


async def test_whatever_is_made_up_says_so(
    leader: httpx.AsyncClient, app: Litestar, clock: TestClock
) -> None:
    db: Database = app.state.db
    marked = {"is_synthetic": True, "revision": malls.c.revision + 1}
    await db.execute(lambda tx: tx.conn.execute(update(malls).values(marked)).rowcount)
    app.state.malls.stale()
    answer = await leader.get(f"/overview/month.pdf?month={clock.now:%Y-%m}")
    assert MADE_UP_TEXT in words(answer.content)
    answer = await leader.get("/api/v1/malls/mpp-uji/metrics.parquet")
    assert parquet.read_table(io.BytesIO(answer.content)).schema.metadata[b"synthetic"] == b"yes"


@pytest.mark.parametrize("month", ["2026", "2026-13", "2027-01", "x", "2026-1", "0000-01"])
async def test_a_month_that_cannot_be_is_refused(leader: httpx.AsyncClient, month: str) -> None:
    answer = await leader.get("/overview/month.pdf", params={"month": month})
    assert answer.status_code == 422
    assert answer.json()["field"] == "month"
