"""The board over HTTP, and the page on the wall."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from factories import TestClock, a_desk, a_device, a_mall, a_ticket, mall_file
from litestar import Litestar
from litestar.testing import AsyncTestClient

from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.security import Role

BOARD = "/api/v1/malls/mpp-uji/board"
PAGE = {"Accept": "text/html"}


async def opened(app: Litestar, file: MallFile | None = None) -> Mall:
    """A mall that the application knows of at once."""
    mall: Mall = await a_mall(app.state.db, file)
    app.state.malls.stale()
    return mall


async def test_anybody_may_read_the_board(
    client: AsyncTestClient[Any], app: Litestar, clock: TestClock
) -> None:
    mall = await opened(app)
    desk = await a_desk(app.state.db, mall, "1", clock)
    await a_ticket(app.state.db, mall)
    await desk.call()
    answer = await client.get(BOARD, params={"zone": "a"})
    assert answer.status_code == 200
    assert [(call["label"], call["counter"]) for call in answer.json()["called"]] == [
        ("A-001", desk.counter_id)
    ]
    later = await client.get(BOARD)
    assert later.json()["zone"] is None
    assert later.json()["version"] == answer.json()["version"]


@pytest.mark.parametrize("zone", ["z", "A", "a'--", "\x00", "ä" * 500, " "])
async def test_a_zone_that_is_not_there_is_named(
    client: AsyncTestClient[Any], app: Litestar, zone: str
) -> None:
    await opened(app)
    answer = await client.get(BOARD, params={"zone": zone})
    assert (answer.status_code, answer.json()["field"]) == (404, "zone")
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_mall_that_is_not_there_is_named(client: AsyncTestClient[Any]) -> None:
    answer = await client.get("/api/v1/malls/nowhere/board")
    assert (answer.status_code, answer.json()["field"]) == (404, "mall")


async def test_an_empty_zone_is_no_zone(client: AsyncTestClient[Any], app: Litestar) -> None:
    await opened(app)
    assert (await client.get(BOARD, params={"zone": ""})).json()["zone"] is None


async def test_two_zones_at_once_are_refused_without_a_fault(
    client: AsyncTestClient[Any], app: Litestar
) -> None:
    await opened(app)
    assert (await client.get(BOARD + "?zone=a&zone=b")).status_code < 500


async def test_the_page_stands_there_before_any_script_runs(
    client: AsyncTestClient[Any], app: Litestar, clock: TestClock
) -> None:
    mall = await opened(app)
    desk = await a_desk(app.state.db, mall, "1", clock)
    for _ in range(2):
        await a_ticket(app.state.db, mall)
    await desk.call()
    page = await client.get("/display?zone=a")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    text = page.text
    for words in ("Zona A", "A-001", "A-002", "09.00", "Senin, 23 November 2026", "Selamat datang"):
        assert words in text
    assert "Please proceed to" in text  # the other language stands beside it
    assert text.index("Silakan menuju") < text.index("Please proceed to")
    english = (await client.get("/display?zone=a&lang=en")).text
    assert english.index("Please proceed to") < english.index("Silakan menuju")


async def test_a_signed_in_display_shows_its_own_zone_unless_told_otherwise(
    client: AsyncTestClient[Any], app: Litestar
) -> None:
    mall = await opened(app)
    await opened(app, mall_file(slug="mpp-lain", name="Mal Lain"))
    token = await a_device(app.state.db, mall, Role.DISPLAY, zone="b")
    signed = await client.post("/sign-in", data={"token": token}, follow_redirects=False)
    assert (signed.status_code, signed.headers["location"]) == (303, "/display")
    assert "/live/malls/mpp-uji/board?zone=b" in (await client.get("/display")).text
    assert "/live/malls/mpp-uji/board?zone=a" in (await client.get("/display?zone=a")).text
    assert "/live/malls/mpp-lain/board" in (await client.get("/display?mall=mpp-lain")).text


async def test_the_public_chooses_where_there_are_several_malls(
    client: AsyncTestClient[Any], app: Litestar
) -> None:
    nothing = await client.get("/display", headers=PAGE)
    assert nothing.status_code == 404
    await opened(app)
    await opened(app, mall_file(slug="mpp-lain", name="Mal Lain"))
    page = await client.get("/display")
    assert page.status_code == 200
    assert "/display?mall=mpp-uji&amp;zone=a" in page.text
    assert "/display?mall=mpp-lain" in page.text


async def test_a_wrong_zone_is_explained_on_a_page(
    client: AsyncTestClient[Any], app: Litestar
) -> None:
    await opened(app)
    page = await client.get("/display?zone=z", headers=PAGE)
    assert page.status_code == 404
    assert "Zona itu tidak ada di mal ini." in page.text


async def test_without_an_answer_from_the_database_the_page_says_so_and_never_no_calls(
    client: AsyncTestClient[Any], app: Litestar, tmp_path: Path
) -> None:
    await opened(app)
    await client.get("/display")  # the mall itself is known
    break_it(tmp_path)
    page = await client.get("/display?zone=a")
    assert page.status_code == 200
    assert re.search(r'data-now\s+data-state="unknown"', page.text)
    assert (await client.get(BOARD)).status_code == 503


async def test_a_page_that_cannot_be_made_comes_back_by_itself(
    client: AsyncTestClient[Any], app: Litestar, tmp_path: Path
) -> None:
    break_it(tmp_path, "malls")
    app.state.malls.stale()
    page = await client.get("/display?zone=a", headers=PAGE)
    assert (page.status_code, page.headers["refresh"]) == (503, "5")


def break_it(folder: Path, table: str = "tickets") -> None:
    """The database file is damaged: a table that every board needs is gone."""
    with sqlite3.connect(folder / "mpp.sqlite3") as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO lost")
