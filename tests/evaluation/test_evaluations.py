"""Evaluations on both databases: what is stored comes back, what is wrong is refused by its field."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from factories import NINE, a_mall, mall_file

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, Invalid, NotFound
from mpp.evaluation.commands import evaluations as commands
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.commands.score_imports import clear_users
from mpp.evaluation.queries import evaluation_rows
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.score import WithoutUsers
from mpp.evaluation.rules.standing import Judged

START = Start(year=2026, unit="MPP Uji", instrument="pekppp-2023", variant="A")


async def begun(db: Database, mall: Mall, start: Start = START) -> int:
    return await db.execute(commands.create_evaluation, mall.id, start, now=NINE)


async def read(db: Database, mall: Mall, evaluation_id: int) -> Evaluation:
    return await db.read(evaluation_rows.evaluation, mall.id, evaluation_id)


async def test_an_evaluation_begins_empty(db: Database) -> None:
    mall = await a_mall(db)
    found = await read(db, mall, await begun(db, mall))
    assert (found.year, found.unit, found.variant.name) == (2026, "MPP Uji", "Luring")
    assert (found.judged, found.users, found.without_users) == ({}, [], WithoutUsers.ZERO)
    assert (str(found.score.ipp), found.is_judged) == ("0.00", False)


async def test_the_evaluators_level_counts_before_the_units_own(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    judged = Judged(own=5, level=2, evidence="Laporan\r\nSKM", note="belum lengkap", effort=3)
    await db.execute(commands.judge, mall.id, evaluation_id, 6, Judged(own=5))
    own = (await read(db, mall, evaluation_id)).score
    await db.execute(commands.judge, mall.id, evaluation_id, 6, judged)
    found = await read(db, mall, evaluation_id)
    # 0.24 × 0.17 = 0.0408 a level
    assert (float(own.f02), float(found.score.f02)) == (0.204, 0.0816)
    assert found.judged[6] == Judged(
        own=5, level=2, evidence="Laporan\nSKM", note="belum lengkap", effort=3
    )
    await db.execute(commands.judge, mall.id, evaluation_id, 6, Judged())
    assert (await read(db, mall, evaluation_id)).judged == {6: Judged()}


async def test_it_is_judged_when_the_evaluator_has_given_every_level(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    for number in range(1, 31):
        assert not (await read(db, mall, evaluation_id)).is_judged
        await db.execute(commands.judge, mall.id, evaluation_id, number, Judged(level=4))
    await db.execute(commands.add_users, mall.id, evaluation_id, [[4] * 14])
    found = await read(db, mall, evaluation_id)
    assert (found.is_judged, str(found.score.ipp), found.score.missing) == (True, "4.00", ())


async def test_a_derived_level_is_taken_over_and_leaves_the_evaluators_alone(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    kept = Judged(own=1, level=2, note="catatan", effort=4)
    await db.execute(commands.judge, mall.id, evaluation_id, 31, kept)
    await db.execute(commands.take_over, mall.id, evaluation_id, 31, 5, "5 dari 6 fasilitas")
    found = (await read(db, mall, evaluation_id)).judged[31]
    assert found == Judged(own=5, level=2, note="catatan", effort=4, evidence="5 dari 6 fasilitas")
    await db.execute(commands.take_over, mall.id, evaluation_id, 21, 4, "")
    assert (await read(db, mall, evaluation_id)).judged[21] == Judged(own=4)


async def test_users_answers_come_back_in_order_and_can_be_cleared(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    rows: list[list[int | None]] = [[5] * 13 + [None], [0] * 14, [3] * 14]
    assert await db.execute(commands.add_users, mall.id, evaluation_id, rows) == 3
    assert (await read(db, mall, evaluation_id)).users == rows
    assert await db.execute(clear_users, mall.id, evaluation_id, by="x", now=NINE) == 3
    assert (await read(db, mall, evaluation_id)).users == []


async def test_one_wrong_row_and_no_row_is_stored(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    tables: list[list[list[int | None]]] = [[[3] * 14, [3] * 13], [[3] * 14, [None] * 14], []]
    for rows in tables:
        with pytest.raises(Invalid):
            await db.execute(commands.add_users, mall.id, evaluation_id, rows)
    assert (await read(db, mall, evaluation_id)).users == []


async def test_recommendations_and_what_came_of_them(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    first = await db.execute(commands.recommend, mall.id, evaluation_id, "Umumkan hasil SKM", 7)
    await db.execute(commands.recommend, mall.id, evaluation_id, " Rapikan alur ")
    done = date(2026, 12, 1)
    await db.execute(commands.follow_up, mall.id, first, "Dipasang di kios", done)
    found = await db.read(evaluation_rows.recommendations_of, mall.id, evaluation_id)
    assert [(r.indicator, r.text, r.followed_up, r.followed_up_on) for r in found] == [
        (7, "Umumkan hasil SKM", "Dipasang di kios", done),
        (None, "Rapikan alur", None, None),
    ]


WRONG_STARTS: list[tuple[dict[str, Any], str]] = [
    ({"year": 1999}, "year"),
    ({"year": 2101}, "year"),
    ({"unit": "  "}, "unit"),
    ({"unit": "x" * 121}, "unit"),
    ({"unit": "a\u202eb"}, "unit"),
    ({"instrument": "kuning"}, "instrument"),
    ({"variant": "C"}, "variant"),
]


@pytest.mark.parametrize(("change", "field"), WRONG_STARTS)
async def test_a_start_that_cannot_be_is_refused(
    db: Database, change: dict[str, Any], field: str
) -> None:
    mall = await a_mall(db)
    wanted = {name: getattr(START, name) for name in START.__struct_fields__} | change
    with pytest.raises(Invalid) as refused:
        await begun(db, mall, Start(**wanted))
    assert refused.value.facts == {"field": field}


async def test_a_unit_has_one_evaluation_a_year(db: Database) -> None:
    mall = await a_mall(db)
    await begun(db, mall)
    with pytest.raises(Conflict) as refused:
        await begun(db, mall, Start(2026, " MPP Uji ", "pekppp-2023", "B"))
    assert refused.value.facts == {"field": "unit"}
    await begun(db, mall, Start(2025, "MPP Uji", "pekppp-2023", "A"))
    await begun(db, mall, Start(2026, "Dukcapil", "pekppp-2023", "A"))
    found = await db.read(evaluation_rows.evaluations_of, mall.id)
    assert [(each.year, each.unit) for each in found] == [
        (2026, "Dukcapil"),
        (2026, "MPP Uji"),
        (2025, "MPP Uji"),
    ]


@pytest.mark.parametrize(
    ("indicator", "judged", "field"),
    [
        (32, Judged(), "f02.32"),
        (6, Judged(own=6), "own"),
        (6, Judged(level=-1), "level"),
        (6, Judged(effort=0), "effort"),
        (6, Judged(effort=6), "effort"),
        (6, Judged(evidence="x" * 4001), "evidence"),
        (6, Judged(note="a\x00b"), "note"),
    ],
)
async def test_a_judgement_that_cannot_be_is_refused(
    db: Database, indicator: int, judged: Judged, field: str
) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    with pytest.raises(Invalid) as refused:
        await db.execute(commands.judge, mall.id, evaluation_id, indicator, judged)
    assert refused.value.facts == {"field": field}
    assert (await read(db, mall, evaluation_id)).judged == {}


async def test_advice_that_cannot_be_is_refused(db: Database) -> None:
    mall = await a_mall(db)
    evaluation_id = await begun(db, mall)
    with pytest.raises(Invalid, match="belum ditulis"):
        await db.execute(commands.recommend, mall.id, evaluation_id, " ")
    with pytest.raises(Invalid, match="Indikator 40"):
        await db.execute(commands.recommend, mall.id, evaluation_id, "x", 40)
    advice = await db.execute(commands.recommend, mall.id, evaluation_id, "x")
    with pytest.raises(Invalid, match="sudah dilakukan"):
        await db.execute(commands.follow_up, mall.id, advice, "", date(2026, 1, 1))


async def test_another_malls_evaluation_cannot_be_reached(db: Database) -> None:
    mall = await a_mall(db)
    other = await a_mall(db, mall_file(slug="mpp-lain", name="MPP Lain"))
    evaluation_id = await begun(db, mall)
    advice = await db.execute(commands.recommend, mall.id, evaluation_id, "x")
    attempts = [
        (commands.judge, (evaluation_id, 6, Judged())),
        (commands.take_over, (evaluation_id, 6, 1, "")),
        (commands.add_users, (evaluation_id, [[1] * 14])),
        (partial(clear_users, by="x", now=NINE), (evaluation_id,)),
        (commands.recommend, (evaluation_id, "x")),
        (commands.follow_up, (advice, "x", None)),
    ]
    for command, args in attempts:
        with pytest.raises(NotFound):
            await db.execute(command, other.id, *args)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await read(db, other, evaluation_id)
    of_each = [await db.read(evaluation_rows.evaluations_of, each.id) for each in (mall, other)]
    assert [[each.id for each in found] for found in of_each] == [[evaluation_id], []]
