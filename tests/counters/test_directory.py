"""Many malls: a list to search, a page at a time, and each mall its own page."""

import pytest
from factories import a_mall, mall_file
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import AsyncTestClient
from screens import Person, text_of

from mpp.counters.readers import Malls
from mpp.counters.rules.directory import A_PAGE, look_up
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database


@pytest.fixture
async def malls(app_db: Database, client: AsyncTestClient[Litestar]) -> list[Mall]:
    for n in range(A_PAGE + 2):
        await a_mall(app_db, mall_file(slug=f"mpp-{n:02}", name=f"MPP Kota {n:02}"))
    await a_mall(app_db, mall_file(slug="mpp-kupang", name="Mal Pelayanan Publik Kupang"))
    client.app.state.malls.stale()
    known: Malls = client.app.state.malls
    return await known.all()


async def test_many_malls_are_a_list_that_is_searched(
    malls: list[Mall], client: AsyncTestClient[Litestar]
) -> None:
    person = Person(client)
    page = await person.get("/")
    said = text_of(page.text)
    assert "27 mal · halaman 1 dari 2" in said
    assert page.text.count('href="/?mall=') == A_PAGE
    assert page.text.count("/kiosk") == 0  # what one mall offers is not said 27 times
    second = text_of((await person.get("/?page=2")).text)
    assert "halaman 2 dari 2" in second
    assert "Kota 25" in second
    found = await person.get("/?q=PELAYANAN%20kupang")
    assert found.text.count('href="/?mall=') == 1
    assert "Mal Pelayanan Publik Kupang Sekarang buka" in text_of(found.text)
    assert "Tidak ada mal bernama itu" in text_of((await person.get("/?q=paris")).text)
    whole = await person.get("/?mall=mpp-kupang")
    assert "/display?mall=mpp-kupang&amp;zone=a" in whole.text
    assert (await person.get("/?mall=mpp-paris")).status_code == 404


async def test_a_nations_front_page_is_light(
    malls: list[Mall], client: AsyncTestClient[Litestar]
) -> None:
    assert len((await Person(client).get("/")).content) < 64 * 1024


@pytest.mark.parametrize("number", ["0", "99999", "-1", "dua", "1e3", "٣"])
async def test_a_page_that_cannot_be_is_the_nearest(
    number: str, malls: list[Mall], client: AsyncTestClient[Litestar]
) -> None:
    page = await Person(client).get(f"/?page={number}")
    assert page.status_code == 200
    assert "dari 2" in text_of(page.text)


async def test_every_mall_is_on_one_page_of_the_list(malls: list[Mall]) -> None:
    pages = look_up(malls, "", 1).pages
    listed = [mall for n in range(1, pages + 1) for mall in look_up(malls, "", n).malls]
    assert sorted(each.slug for each in listed) == sorted(each.slug for each in malls)
    assert [each.name for each in listed] == sorted((each.name for each in malls), key=str.casefold)


@given(st.text(max_size=80), st.integers(-5, 5000))
def test_whatever_is_typed_finds_malls_or_none(wanted: str, number: int) -> None:
    found = look_up([], wanted, number)
    assert (found.found, found.number, found.pages) == (0, 1, 1)
