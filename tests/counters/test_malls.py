"""Malls as every request needs them: read together, kept while they are the same."""

import asyncio
from typing import Any, cast

import pytest
from factories import a_mall, mall_file

from mpp.counters.queries import mall_rows
from mpp.counters.readers import AT_ONCE, Malls
from mpp.db.seam import Database
from mpp.errors import NotFound


async def test_malls_read_together_are_those_read_alone(db: Database) -> None:
    slugs = ["satu", "dua", "tiga"]
    alone = [await a_mall(db, mall_file(slug=slug, name=f"MPP {slug}")) for slug in slugs]
    assert len({counter.id for mall in alone for counter in mall.counters}) == 9
    found = await db.read(mall_rows.malls_named, [*reversed(slugs), "empat"])
    assert found == alone, "in the order they were made, without what is not there"


async def test_all_malls_are_known_by_slug_and_by_id(db: Database) -> None:
    made = [await a_mall(db, mall_file(slug=f"mpp-{n:02}")) for n in range(AT_ONCE + 2)]
    malls = Malls(db)
    assert await malls.all() == made
    assert await malls.by_id(made[-1].id) == await malls.get(made[-1].slug) == made[-1]
    with pytest.raises(NotFound):
        await malls.by_id(1)


async def test_a_mall_that_is_the_same_is_not_read_again(db: Database) -> None:
    await a_mall(db, mall_file(slug="sama"))
    await a_mall(db, mall_file(slug="lain"))
    malls = Malls(db)
    same, other = await malls.all()
    await a_mall(db, mall_file(slug="lain", name="Nama baru"))
    malls.stale()
    assert await malls.get("sama") is same
    changed = await malls.by_id(other.id)
    assert (changed.name, changed.revision) == ("Nama baru", other.revision + 1)


async def test_a_mall_made_while_the_malls_are_being_read_is_known_at_the_next_use(
    db: Database,
) -> None:
    slow = _OnItsWay(db)
    malls = Malls(cast(Database, slow))
    reading = asyncio.create_task(malls.all())
    await slow.answered.wait()
    made = await a_mall(db, mall_file(slug="baru"))
    malls.stale()
    slow.arrive.set()
    await reading
    assert await malls.get("baru") == made


class _OnItsWay:
    """A database whose answers were read, and arrive when they are let go."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.answered, self.arrive = asyncio.Event(), asyncio.Event()

    async def read(self, *asked: Any) -> Any:
        answer = await self._db.read(*asked)
        self.answered.set()
        await self.arrive.wait()
        return answer
