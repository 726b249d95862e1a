"""The page of definitions: what others lead to is there, in both languages, and says what the rules say."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from factories import a_mall
from litestar.testing import AsyncTestClient

from mpp.dashboard.pages.definitions import ANCHORS, SINCE
from mpp.db.seam import Database
from mpp.evaluation.rules.instrument import instrument_of
from mpp.metrics.rules.definitions import LATEST
from mpp.survey.rules.index import GRADES
from mpp.web.assets import HERE
from tests.metrics.morning import signed_in

Client = AsyncTestClient[Any]
TEMPLATES = sorted(HERE.glob("*/templates/*.html"))


async def page_of(client: Client, locale: str = "id") -> str:
    answer = await client.get(f"/overview/definitions?lang={locale}")
    assert answer.status_code == 200, answer.text
    return answer.text


def about_links() -> Iterator[str]:
    for path in TEMPLATES:
        yield from re.findall(r"defined\.about\(\"([^\"]+)\"", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("locale", ["id", "en"])
async def test_every_definition_stands_once_in_its_order(client: Client, locale: str) -> None:
    page = await page_of(client, locale)
    assert re.findall(r'<section class="definition" id="([^"]+)"', page) == ["versions", *ANCHORS]
    assert re.findall(r'<li><a href="#([^"]+)"', page) == [*ANCHORS]


def test_every_link_to_a_definition_leads_somewhere() -> None:
    links = set(about_links())
    assert links
    assert links <= set(ANCHORS)


async def test_versions_tell_since_when(client: Client) -> None:
    page = await page_of(client, "en")
    told = rf"The version now: {LATEST}, used since [^.]*\b{SINCE.day}\b[^.]*\b{SINCE.year}\."
    assert re.search(told, page)


async def test_bounds_are_those_of_the_rules(client: Client) -> None:
    page = await page_of(client)
    lowest = [each.lowest for each in GRADES]
    lowest += [each.lowest for each in instrument_of(2026).predicate]
    for bound in lowest:
        shown = str(bound).replace(".", ",")
        assert f'<td class="table__number">{shown}</td>' in page
    assert "paling jauh 1 % dari yang tepat" in page
    assert "kurang dari 5 nomor" in page


async def test_everybody_reads_it_and_leaders_with_their_menu(
    client: Client, app_db: Database
) -> None:
    assert "/overview/skm" not in await page_of(client)
    mall = await a_mall(app_db)
    seen = await client.get("/overview/definitions", headers=await signed_in(app_db, mall))
    assert mall.name in seen.text
    assert "/overview/skm" in seen.text
