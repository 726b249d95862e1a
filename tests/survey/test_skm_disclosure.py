"""An agency's page beside the mall's and the other agencies': nobody is found by subtracting pages."""

import pytest
from factories import MONDAY, a_mall
from sqlalchemy import insert

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.rules.periods import Period
from mpp.survey.models import survey_answers
from mpp.survey.readers.results import result
from mpp.survey.rules.result import Result

TODAY = Period(MONDAY, MONDAY)
People = list[tuple[str, str, int]]
"""Gender, channel and how many."""


def answered(tx: Transaction, mall: Mall, service: str, people: People) -> int:
    rows = [
        {
            "mall_id": mall.id,
            "token_hash": f"{service}-{gender}-{channel}-{n}",
            "service_id": mall.service(service).id,
            "day": MONDAY,
            "channel": channel,
            "gender": gender,
            **{f"u{unsur}": 3 for unsur in range(1, 10)},
        }
        for gender, channel, many in people
        for n in range(many)
    ]
    return tx.conn.execute(insert(survey_answers), rows).rowcount


def women_and_men(found: Result) -> list[int | None]:
    return [cell.count for cell in found.profile["gender"] if cell.code in {"female", "male"}]


@pytest.fixture
async def mall(db: Database) -> Mall:
    """One man at the small agency, who answered by tablet."""
    made: Mall = await a_mall(db)
    await db.execute(answered, made, "ktp-el", [("female", "phone", 30), ("male", "tablet", 10)])
    await db.execute(answered, made, "paspor", [("female", "phone", 19), ("male", "tablet", 1)])
    return made


async def test_a_class_of_one_is_not_what_two_pages_leave_over(db: Database, mall: Mall) -> None:
    whole = await result(db, mall, TODAY)
    assert women_and_men(whole) == [49, 11], "told of the mall"
    for agency in mall.agencies:
        page = await result(db, mall, TODAY, agency.id)
        assert page.figures.n in {40, 20}
        assert women_and_men(page) == [None, None], "11 less 10 is one man"


async def test_a_channel_of_one_is_not_either(db: Database, mall: Mall) -> None:
    whole = await result(db, mall, TODAY)
    assert {each.key: each.n for each in whole.channels} == {"phone": 49, "tablet": 11}
    for agency in mall.agencies:
        page = await result(db, mall, TODAY, agency.id)
        assert {each.n for each in page.channels} == {None}
        assert {each.ikm for each in page.channels} == {None}


async def test_agencies_without_small_classes_are_told(db: Database) -> None:
    mall = await a_mall(db)
    await db.execute(answered, mall, "ktp-el", [("female", "phone", 30), ("male", "phone", 10)])
    await db.execute(answered, mall, "paspor", [("female", "phone", 19), ("male", "phone", 7)])
    pages = [await result(db, mall, TODAY, each.id) for each in mall.agencies]
    assert sorted(women_and_men(page) for page in pages) == [[19, 7], [30, 10]]
