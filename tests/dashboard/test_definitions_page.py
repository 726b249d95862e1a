"""The page of definitions: what others lead to is there, in both languages, and says what the rules say."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from factories import a_mall
from litestar.testing import AsyncTestClient

from mpp.dashboard.pages.definitions import ANCHORS, SINCE
from mpp.db.seam import Database
from mpp.evaluation.rules.instrument import instrument_of
from mpp.metrics.rules.definitions import Definitions
from mpp.survey.rules.index import GRADES
from mpp.web.assets import HERE
from mpp.web.pages import environment
from tests.metrics.morning import signed_in

Client = AsyncTestClient[Any]
TEMPLATES = sorted(HERE.glob("*/templates/*.html"))
MINE = (
    "defined.html",
    "dashboard/definition_parts.html",
    "dashboard/definitions.html",
    "metrics/charts.html",
    "metrics/distribution.html",
    "metrics/period.html",
    "metrics/period_parts.html",
)


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
    assert set(SINCE) == set(Definitions)
    for version, since in SINCE.items():
        assert f'<th scope="row">{version}</th>' in page
        assert f"{since.day}" in page


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


def texts(name: str) -> Iterator[str]:
    """What a template says in words of its own."""
    env = environment("id")
    assert env.loader is not None
    source, _, _ = env.loader.get_source(env, name)
    for _line, _function, said in env.extract_translations(source):  # type: ignore[attr-defined]
        if isinstance(said, str):
            yield said


def catalogue(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        yield from (str(each.id) for each in read_po(file, "en") if each.id and each.string)


@pytest.mark.parametrize("name", MINE)
def test_every_sentence_is_there_in_english(name: str) -> None:
    known = {said for path in (HERE / "locale/en").glob("*.po") for said in catalogue(path)}
    assert {said for said in texts(name) if said not in known} == set()


@pytest.mark.parametrize("name", ["definitions", "periods"])
def test_no_sentence_is_translated_twice(name: str) -> None:
    found = Counter(said for path in (HERE / "locale/en").glob("*.po") for said in catalogue(path))
    mine = set(catalogue(HERE / f"locale/en/{name}.po"))
    assert {said for said in mine if found[said] > 1} == set()
