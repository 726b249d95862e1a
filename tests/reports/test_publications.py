"""What was published for citizens stays what it was; who published it and when is kept."""

import asyncio
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from factories import MONDAY, NINE, a_mall, mall_file
from sqlalchemy import func, select

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict, Invalid, NotFound
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.reports import commands as publications
from mpp.reports import queries as publication_rows
from mpp.reports.models import year_publications, year_withdrawals
from mpp.reports.readers.yearly import yearly
from mpp.reports.rules.yearly import Year
from mpp.reports.rules.years import span_of_year
from tests.reports.year_world import a_history


async def told_of(db: Database, mall: Mall, year: int = 2026) -> Year:
    return await yearly(db, mall, span_of_year(year, MONDAY), Present(NINE, Days()))


async def publish(db: Database, mall: Mall, after: int, year: int = 2026) -> int:
    told = await told_of(db, mall, year)
    return await db.execute(publications.publish, mall, told, after=after, by="kepala", now=NINE)


async def withdraw(db: Database, mall: Mall, publication_id: int, reason: str = "Salah") -> int:
    return await db.execute(
        publications.withdraw,
        mall.id,
        publication_id,
        reason=reason,
        by="pengganti",
        now=NINE + timedelta(days=1),
    )


def stored(tx: Transaction) -> dict[int, Any]:
    """Every row as the database holds it."""
    return {row.id: tuple(row) for row in tx.conn.execute(select(year_publications))}


def counts(tx: Transaction) -> tuple[int, int]:
    found = [
        tx.conn.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (year_publications, year_withdrawals)
    ]
    return found[0], found[1]


async def test_what_was_published_never_changes(db: Database) -> None:
    mall = await a_history(db)
    first = await publish(db, mall, after=0)
    before = await db.read(stored)
    told = await db.read(publication_rows.figures, mall.id, first)
    assert told.now.issued == 36
    await a_history(db, {date(2026, 6, 1): {"kk": 20}}, mall)
    second = await publish(db, mall, after=1)
    await withdraw(db, mall, first)
    after = await db.read(stored)
    assert after[first] == before[first]
    assert await db.read(publication_rows.figures, mall.id, first) == told
    assert (await db.read(publication_rows.figures, mall.id, second)).now.issued == 56


async def test_editions_are_numbered_by_year_and_say_who_and_when(db: Database) -> None:
    mall = await a_history(db)
    for after in (0, 1):
        await publish(db, mall, after)
    await publish(db, mall, 0, year=2025)
    found = await db.read(publication_rows.editions, mall.id)
    assert [(each.year, each.edition) for each in found] == [(2026, 2), (2026, 1), (2025, 1)]
    assert {(each.issued_by, each.issued_at, each.definitions) for each in found} == {
        ("kepala", NINE, "v2")
    }
    (only,) = await db.read(publication_rows.editions, mall.id, 2025)
    assert only.edition == 1


async def test_pressing_twice_makes_one_edition(db: Database) -> None:
    mall = await a_history(db)
    told = await told_of(db, mall)
    both = await asyncio.gather(
        *(
            db.execute(publications.publish, mall, told, after=0, by=who, now=NINE)
            for who in ("satu", "dua")
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "int"]
    assert await db.read(counts) == (1, 0)


async def test_a_year_without_figures_is_not_published(db: Database) -> None:
    mall = await a_history(db)
    with pytest.raises(Conflict):
        await publish(db, mall, 0, year=2023)
    assert await db.read(counts) == (0, 0)


async def test_a_withdrawn_edition_stays_with_its_reason(db: Database) -> None:
    mall = await a_history(db)
    first = await publish(db, mall, 0)
    assert await withdraw(db, mall, first, "  Bulan Maret salah ") == 2026
    found = await db.read(publication_rows.edition, mall.id, first)
    assert (found.reason, found.withdrawn_by) == ("Bulan Maret salah", "pengganti")
    assert found.withdrawn_at == NINE + timedelta(days=1)
    with pytest.raises(Conflict):
        await withdraw(db, mall, first)
    again = await publish(db, mall, 1)
    assert (await db.read(publication_rows.edition, mall.id, again)).edition == 2


async def test_a_withdrawal_needs_a_reason(db: Database) -> None:
    mall = await a_history(db)
    first = await publish(db, mall, 0)
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(Invalid):
            await withdraw(db, mall, first, reason)
    assert await db.read(counts) == (1, 0)


async def test_another_malls_edition_is_out_of_reach(db: Database) -> None:
    mall = await a_history(db)
    other = await a_mall(db, mall_file(slug="mpp-lain"))
    first = await publish(db, mall, 0)
    with pytest.raises(NotFound):
        await withdraw(db, other, first)
    with pytest.raises(NotFound):
        await db.read(publication_rows.figures, other.id, first)
    assert await db.read(publication_rows.editions, other.id) == []


KEPT = """
{"form": 1, "definitions": "v2", "is_synthetic": false, "year": 2026, "first": "2026-01-01",
 "last": "2026-11-22", "before_first": "2025-01-01", "before_last": "2025-11-22", "is_over": false,
 "days_in_year": 365, "since": "2026-01-05", "before_since": null,
 "months": [{"month": 1, "issued": 12, "before": 11, "before_same": 11, "is_partial": false}],
 "peaks": {"month": 3, "month_issued": 20, "weekday": 1, "weekday_mean": 10.7, "day": "2026-03-02",
           "day_issued": 18, "hour": 9, "hour_issued": 13},
 "now": {"days": 4, "issued": 36, "served": 36, "left": 0, "no_show": 0, "waiting_median_s": 600.0,
         "waiting_p90_s": 600.0, "service_median_s": 300.0, "service_p90_s": 300.0,
         "within_wait": 1.0, "within_service": null},
 "before": {"days": 0, "issued": 0, "served": 0, "left": 0, "no_show": 0, "waiting_median_s": null,
            "waiting_p90_s": null, "service_median_s": null, "service_p90_s": null,
            "within_wait": null, "within_service": null},
 "agencies": {"rows": [{"key": "dukcapil", "name": "Dukcapil", "name_en": null, "rank": 1,
                        "issued": 30, "served": 30, "share": 0.8333, "waiting_median_s": 600.0,
                        "within_wait": 1.0, "within_service": 1.0, "issued_before": null,
                        "rank_before": null}],
              "rest": {"units": 1, "issued": 6, "served": 6, "share": 0.1667}},
 "services": {"rows": [], "rest": null},
 "surveys": [{"first": "2026-01-01", "last": "2026-03-31", "n": 40, "ikm": 82.85, "grade": "B",
              "performance": "Baik", "low": 80.97, "high": 84.65, "others": []}],
 "evaluations": [{"unit": "Mal", "ipp": 4.31, "letter": "A-", "predicate": "Sangat baik",
                  "is_estimate": true}]}
"""
"""As the first release kept it."""


def test_what_the_first_release_published_can_be_read_for_ever() -> None:
    kept = msgspec.json.decode(KEPT)
    found = msgspec.convert(kept, Year)
    assert (found.form, found.now.issued, found.peaks and found.peaks.month) == (1, 36, 3)
    assert msgspec.to_builtins(found).keys() == kept.keys()
