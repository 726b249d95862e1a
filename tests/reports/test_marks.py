"""Whatever leaves a mall whose past is made up says so: in its name, and inside."""

import io
import re
import zipfile
from collections.abc import AsyncIterator

import httpx
import pytest
from factories import TestClock, a_person
from litestar import Litestar
from pyarrow import parquet
from sqlalchemy import update

from mpp.counters.models import malls
from mpp.db.seam import Database
from mpp.documents.marks import MADE_UP_TEXT, file_name
from mpp.security import Role
from tests.metrics.morning import a_morning

API = "/api/v1/malls/mpp-uji"
ENVELOPES = ["/metrics", "/metrics/comparison", "/metrics/work"]
FILES = [
    f"{API}/metrics.csv",
    f"{API}/metrics.xlsx",
    f"{API}/metrics.parquet",
    "/overview/month.pdf?month=2026-11",
    "/overview/skm/book.xlsx",
    "/overview/year.csv?year=2026",
    "/overview/year.xlsx?year=2026",
    "/overview/year.pdf?year=2026",
]


@pytest.fixture
async def leader(app: Litestar, server: str, clock: TestClock) -> AsyncIterator[httpx.AsyncClient]:
    db: Database = app.state.db
    mall = await a_morning(db, clock)
    token = await a_person(db, mall, Role.MANAGER, "kepala")
    app.state.malls.stale()
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server, headers=headers, timeout=30) as client:
        yield client


async def make_up(app: Litestar) -> None:
    marked = {"is_synthetic": True, "revision": malls.c.revision + 1}
    await app.state.db.execute(lambda tx: tx.conn.execute(update(malls).values(marked)).rowcount)
    app.state.malls.stale()


def named(answer: httpx.Response) -> str:
    found = re.fullmatch(
        r'attachment; filename="([A-Za-z0-9._-]+)"', answer.headers["content-disposition"]
    )
    assert found is not None
    return found.group(1)


async def test_json_says_whether_it_is_made_up(leader: httpx.AsyncClient, app: Litestar) -> None:
    for end in ENVELOPES:
        assert (await leader.get(API + end)).json()["is_synthetic"] is False, end
    await make_up(app)
    for end in ENVELOPES:
        assert (await leader.get(API + end)).json()["is_synthetic"] is True, end


async def test_files_bear_it_in_their_names(leader: httpx.AsyncClient, app: Litestar) -> None:
    before = {path: named(await leader.get(path)) for path in FILES}
    assert not [name for name in before.values() if "simulasi" in name]
    await make_up(app)
    for path, name in before.items():
        stem, _, ending = name.rpartition(".")
        assert named(await leader.get(path)) == f"{stem}-simulasi.{ending}"


@pytest.mark.parametrize("path", [each for each in FILES if "xlsx" in each])
async def test_workbooks_bear_it_in_their_properties(
    leader: httpx.AsyncClient, app: Litestar, path: str
) -> None:
    async def properties() -> str:
        with zipfile.ZipFile(io.BytesIO((await leader.get(path)).content)) as book:
            return book.read("docProps/core.xml").decode()

    assert "simulasi" not in await properties()
    await make_up(app)
    assert f"<dc:description>{MADE_UP_TEXT}</dc:description>" in await properties()


async def test_parquet_bears_it_in_its_metadata(leader: httpx.AsyncClient, app: Litestar) -> None:
    await make_up(app)
    answer = await leader.get(f"{API}/metrics.parquet")
    assert parquet.read_table(io.BytesIO(answer.content)).schema.metadata[b"synthetic"] == b"yes"


def test_what_is_real_keeps_its_name() -> None:
    assert file_name("a", "csv", is_synthetic=False) == "a.csv"
